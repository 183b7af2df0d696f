import {
  CheckCircleFilled,
  ClockCircleOutlined,
  DesktopOutlined,
  DisconnectOutlined,
  PlusOutlined,
  QuestionCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import type { RoomOverview } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useConnection, watchRooms } from '../../client/connection.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useMay } from '../../client/session.ts'
import { NewDevices } from '../../features/devices/NewDevices.tsx'
import { LeadingValue } from '../../features/live/PointValue.tsx'
import { CountdownLineLazily } from '../../features/thermal/thermal-lazily.tsx'
import { loadTexts } from '../../i18n/index.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Span } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { byRoomUrgency, type RoomState, roomState } from './room-state.ts'
import './overview.css'

const FirstRunCard = lazy(async () => {
  const [part] = await Promise.all([import('../../features/first-run/FirstRunCard.tsx'), loadTexts('start')])
  return { default: part.FirstRunCard }
})
const RoomDialog = lazy(async () => ({ default: (await import('../../features/rooms/RoomDialog.tsx')).RoomDialog }))

export function OverviewPage() {
  const { t } = useTranslation()
  const query = useQuery(roomsQuery())
  const mayWrite = useMay('rooms.write')
  const [isAdding, setIsAdding] = useState(false)
  const roomIds = (query.data ?? []).map(({ id }) => id).join()

  useEffect(() => (roomIds === '' ? undefined : watchRooms(roomIds.split(',').map(Number))), [roomIds])

  return (
    <>
      <PageHead title={t('nav.overview')}>
        <Link to="/wall" className="wall-link" title={t('overview.wall')} aria-label={t('overview.wall')} data-testid="wall-link">
          <DesktopOutlined />
        </Link>
        {mayWrite && (
          <Button icon={<PlusOutlined />} onClick={() => setIsAdding(true)}>
            {t('room.add')}
          </Button>
        )}
      </PageHead>
      {mayWrite && (
        <Suspense>
          <FirstRunCard />
        </Suspense>
      )}
      <NewDevices />
      <QueryView query={query}>
        {(rooms) =>
          rooms.length === 0 ? (
            <div className="panel">
              <Empty>{t('overview.noRooms')}</Empty>
            </div>
          ) : (
            <>
              <Summary rooms={rooms} />
              <ul className="tiles">
                {[...rooms].sort(byRoomUrgency).map((room) => (
                  <RoomTile key={room.id} room={room} />
                ))}
              </ul>
            </>
          )
        }
      </QueryView>
      {isAdding && (
        <Suspense>
          <RoomDialog onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </>
  )
}

/** One line for all rooms. "All quiet" has its own look, and is never said while cut off or without data. */
function Summary({ rooms }: { rooms: readonly RoomOverview[] }) {
  const { t } = useTranslation()
  const isLost = useConnection().phase === 'lost'
  const states = rooms.map((room) => roomState(room, isLost))
  const points = rooms.reduce((sum, room) => sum + room.points, 0)
  const stale = rooms.reduce((sum, room) => sum + room.pointsStale, 0)
  const unacknowledged = rooms.reduce((sum, room) => sum + room.alarms.unacknowledged, 0)
  const counts = [...ALARM_PRIORITIES]
    .reverse()
    .map((priority) => [priority, rooms.reduce((sum, room) => sum + room.alarms[priority], 0)] as const)
  const alarms = counts.filter(([, count]) => count > 0)

  if (alarms.length > 0 || unacknowledged > 0) {
    return (
      <div className="summary summary-alarm" data-testid="overview-summary" data-state="alarm">
        {isLost && <DisconnectOutlined />}
        {alarms.map(([priority, count]) => (
          <PriorityMark key={priority} priority={priority} count={count} />
        ))}
        <Link to="/alarms">{t('overview.unacknowledged', { count: unacknowledged })}</Link>
      </div>
    )
  }
  if (isLost) return <SummaryLine state="lost" icon={<DisconnectOutlined />} text={t('overview.lost')} />
  if (points === 0) return <SummaryLine state="no-data" icon={<QuestionCircleOutlined />} text={t('overview.noData')} />
  if (states.every((state) => state === 'quiet'))
    return <SummaryLine state="quiet" icon={<CheckCircleFilled />} text={t('overview.quiet', { rooms: rooms.length, points })} />
  return <SummaryLine state="partly" icon={<WarningOutlined />} text={t('overview.partly', { fresh: points - stale, points })} />
}

function SummaryLine({ state, icon, text }: { state: string; icon: React.ReactNode; text: string }) {
  return (
    <div className={`summary summary-${state}`} data-testid="overview-summary" data-state={state}>
      {icon} {text}
    </div>
  )
}

function RoomTile({ room }: { room: RoomOverview }) {
  const { t } = useTranslation()
  const words = useWords()
  const isLost = useConnection().phase === 'lost'
  const state = roomState(room, isLost)
  const nowMs = useNowMs()
  const dueInMs = room.inspectionDueAtMs === null ? null : room.inspectionDueAtMs - nowMs
  return (
    <li className={`tile tile-${state}`} data-testid={`room-tile-${room.id}`} data-state={state}>
      <Link to={`/rooms/${room.id}`} className="tile-head">
        <span className="tile-name">
          <b>{room.name}</b>
          <span className="muted">
            {room.site} · {words.roomClass(room.class)}
          </span>
        </span>
        <StateMark state={state} room={room} />
      </Link>
      <CountdownLineLazily roomId={room.id} />
      {room.leading.length === 0 ? (
        <div className="tile-empty muted">{t('overview.noPoints')}</div>
      ) : (
        <div className="tile-values">
          {room.leading.slice(0, 9).map((point) => (
            <LeadingValue key={point.id} point={point} />
          ))}
        </div>
      )}
      <div className="tile-foot">
        <span className={room.devicesOffline > 0 ? 'foot-warn' : ''}>
          {t('overview.devices', { count: room.devices })}
          {room.devicesOffline > 0 && ` · ${t('overview.offline', { count: room.devicesOffline })}`}
        </span>
        {room.pointsStale > 0 && <span className="foot-warn">{t('overview.stale', { count: room.pointsStale })}</span>}
        {room.pointsBad > 0 && <span className="foot-bad">{t('overview.bad', { count: room.pointsBad })}</span>}
        {room.openIncidents > 0 && (
          <Link to="/incidents" className="foot-warn">
            {t('overview.incidents', { count: room.openIncidents })}
          </Link>
        )}
        {dueInMs !== null && (
          <Link to="/inspections" className={dueInMs < 0 ? 'foot-loud' : 'foot-quiet'}>
            {t(dueInMs < 0 ? 'overview.inspectionOverdue' : 'overview.inspectionDue')} <Span ms={dueInMs} />
          </Link>
        )}
      </div>
    </li>
  )
}

function StateMark({ state, room }: { state: RoomState; room: RoomOverview }) {
  const { t } = useTranslation()
  switch (state) {
    case 'critical':
    case 'high':
    case 'medium':
    case 'low':
      return (
        <span className="tile-marks">
          <PriorityMark priority={state} count={room.alarms[state]} />
          {room.alarms.unacknowledged > 0 && (
            <span className="tile-unack">{t('overview.unacknowledgedShort', { count: room.alarms.unacknowledged })}</span>
          )}
        </span>
      )
    case 'quiet':
      return (
        <span className="mark mark-ok">
          <CheckCircleFilled /> {t('roomState.quiet')}
        </span>
      )
    case 'returned':
      return (
        <span className="tile-marks">
          <span className="mark mark-medium">
            <CheckCircleFilled /> {t('roomState.returned')}
          </span>
          <span className="tile-unack">{t('overview.unacknowledgedShort', { count: room.alarms.unacknowledged })}</span>
        </span>
      )
    case 'cut-off':
      return (
        <span className="mark mark-old">
          <DisconnectOutlined /> {t('roomState.cut-off')}
        </span>
      )
    case 'no-data':
      return (
        <span className="mark mark-old">
          <QuestionCircleOutlined /> {t('roomState.no-data')}
        </span>
      )
    default:
      return (
        <span className="mark mark-old">
          <ClockCircleOutlined /> {t(`roomState.${state}`)}
        </span>
      )
  }
}
