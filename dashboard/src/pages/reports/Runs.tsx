import { DownloadOutlined, DownOutlined, UpOutlined } from '@ant-design/icons'
import type { ReportRun, ReportSchedule } from '@roomkeeper/shared/http'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { DeliveryMark, OutcomeMark } from './OutcomeMark.tsx'
import { useReportWords } from './use-report-words.ts'

const FIRST = 20
const MOST = 200
/** Needs somebody: opened without being asked. */
const TROUBLED: ReadonlySet<ReportRun['outcome']> = new Set(['retrying', 'partly', 'not-sent', 'failed', 'skipped'])

interface Props {
  /** Only of this one; undefined: of all. */
  schedule: ReportSchedule | undefined
  /** Named in the address a mail links to. */
  namedRun: number | null
  onAll: () => void
}

/** What was made and sent, newest first, each with its files and what the mail servers said. */
export function Runs({ schedule, namedRun, onAll }: Props) {
  const { t } = useTranslation('reports')
  const { t: common } = useTranslation()
  const reportWords = useReportWords()
  const [limit, setLimit] = useState(FIRST)
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set())
  const input = { limit, ...(schedule ? { scheduleId: schedule.id } : {}) }
  const query = useQuery({ ...queries.reports.runs.queryOptions({ input }), placeholderData: keepPreviousData })
  const isOpen = ({ id, outcome }: ReportRun): boolean => (TROUBLED.has(outcome) || id === namedRun) !== toggled.has(id)
  const toggle = (id: number): void =>
    setToggled((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const columns: Column<ReportRun>[] = [
    {
      key: 'report',
      title: t('runs.report'),
      className: 'no-label',
      render: (run) => (
        <div>
          <b className="wrap-any">{reportWords.name(run)}</b> <span className="nowrap">{run.period}</span>
        </div>
      ),
    },
    { key: 'outcome', title: t('runs.outcome'), render: ({ outcome }) => <OutcomeMark outcome={outcome} /> },
    { key: 'when', title: t('runs.when'), render: ({ madeAtMs, createdAtMs }) => <Time ms={madeAtMs ?? createdAtMs} /> },
    {
      key: 'cause',
      title: t('runs.cause'),
      render: ({ startedBy }) => (startedBy === null ? t('runs.due') : t('runs.now', { by: startedBy })),
    },
    { key: 'files', title: t('runs.files'), render: ({ files }) => <Files files={files} /> },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (run) => (
        <Button
          size="small"
          type="text"
          aria-expanded={isOpen(run)}
          aria-label={t('runs.details')}
          title={t('runs.details')}
          data-testid={`run-open-${run.id}`}
          icon={isOpen(run) ? <UpOutlined /> : <DownOutlined />}
          onClick={() => toggle(run.id)}
        />
      ),
    },
  ]
  return (
    <section className="panel" data-testid="report-runs">
      <div className="panel-head">
        <h2>{t('runs.title')}</h2>
        {schedule && (
          <Tag closable={{ 'aria-label': t('runs.all') }} onClose={onAll}>
            {t('runs.of', { name: reportWords.name(schedule) })}
          </Tag>
        )}
      </div>
      <QueryView query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty>{t(schedule ? 'runs.noneOfSchedule' : 'runs.none')}</Empty>
          ) : (
            <>
              <DataTable
                rows={runs}
                columns={columns}
                rowKey={({ id }) => id}
                rowTestId={({ id }) => `run-${id}`}
                caption={t('runs.title')}
                expanded={(run) => (isOpen(run) ? <RunDetails run={run} /> : undefined)}
              />
              {runs.length === limit && limit < MOST && (
                <div className="panel-body">
                  <Button onClick={() => setLimit(MOST)}>{common('common.more')}</Button>
                </div>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  )
}

function Files({ files }: Pick<ReportRun, 'files'>) {
  const { t } = useTranslation('reports')
  if (files.length === 0) return <span className="muted">—</span>
  return (
    <span className="report-files">
      {files.map(({ id, format, name, bytes, isKept }) =>
        isKept ? (
          <a
            key={id}
            href={`/api/report-files/${id}`}
            download={name}
            title={name}
            className="nowrap"
            data-testid={`report-file-${format}`}
          >
            <DownloadOutlined aria-hidden="true" /> {t(`format.${format}`)} <span className="muted">{sizeText(bytes)}</span>
          </a>
        ) : (
          <span key={id} className="muted" title={t('runs.dropped')}>
            {t(`format.${format}`)} · {t('runs.dropped')}
          </span>
        ),
      )}
    </span>
  )
}

function RunDetails({ run }: { run: ReportRun }) {
  const { t } = useTranslation('reports')
  const words = useWords()
  return (
    <div className="report-details">
      {run.reason && <p className="report-reason">{words.of(run.reason)}</p>}
      {run.deliveries.length > 0 && (
        <ul className="report-deliveries" aria-label={t('runs.to')}>
          {run.deliveries.map(({ name, address, state, answer, attempts }) => (
            <li key={`${name} ${address}`}>
              <DeliveryMark state={state} />
              <span className="wrap-any">
                <b>{name}</b> {address}
              </span>
              <span className="muted wrap-any">
                {/* A mail server's own words stand as they came. */}
                {state === 'none' ? words.half(answer) : answer}
                {attempts > 1 && ` · ${t('runs.attempts', { count: attempts })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {run.deliveries.some(({ noticeId }) => noticeId !== null) && <Link to="/notices">{t('runs.outbox')}</Link>}
      {run.files.map(({ id, name, sha256 }) => (
        <div key={id} className="muted report-hash">
          {name} · {t('runs.sha256')} <span className="mono wrap-any">{sha256}</span>
        </div>
      ))}
    </div>
  )
}

function sizeText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}
