import { CheckSquareOutlined } from '@ant-design/icons'
import type { Schedule } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { useConnection } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { askOrKept } from '../../client/offline/kept.ts'
import { papersStore } from '../../client/offline/queue.ts'
import { useMe } from '../../client/session.ts'
import { beginInspection, keepRoomItems, UnknownChecklistError } from '../../features/inspection/begin-inspection.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import '../../features/inspection/inspection.css'

const DAY_MS = 86_400_000

/** What is due in which room, overdue first; begun and gone on with here, with or without a connection. */
export function InspectionsPage() {
  const { t } = useTranslation('inspection')
  const me = useMe()
  const query = useQuery({
    queryKey: [...queries.schedules.list.queryKey(), 'inspections'],
    queryFn: ({ signal }) =>
      askOrKept<Schedule[]>(`schedules.${me.id}`, () => api.schedules.list(undefined, { signal }) as Promise<Schedule[]>),
  })
  const kept = query.data
  const list = (kept?.value ?? []).filter((each) => each.register === 'inspection' && each.roomId !== null && each.pausedReason === null)
  const mayWrite = useMayInspect()
  useKeepItems(mayWrite && kept?.isOld === false ? list : [])
  return (
    <>
      <PageHead title={t('due.title')} note={t('due.clause')}>
        <Link to="/inspections/checklists">{t('checklists.title')}</Link>
        <Link to="/registers/inspection">{t('due.past')}</Link>
      </PageHead>
      {kept?.isOld && (
        <p className="sheet-offline" role="status">
          {t('due.old', { time: dateTimeText(kept.atMs) })}
        </p>
      )}
      <MyPapers />
      <QueryView query={query}>
        {() =>
          list.length === 0 ? (
            <div className="panel">
              <Empty icon={<CheckSquareOutlined />}>
                {t('due.none')}
                <span className="muted">{t('due.noneHint')}</span>
              </Empty>
            </div>
          ) : (
            <ul className="due-rooms">
              {[...list]
                .sort((a, b) => a.dueAtMs - b.dueAtMs)
                .map((schedule) => (
                  <DueRoom key={schedule.id} schedule={schedule} mayWrite={mayWrite} />
                ))}
            </ul>
          )
        }
      </QueryView>
    </>
  )
}

/** Whether one may begin inspections: what the register says, kept for a time without a connection. */
function useMayInspect(): boolean {
  const me = useMe()
  const query = useQuery({
    queryKey: [...queries.registers.definitions.queryKey(), 'kept'],
    queryFn: ({ signal }) =>
      askOrKept(
        `definitions.${me.id}`,
        () => api.registers.definitions(undefined, { signal }) as Promise<{ definition: { name: string }; mayCreate: boolean }[]>,
      ),
  })
  return query.data?.value.some(({ definition, mayCreate }) => definition.name === 'inspection' && mayCreate) ?? false
}

function useKeepItems(list: readonly Schedule[]): void {
  const me = useMe()
  const rooms = list.map(({ roomId }) => roomId).join()
  useEffect(() => {
    for (const roomId of rooms === '' ? [] : rooms.split(',')) void keepRoomItems(me.id, Number(roomId)).catch(() => undefined)
  }, [rooms, me.id])
}

/** What was begun in this browser, with or without the server's knowledge. */
function MyPapers() {
  const { t } = useTranslation('inspection')
  const me = useMe()
  const papers = (useExternalStore(papersStore) ?? []).filter((paper) => paper.register === 'inspection' && paper.accountId === me.id)
  if (papers.length === 0) return null
  return (
    <section className="panel my-papers" aria-label={t('due.mine')}>
      <span className="muted">{t('due.mine')}</span>
      {papers.map((paper) => (
        <Link key={paper.key} to={paper.path} data-testid={`paper-${paper.key}`}>
          {paper.about} {paper.seen?.number ?? ''} {paper.waiting && `· ${t('queue.signedWaiting')}`}
        </Link>
      ))}
    </section>
  )
}

function DueRoom({ schedule, mayWrite }: { schedule: Schedule; mayWrite: boolean }) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const isLive = useConnection().phase === 'live'
  const nowMs = useNowMs()
  const [isBusy, setIsBusy] = useState(false)
  const { id, roomId, roomName, dueAtMs, lastDoneAtMs, draftId } = schedule
  const papers = useExternalStore(papersStore) ?? []
  const own = papers.find(
    (paper) => paper.accountId === me.id && paper.recordId === null && (paper.fields.room as { id?: number } | undefined)?.id === roomId,
  )
  const leftMs = dueAtMs - nowMs
  const isOverdue = schedule.overdue || leftMs < 0
  const goOnAt = own?.path ?? (draftId === null ? undefined : `/inspections/${draftId}`)

  async function begin(): Promise<void> {
    if (goOnAt) return void navigate(goOnAt)
    setIsBusy(true)
    try {
      const room = { id: roomId ?? 0, name: roomName ?? '' }
      await navigate(await beginInspection({ me, room, scheduleId: id, isLive }))
    } catch (error) {
      const reason = error instanceof UnknownChecklistError ? t('due.notHere') : t('due.failed', { reason: words.error(error) })
      showToast({ kind: 'error', text: reason })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <li
      className={`due-room ${isOverdue ? 'due-overdue' : leftMs < DAY_MS ? 'due-soon' : ''}`}
      data-testid={`due-room-${roomId}`}
      data-overdue={isOverdue}
    >
      <div className="due-head">
        <b>{roomName}</b>
        <span className={`mark ${isOverdue ? 'mark-high' : leftMs < DAY_MS ? 'mark-medium' : 'mark-ok'}`}>
          {isOverdue ? t('due.overdue') : t('due.dueIn')} <Span ms={leftMs} />
        </span>
      </div>
      <div className="muted">
        {t('due.due', { time: dateTimeText(dueAtMs).slice(0, 16) })} ·{' '}
        {lastDoneAtMs === null ? (
          t('due.never')
        ) : (
          <>
            {t('due.last')} <Time ms={lastDoneAtMs} />
          </>
        )}
      </div>
      {mayWrite ? (
        <Button
          type={isOverdue || leftMs < DAY_MS ? 'primary' : 'default'}
          size="large"
          block
          loading={isBusy}
          data-testid={`inspection-start-${id}`}
          onClick={() => void begin()}
        >
          {goOnAt ? t('due.goOn') : t('due.begin')}
        </Button>
      ) : (
        <span className="muted">{t('due.readOnly')}</span>
      )}
    </li>
  )
}
