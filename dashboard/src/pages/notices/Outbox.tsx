import { WarningFilled } from '@ant-design/icons'
import { NOTICE_STATES, type NoticeState } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { usePages } from '../../client/pages.ts'
import { useMay } from '../../client/session.ts'
import { Endless } from '../../ui/Endless.tsx'
import { Empty } from '../../ui/states.tsx'
import { NoticeTable } from './NoticeTable.tsx'

/** Attempts go on by themselves; the socket tells of most changes, this is for the countdowns. */
const REFETCH_INTERVAL_MS = 10_000
const DAY_MS = 86_400_000

/** What was told to whom. What did not arrive comes first: somebody may know nothing of an alarm. */
export function Outbox() {
  const { t } = useTranslation('notices')
  const [search, setSearch] = useSearchParams()
  const state = NOTICE_STATES.find((each) => each === search.get('state'))
  const alarmId = Number(search.get('alarm')) || undefined
  const failed = useQuery(
    queries.notices.list.queryOptions({ input: { state: 'failed', limit: 100 }, refetchInterval: REFETCH_INTERVAL_MS }),
  ).data
  const sinceMs = serverClock.nowMs() - DAY_MS
  const recentlyFailed = (failed ?? []).filter((notice) => (notice.finishedAtMs ?? notice.createdAtMs) >= sinceMs)
  // Whoever sent a test has seen that it failed; nobody is left unaware of an alarm by it.
  const untold = recentlyFailed.filter(({ kind }) => kind !== 'test').length
  const isWhole = state === undefined && alarmId === undefined

  function show(next: { state?: NoticeState | undefined; alarmId?: number | undefined }): void {
    setSearch({ ...(next.state ? { state: next.state } : {}), ...(next.alarmId ? { alarm: String(next.alarmId) } : {}) })
  }
  return (
    <>
      {untold > 0 && (
        <div className="failed-banner" role="alert" data-testid="failed-banner">
          <WarningFilled /> <b>{t('outbox.failedBanner', { count: untold })}</b>
          {!isWhole && state !== 'failed' && (
            <Button size="small" onClick={() => show({ state: 'failed' })}>
              {t('outbox.showFailed')}
            </Button>
          )}
        </div>
      )}
      <div className="outbox-filter">
        <Select
          value={state ?? 'all'}
          style={{ width: 150 }}
          aria-label={t('outbox.state')}
          data-testid="outbox-state"
          options={[
            { value: 'all', label: t('outbox.allStates') },
            ...NOTICE_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
          ]}
          onChange={(next) => show({ state: NOTICE_STATES.find((each) => each === next), alarmId })}
        />
        {alarmId !== undefined && (
          <>
            <b>{t('outbox.ofAlarm', { id: alarmId })}</b>
            <Button size="small" onClick={() => show({ state })}>
              {t('outbox.allAlarms')}
            </Button>
          </>
        )}
      </div>
      {isWhole && recentlyFailed.length > 0 && (
        <section className="panel" data-testid="failed-notices">
          <div className="panel-head panel-head-failed">
            <h2>{t('outbox.failedTitle')}</h2>
          </div>
          <NoticeTable notices={recentlyFailed} caption={t('outbox.failedTitle')} onAlarm={(id) => show({ alarmId: id })} />
        </section>
      )}
      <section className="panel">
        {isWhole && recentlyFailed.length > 0 && (
          <div className="panel-head">
            <h2>{t('outbox.listTitle')}</h2>
          </div>
        )}
        <NoticePages
          state={state}
          alarmId={alarmId}
          hidden={isWhole ? new Set(recentlyFailed.map(({ id }) => id)) : NONE}
          onAlarm={(id) => show({ state, alarmId: id })}
        />
      </section>
    </>
  )
}

const NONE: ReadonlySet<number> = new Set()

interface PagesProps {
  state: NoticeState | undefined
  alarmId: number | undefined
  /** Shown above already. */
  hidden: ReadonlySet<number>
  onAlarm: (alarmId: number) => void
}

function NoticePages({ state, alarmId, hidden, onAlarm }: PagesProps) {
  const { t } = useTranslation('notices')
  const pages = usePages({
    queryKey: [...queries.notices.list.key(), state, alarmId],
    read: (part) => api.notices.list({ ...part, state, alarmId }),
    cursorOf: ({ id }) => id,
    refetchIntervalMs: REFETCH_INTERVAL_MS,
  })
  const maySetUp = useMay('channels.read')
  const channels = useQuery({ ...queries.notices.channels.queryOptions(), enabled: maySetUp }).data
  const isNobodyTold = channels?.every(({ enabled }) => !enabled)
  const none = alarmId !== undefined ? t('outbox.noneOfAlarm') : state ? t('outbox.noneOfState') : t('outbox.none')
  return (
    <Endless
      pages={pages}
      empty={
        isNobodyTold ? (
          <Empty icon={<WarningFilled className="told-icon-failed" />}>
            <b>{none}</b>
            {t('outbox.noChannel')}
            <Link to="/notices?tab=channels">{t('outbox.toChannels')}</Link>
          </Empty>
        ) : (
          <Empty>{none}</Empty>
        )
      }
    >
      {(notices) => <NoticeTable notices={notices.filter(({ id }) => !hidden.has(id))} caption={t('tab.outbox')} onAlarm={onAlarm} />}
    </Endless>
  )
}
