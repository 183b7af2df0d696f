import { CheckCircleOutlined } from '@ant-design/icons'
import type { PackClause, PackGap } from '@roomkeeper/shared/http'
import { Alert, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { api } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'

type Overview = Awaited<ReturnType<typeof api.pack.overview>>
/** Of the gaps on the screen; the file has them all. */
const GAPS_SHOWN = 40

export function PackFigures({ records, incidents, alarms, gaps }: Overview) {
  const { t } = useTranslation('pack')
  const figures = [
    ['records', records],
    ['incidents', incidents],
    ['alarms', alarms],
    ['gaps', gaps.length],
  ] as const
  return (
    <dl className="pack-figures">
      {figures.map(([name, value]) => (
        <div key={name} className={name === 'gaps' && value > 0 ? 'pack-bad' : undefined}>
          <dt>{t(`figures.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function PackGaps({ gaps }: { gaps: readonly PackGap[] }) {
  const { t } = useTranslation('pack')
  const words = useWords()
  const rest = gaps.length - GAPS_SHOWN
  return (
    <section className="panel pack-panel" data-testid="pack-gaps">
      <h2>{t('gaps.title', { count: gaps.length })}</h2>
      {gaps.length === 0 ? (
        <Alert type="success" showIcon title={t('gaps.none')} />
      ) : (
        <ul className="pack-gap-list">
          {gaps.slice(0, GAPS_SHOWN).map((gap, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two gaps may read the same, and the list is never reordered
            <li key={index}>
              <Tag color="error">{t(`gaps.kind.${gap.kind}`)}</Tag>
              {gap.clause && <b>{gap.clause}</b>} <span>{words.of(gap.text)}</span>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && <p className="pack-muted">{t('gaps.rest', { count: rest })}</p>}
      <p className="pack-muted">{t('gaps.readings')}</p>
    </section>
  )
}

export function PackClauses({ clauses }: { clauses: readonly PackClause[] }) {
  const { t } = useTranslation('pack')
  const words = useWords()
  const columns: Column<PackClause>[] = [
    {
      key: 'clause',
      title: t('clauses.clause'),
      render: ({ clause, title }) => (
        <span className="pack-clause">
          <b>{clause}</b> {words.of(title)}
        </span>
      ),
    },
    {
      key: 'evidence',
      title: t('clauses.evidence'),
      render: ({ registers, parts }) => (
        <ul className="pack-evidence">
          {registers.map(({ register, title, total, open }) => (
            <li key={register}>
              <Link to={register === 'inspection' ? '/inspections' : `/registers/${register}`}>{words.of(title)}</Link>{' '}
              {t('clauses.count', { count: total })}
              {open > 0 && <span className="pack-muted"> · {t('clauses.open', { count: open })}</span>}
            </li>
          ))}
          {parts.map((part) => (
            <li key={part.en}>{words.of(part)}</li>
          ))}
        </ul>
      ),
    },
    {
      key: 'gaps',
      title: t('clauses.gaps'),
      render: ({ gaps }) =>
        gaps > 0 ? (
          <Tag color="error">{gaps}</Tag>
        ) : (
          <span className="pack-good nowrap">
            <CheckCircleOutlined aria-hidden="true" /> {t('clauses.complete')}
          </span>
        ),
    },
  ]
  return (
    <section className="panel pack-panel">
      <h2>{t('clauses.title')}</h2>
      <DataTable rows={clauses} columns={columns} caption={t('clauses.title')} rowKey={({ clause }) => clause} />
    </section>
  )
}

export function PackChain({ chainHead }: Pick<Overview, 'chainHead'>) {
  const { t } = useTranslation('pack')
  return (
    <section className="panel pack-panel">
      <h2>{t('chain.title')}</h2>
      {chainHead ? (
        <p>
          {t('chain.entry', { seq: chainHead.seq })} <span className="mono wrap-any">{chainHead.hash}</span>
        </p>
      ) : (
        <p>{t('chain.none')}</p>
      )}
      <p className="pack-muted">{t('chain.explained')}</p>
    </section>
  )
}
