import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { everyRow, usePages } from '../../client/pages.ts'
import { useOpenAlarms } from '../../features/alarms/use-open-alarms.ts'
import { Endless } from '../../ui/Endless.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { AlarmTable } from './AlarmTable.tsx'
import { FloodBanner } from './FloodBanner.tsx'
import { OpenAlarms } from './OpenAlarms.tsx'
import { SilentAlarms } from './SilentAlarms.tsx'
import '../../features/alarms/alarms.css'
import './alarms-page.css'

const SCOPES = ['open', 'silent', 'stale', 'all'] as const
type Scope = (typeof SCOPES)[number]

/** The alarms by what they want of people: open, silent, standing for long, and all that ever were. */
export function AlarmsPage() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope: Scope = SCOPES.find((each) => each === search.get('scope')) ?? 'open'
  const open = useOpenAlarms()
  const { alarms, unacknowledged, isLoaded } = open
  const summary = useQuery(queries.life.summary.queryOptions()).data
  const counts: Partial<Record<Scope, number>> = {
    ...(isLoaded ? { open: alarms.length } : {}),
    ...(summary ? { silent: summary.shelved + summary.suppressed + summary.outOfService, stale: summary.stale } : {}),
  }
  return (
    <>
      <PageHead
        title={common('nav.alarms')}
        note={isLoaded ? t('list.counts', { open: alarms.length, unacknowledged: unacknowledged.length }) : undefined}
      >
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
        {scope === 'open' && <OpenAlarms open={open} isFlood={Boolean(summary?.flood)} silentCount={counts.silent} />}
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
  const query = useQuery({
    ...queries.alarms.list.queryOptions({ input: { scope: 'stale' } }),
    queryFn: () => everyRow((part) => api.alarms.list({ scope: 'stale', ...part })),
  })
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
  const pages = usePages({
    queryKey: [...queries.alarms.list.key(), 'all'],
    read: (part) => api.alarms.list({ scope: 'all', ...part }),
    cursorOf: ({ id }) => id,
  })
  return (
    <Endless pages={pages} empty={<Empty>{t('list.never')}</Empty>}>
      {(alarms) => <AlarmTable alarms={alarms} caption={t('list.scope.all')} />}
    </Endless>
  )
}
