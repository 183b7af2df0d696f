import type { Incident } from '@roomkeeper/shared/http'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty, Failure, Loading } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'

const PAGE_SIZE = 50
const SCOPES = ['all', 'open', 'submitted'] as const
type Scope = (typeof SCOPES)[number]

export function IncidentsPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope: Scope = SCOPES.find((each) => each === search.get('state')) ?? 'all'
  const query = useInfiniteQuery({
    queryKey: [...queries.incidents.list.key(), 'pages', scope],
    queryFn: ({ pageParam }) => api.incidents.list({ state: scope, limit: PAGE_SIZE, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
  })
  return (
    <>
      <PageHead title={t('nav.incidents')} note={t('incidents.clause')}>
        <Segmented
          value={scope}
          options={SCOPES.map((value) => ({ value, label: t(`incidents.scope.${value}`) }))}
          onChange={(state) => setSearch(state === 'all' ? {} : { state })}
        />
      </PageHead>
      <div className="panel">
        {query.isPending ? (
          <Loading />
        ) : query.data ? (
          <IncidentTable incidents={query.data.pages.flat()} />
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.hasNextPage && (
          <div className="state-box">
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('common.more')}
            </Button>
          </div>
        )}
      </div>
    </>
  )
}

function IncidentTable({ incidents }: { incidents: readonly Incident[] }) {
  const { t } = useTranslation()
  const words = useWords()
  if (incidents.length === 0) return <Empty>{t('incidents.none')}</Empty>
  const columns: Column<Incident>[] = [
    {
      key: 'id',
      title: t('incidents.number'),
      render: ({ id }) => (
        <Link to={`/incidents/${id}`} data-testid={`incident-link-${id}`}>
          #{id}
        </Link>
      ),
    },
    { key: 'priority', title: t('alarms.priority'), render: ({ priority }) => <PriorityMark priority={priority} /> },
    {
      key: 'place',
      title: t('alarms.place'),
      render: (incident) => [incident.roomName, words.deviceOf(incident)].filter(Boolean).join(' › ') || '—',
    },
    {
      key: 'alarms',
      title: t('incidents.alarms'),
      render: ({ alarms }) =>
        [
          ...new Set(
            alarms.map((alarm) => `${alarm.pointKind ? words.kind(alarm.pointKind) : ''} ${words.condition(alarm.condition)}`.trim()),
          ),
        ]
          .slice(0, 3)
          .join(t('common.listComma')) || '—',
    },
    { key: 'opened', title: t('incidents.openedAt'), render: ({ openedAtMs }) => <Time ms={openedAtMs} /> },
    {
      key: 'state',
      title: t('alarms.state'),
      render: ({ state, submittedBy, submittedAtMs, draftBy }) =>
        state === 'submitted' ? (
          <span>
            <span className="mark mark-ok">{t('incidents.scope.submitted')}</span>{' '}
            <span className="muted">
              {submittedBy} <Time ms={submittedAtMs} />
            </span>
          </span>
        ) : (
          <span>
            <span className="mark mark-high">{t('incidents.scope.open')}</span>{' '}
            {draftBy && <span className="muted">{t('incidents.draftBy', { name: draftBy })}</span>}
          </span>
        ),
    },
    {
      key: 'cause',
      title: t('incidentField.cause'),
      render: ({ fields }) => <span className="wrap-any">{fields.cause?.slice(0, 80) || '—'}</span>,
    },
  ]
  return (
    <DataTable
      rows={incidents}
      columns={columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `incident-row-${id}`}
      caption={t('nav.incidents')}
    />
  )
}
