import { CheckCircleFilled } from '@ant-design/icons'
import type { Nuisance } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMay } from '../../client/session.ts'
import { nameIn } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { type ComparedField, proposedChanges } from './quality-figures.ts'

const KINDS = ['chattering', 'fleeting', 'stale', 'frequent'] as const

/** Alarms that cost attention without need, the worst first, each with what would help. */
export function Nuisances({ nuisances }: { nuisances: readonly Nuisance[] }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const columns: Column<Nuisance>[] = [
    {
      key: 'place',
      title: common('alarms.place'),
      className: 'alarm-place no-label',
      render: (nuisance) => <Place nuisance={nuisance} />,
    },
    {
      key: 'what',
      title: common('alarms.what'),
      className: 'no-label',
      render: ({ condition, priority }) => (
        <span>
          {words.condition(condition)} <PriorityMark priority={priority} />
        </span>
      ),
    },
    {
      key: 'kinds',
      title: t('quality.kinds'),
      render: ({ kinds }) => (
        <span className="alarm-marks">
          {kinds.map((kind) => (
            <span key={kind} className="mark mark-plain" title={t(`quality.kindExplained.${kind}`)}>
              {t(`quality.kind.${kind}`)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'raised',
      title: t('quality.raised'),
      className: 'num',
      render: ({ raised, share }) => (
        <span>
          <b>{raised}</b> <span className="muted">{Math.round(share * 100)} %</span>
        </span>
      ),
    },
    { key: 'minute', title: t('quality.inAMinute'), className: 'num', render: ({ mostInAMinute }) => mostInAMinute },
    {
      key: 'median',
      title: t('quality.median'),
      render: ({ medianMs }) => (medianMs === null ? <span className="muted">—</span> : <Span ms={medianMs} />),
    },
    { key: 'last', title: t('quality.last'), render: ({ lastAtMs }) => <Time ms={lastAtMs} /> },
  ]
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('quality.nuisances')}</h2>
        <span className="muted">{t('quality.nuisancesNote')}</span>
      </div>
      {nuisances.length === 0 ? (
        <Empty icon={<CheckCircleFilled style={{ color: 'var(--ok)' }} />}>{t('quality.noNuisances')}</Empty>
      ) : (
        <DataTable
          rows={nuisances}
          columns={columns}
          rowKey={({ source, sourceId, condition }) => `${source} ${sourceId} ${condition}`}
          rowTestId={({ source, sourceId, condition }) => `nuisance-${source}-${sourceId}-${condition}`}
          expanded={(nuisance) => <Advice nuisance={nuisance} />}
          caption={t('quality.nuisances')}
        />
      )}
      <dl className="kind-legend">
        {KINDS.map((kind) => (
          <div key={kind}>
            <dt>{t(`quality.kind.${kind}`)}</dt>
            <dd>{t(`quality.kindExplained.${kind}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Place({ nuisance }: { nuisance: Nuisance }) {
  const words = useWords()
  const point = nuisance.pointKind
    ? words.point({ name: nuisance.pointName ?? '', nameEn: nuisance.pointNameEn ?? '', kind: nuisance.pointKind })
    : nameIn({ name: nuisance.pointName ?? '', nameEn: nuisance.pointNameEn ?? '' }, words.language)
  return (
    <div>
      <div className="room">{nuisance.roomName ?? '—'}</div>
      {[words.deviceOf(nuisance), point].filter(Boolean).join(' › ')}
    </div>
  )
}

/** The proposal with its arithmetic, and the way to try it; without one, what else to look at. */
function Advice({ nuisance: { proposal, pointId, kinds, unit } }: { nuisance: Nuisance }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const mayWrite = useMay('limits.write')
  if (!proposal) return <span className="muted">{t(kinds.includes('stale') ? 'quality.adviceStale' : 'quality.adviceNone')}</span>
  return (
    <div className="proposal" data-testid="proposal">
      <div>
        <b>{t('quality.proposal')}: </b>
        {proposedChanges(proposal.now, proposal.proposed).map(({ field, from, to }) => (
          <span key={field} className="proposal-change">
            {t(`quality.field.${field}`)} <ChangeValue field={field} value={from} unit={unit} /> →{' '}
            <b>
              <ChangeValue field={field} value={to} unit={unit} />
            </b>
          </span>
        ))}
        <div className="muted">{words.of(proposal.why)}</div>
      </div>
      {mayWrite && pointId !== null && (
        <Link
          className="proposal-link"
          to={`/limits?set=point:${pointId}`}
          state={{ from: '/alarm-quality', proposal: proposal.proposed }}
          title={t('quality.rehearseExplained')}
          data-testid={`rehearse-${pointId}`}
        >
          {t('quality.rehearse')}
        </Link>
      )}
    </div>
  )
}

interface ChangeValueProps {
  field: ComparedField
  value: string | number | boolean | undefined
  unit: string | null
}

function ChangeValue({ field, value, unit }: ChangeValueProps) {
  const { t } = useTranslation('life')
  const words = useWords()
  if (field === 'onDelayMs' || field === 'offDelayMs') return <Span ms={Number(value ?? 0)} />
  if (field === 'priority') return <>{words.priority(String(value))}</>
  if (typeof value === 'boolean' || value === undefined) return <>{t(value ? 'quality.on' : 'quality.off')}</>
  return (
    <>
      {value} {unit}
    </>
  )
}
