import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { useOpenAlarms } from '../../features/alarms/use-open-alarms.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, Failure, Loading, QueryView } from '../../ui/states.tsx'
import { AlarmTable } from './AlarmTable.tsx'
import { FloodBanner } from './FloodBanner.tsx'
import { OpenAlarms } from './OpenAlarms.tsx'
import { SilentAlarms } from './SilentAlarms.tsx'
import '../../features/alarms/alarms.css'
import './alarms-page.css'

const PAGE_SIZE = 50
const SCOPES = ['open', 'silent', 'stale', 'all'] as const
type Scope = (typeof SCOPES)[number]

/** The alarms by what they want of people: open, silent, standing for long, and all that ever were. */
export function AlarmsPage() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope: Scope = SCOPES.find((each) => each === search.get('scope')) ?? 'open'
  const { alarms, unacknowledged, isLoaded } = useOpenAlarms()
  const summary = useQuery(queries.life.summary.queryOptions()).data
  const counts: Partial<Record<Scope, number>> = {
    open: alarms.length,
    ...(summary ? { silent: summary.shelved + summary.suppressed + summary.outOfService, stale: summary.stale } : {}),
  }
  return (
    <>
      <PageHead title={common('nav.alarms')} note={t('list.counts', { open: alarms.length, unacknowledged: unacknowledged.length })}>
        <Segmented
          value={scope}
          options={SCOPES.map((value) => ({
            value,
            label: (
              <span data-testid={`scope-${value}`} title={t(`list.scopeExplained.${value}`)}>
                {t(`list.scope.${value}`)}
                {counts[value] ? <b className="scope-count">{counts[value]}</b> : null}
              </span>
            ),
          }))}
          onChange={(next) => setSearch(next === 'open' ? {} : { scope: next })}
        />
      </PageHead>
      {summary?.flood && <FloodBanner flood={summary.flood} />}
      <div className="panel">
        {scope === 'open' && (
          <OpenAlarms alarms={alarms} isLoaded={isLoaded} isFlood={Boolean(summary?.flood)} silentCount={counts.silent} />
        )}
        {scope === 'silent' && <SilentAlarms />}
        {scope === 'stale' && <StaleAlarms />}
        {scope === 'all' && <AllAlarms />}
      </div>
      <p className="alarm-links">
        <Link to="/maintenance">{common('nav.maintenance')}</Link> · <Link to="/alarm-quality">{common('nav.alarmQuality')}</Link> ·{' '}
        <Link to="/proof">{common('nav.proof')}</Link>
      </p>
    </>
  )
}

function StaleAlarms() {
  const { t } = useTranslation('life')
  const query = useQuery(queries.alarms.list.queryOptions({ input: { scope: 'stale', limit: 500 } }))
  return (
    <QueryView query={query}>
      {(alarms) =>
        alarms.length === 0 ? (
          <Empty>{t('list.noneStale')}</Empty>
        ) : (
          <>
            <p className="panel-note muted">{t('list.staleNote')}</p>
            <AlarmTable alarms={[...alarms].sort((a, b) => a.raisedAtMs - b.raisedAtMs)} caption={t('list.scope.stale')} />
          </>
        )
      }
    </QueryView>
  )
}

function AllAlarms() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const query = useInfiniteQuery({
    queryKey: [...queries.alarms.list.key(), 'pages'],
    queryFn: ({ pageParam }) => api.alarms.list({ scope: 'all', limit: PAGE_SIZE, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
  })
  if (query.isPending) return <Loading />
  if (!query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  const alarms = query.data.pages.flat()
  if (alarms.length === 0) return <Empty>{t('list.never')}</Empty>
  return (
    <>
      <AlarmTable alarms={alarms} caption={t('list.scope.all')} />
      {query.hasNextPage && (
        <div className="state-box">
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {common('common.more')}
          </Button>
        </div>
      )}
    </>
  )
}
