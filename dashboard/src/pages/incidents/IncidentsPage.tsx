import type { Incident } from '@roomkeeper/shared/http'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { usePages } from '../../client/pages.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Endless } from '../../ui/Endless.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { IncidentFiguresStrip } from './IncidentFiguresStrip.tsx'

const SCOPES = ['all', 'open', 'mine', 'submitted', 'closed'] as const
type Scope = (typeof SCOPES)[number]

/** Assigned to me: what is still to be done, wherever it stands. */
function filterOf(scope: Scope) {
  return scope === 'mine' ? ({ assignee: 'me' } as const) : { state: scope }
}

export function IncidentsPage() {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope: Scope = SCOPES.find((each) => each === search.get('state')) ?? 'all'
  const pages = usePages({
    queryKey: [...queries.incidents.list.key(), scope],
    read: (part) => api.incidents.list({ ...filterOf(scope), ...part }),
    cursorOf: ({ id }) => id,
  })
  return (
    <>
      <PageHead title={common('nav.incidents')} note={t('clause')}>
        <Segmented
          value={scope}
          options={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))}
          onChange={(state) => setSearch(state === 'all' ? {} : { state })}
        />
      </PageHead>
      <IncidentFiguresStrip />
      <div className="panel">
        <Endless pages={pages} empty={<Empty>{scope === 'all' ? t('none') : t(`noneOf.${scope}`)}</Empty>}>
          {(incidents) => <IncidentTable incidents={incidents} />}
        </Endless>
      </div>
    </>
  )
}

function IncidentTable({ incidents }: { incidents: readonly Incident[] }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const columns: Column<Incident>[] = [
    {
      key: 'id',
      title: common('incidents.number'),
      className: 'incident-number no-label',
      render: ({ id }) => (
        <Link to={`/incidents/${id}`} data-testid={`incident-link-${id}`}>
          #{id}
        </Link>
      ),
    },
    {
      key: 'priority',
      title: common('alarms.priority'),
      className: 'incident-priority no-label',
      render: ({ priority }) => <PriorityMark priority={priority} />,
    },
    {
      key: 'place',
      title: common('alarms.place'),
      render: (incident) => [incident.roomName, words.deviceOf(incident)].filter(Boolean).join(' › ') || '—',
    },
    {
      key: 'alarms',
      title: t('alarms'),
      render: ({ alarms }) =>
        [
          ...new Set(
            alarms.map((alarm) => `${alarm.pointKind ? words.kind(alarm.pointKind) : ''} ${words.condition(alarm.condition)}`.trim()),
          ),
        ]
          .slice(0, 3)
          .join(common('common.listComma')) || '—',
    },
    { key: 'opened', title: t('openedAt'), render: ({ openedAtMs }) => <Time ms={openedAtMs} /> },
    { key: 'state', title: common('alarms.state'), render: (incident) => <IncidentStateCell incident={incident} /> },
    { key: 'assignee', title: t('list.assignee'), render: ({ assignee }) => assignee?.name ?? <span className="muted">—</span> },
    {
      key: 'spans',
      title: `${t('list.toAcknowledge')} / ${t('list.toRecover')}`,
      render: ({ acknowledgedMs, recoveredMs }) => (
        <span className="nowrap">
          {acknowledgedMs === null ? '—' : <Span ms={acknowledgedMs} />} / {recoveredMs === null ? '—' : <Span ms={recoveredMs} />}
        </span>
      ),
    },
    {
      key: 'cause',
      title: t('list.cause'),
      render: ({ fields }) => <span className="wrap-any">{fields.cause?.slice(0, 80) || '—'}</span>,
    },
  ]
  return (
    <DataTable
      rows={incidents}
      columns={columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `incident-row-${id}`}
      caption={common('nav.incidents')}
    />
  )
}

function IncidentStateCell({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents')
  const { state, submittedBy, submittedAtMs, closedBy, closedAtMs, draftBy } = incident
  if (state === 'open')
    return (
      <span>
        <span className="mark mark-high">{t('scope.open')}</span>{' '}
        {draftBy && <span className="muted">{t('draftBy', { name: draftBy })}</span>}
      </span>
    )
  const isClosed = state === 'closed'
  return (
    <span>
      <span className={`mark ${isClosed ? 'mark-ok' : 'mark-medium'}`}>{t(`scope.${state}`)}</span>{' '}
      <span className="muted">
        {isClosed ? closedBy : submittedBy} <Time ms={isClosed ? closedAtMs : submittedAtMs} />
      </span>
    </span>
  )
}
