import { QuestionCircleOutlined } from '@ant-design/icons'
import type { IncidentFigures } from '@roomkeeper/shared/http'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Popover, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useIncidentWords } from '../../features/incidents/incident-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Span } from '../../ui/Time.tsx'
import './incident-figures.css'

const PERIODS = ['30', '90', '365'] as const

/** How quickly alarms were acknowledged and faults mended: the figures in a strip, the tables behind a button. */
export function IncidentFiguresStrip() {
  const { t } = useTranslation('incidents')
  const [days, setDays] = useState<(typeof PERIODS)[number]>('90')
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({
    ...queries.incidents.statistics.queryOptions({ input: { days: Number(days) } }),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="panel incident-figures" aria-label={t('figures.title')} data-testid="incident-figures">
      <div className="incident-figures-head">
        <h2>
          {t('figures.title')}{' '}
          <Popover content={<div className="incident-figures-explain">{t('figures.explain')}</div>} trigger={['hover', 'focus', 'click']}>
            <button type="button" className="link-button" aria-label={t('figures.explainLabel')}>
              <QuestionCircleOutlined />
            </button>
          </Popover>
        </h2>
        <Segmented
          size="small"
          value={days}
          options={PERIODS.map((value) => ({ value, label: t(`figures.days.${value}`) }))}
          onChange={setDays}
        />
      </div>
      <QueryView query={query}>
        {({ all, byClass, byMonth }) => (
          <>
            <dl className="incident-figures-strip">
              <div>
                <dt>{t('figures.count')}</dt>
                <dd>
                  <b>{all.count}</b> {all.open > 0 && <span className="muted">{`${t('figures.open')} ${all.open}`}</span>}
                </dd>
              </div>
              <Figure label={t('figures.mtta')} meanMs={all.mttaMs} p90Ms={all.mttaP90Ms} />
              <Figure label={t('figures.mttr')} meanMs={all.mttrMs} p90Ms={all.mttrP90Ms} />
            </dl>
            {all.count > 0 && (
              <button
                type="button"
                className="link-button"
                aria-expanded={isOpen}
                data-testid="incident-figures-more"
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? '▾' : '▸'} {t('figures.more')}
              </button>
            )}
            {isOpen && <FigureTables byClass={byClass} byMonth={byMonth} />}
          </>
        )}
      </QueryView>
    </section>
  )
}

function Figure({ label, meanMs, p90Ms }: { label: string; meanMs: number | null; p90Ms: number | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <FigureValue meanMs={meanMs} p90Ms={p90Ms} />
      </dd>
    </div>
  )
}

function FigureValue({ meanMs, p90Ms }: { meanMs: number | null; p90Ms: number | null }) {
  const { t } = useTranslation('incidents')
  if (meanMs === null) return <>—</>
  const [before, after] = t('figures.p90', { span: '|' }).split('|')
  return (
    <>
      <b>
        <Span ms={meanMs} />
      </b>{' '}
      {p90Ms !== null && (
        <span className="muted">
          {before}
          <Span ms={p90Ms} />
          {after}
        </span>
      )}
    </>
  )
}

type Row = IncidentFigures & { name: string }

function FigureTables({
  byClass,
  byMonth,
}: {
  byClass: (IncidentFigures & { faultClass: string })[]
  byMonth: (IncidentFigures & { month: string })[]
}) {
  const { t } = useTranslation('incidents')
  const words = useIncidentWords()
  if (byClass.length === 0) return <Empty>{t('figures.none')}</Empty>
  return (
    <div className="incident-figures-tables">
      <FigureTable
        caption={t('figures.byClass')}
        head={t('figures.class')}
        rows={byClass.map((one) => ({ ...one, name: words.faultClass(one.faultClass) }))}
      />
      <FigureTable caption={t('figures.byMonth')} head={t('figures.month')} rows={byMonth.map((one) => ({ ...one, name: one.month }))} />
    </div>
  )
}

function FigureTable({ caption, head, rows }: { caption: string; head: string; rows: Row[] }) {
  const { t } = useTranslation('incidents')
  const columns: Column<Row>[] = [
    { key: 'name', title: head, render: ({ name }) => name },
    { key: 'count', title: t('figures.count'), render: ({ count }) => count },
    { key: 'mtta', title: 'MTTA', render: ({ mttaMs, mttaP90Ms }) => <FigureValue meanMs={mttaMs} p90Ms={mttaP90Ms} /> },
    { key: 'mttr', title: 'MTTR', render: ({ mttrMs, mttrP90Ms }) => <FigureValue meanMs={mttrMs} p90Ms={mttrP90Ms} /> },
  ]
  return <DataTable rows={rows} columns={columns} rowKey={({ name }) => name} caption={caption} />
}
