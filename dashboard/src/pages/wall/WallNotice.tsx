import { DisconnectOutlined, WarningFilled } from '@ant-design/icons'
import type { RoomOverview } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverClock } from '../../client/clock.ts'
import { useConnection } from '../../client/connection.ts'
import { freshnessOf } from '../../features/live/staleness.ts'
import { latestOf } from '../../features/live/use-point-look.ts'
import { useNowMs } from '../../ui/use-now.ts'
import { keyFigures } from './key-figures.ts'

/** After a reconnect values come within a second or two; only what lasts longer is worth big letters. */
const LASTING_MS = 3000

interface Props {
  rooms: readonly RoomOverview[]
  isAnswerOld: boolean
  areAlarmsUnknown: boolean
}

/** In big letters over every screenful: what is shown is not the present. */
export function WallNotice({ rooms, isAnswerOld, areAlarmsUnknown }: Props) {
  const { t } = useTranslation('wall')
  const connection = useConnection()
  const nowMs = useNowMs()
  const isLost = connection.phase === 'lost'
  const silent = rooms.filter((room) => isAnswerOld || isSilent(room, connection.epoch, nowMs)).map(({ name }) => name)
  const isStale = useLasting(silent.length > 0)
  if (isLost) {
    const { lastHeardAtMs } = connection
    const since = lastHeardAtMs === null ? t('never') : t('lostSince', { time: dayjs(lastHeardAtMs).format('HH:mm:ss') })
    return <Notice why="lost" icon={<DisconnectOutlined />} title={t('lost')} note={since} />
  }
  if (areAlarmsUnknown) return <Notice why="alarms" icon={<WarningFilled />} title={t('alarmsUnknown')} note={t('alarmsUnknownNote')} />
  if (!isStale) return null
  return <Notice why="stale" icon={<WarningFilled />} title={t('stale')} note={t('staleNote', { names: silent.join(' · ') })} />
}

function Notice({ why, icon, title, note }: { why: 'lost' | 'alarms' | 'stale'; icon: ReactNode; title: string; note: string }) {
  return (
    <div className="wall-notice" role="alert" data-testid="wall-notice" data-why={why}>
      <b>
        {icon} {title}
      </b>
      <span>{note}</span>
    </div>
  )
}

/** No key figure of the room has a fresh reading. A room that never had a point says so in its block. */
function isSilent(room: RoomOverview, currentEpoch: number, nowMs: number): boolean {
  const figures = keyFigures(room.leading)
  return (
    figures.length > 0 &&
    figures.every((point) => {
      const { timeMs, quality, epoch } = latestOf(point)
      const { intervalMs } = point
      // The whole second that is shown may lie before a reading that has just come.
      const now = Math.max(nowMs, serverClock.nowMs())
      return freshnessOf({ timeMs, quality, intervalMs, epoch, currentEpoch, isConnectionLost: false, nowMs: now }) !== 'fresh'
    })
  )
}

function useLasting(isSo: boolean): boolean {
  const [isLasting, setIsLasting] = useState(false)
  useEffect(() => {
    if (!isSo) return
    const timer = setTimeout(() => setIsLasting(true), LASTING_MS)
    return () => {
      clearTimeout(timer)
      setIsLasting(false)
    }
  }, [isSo])
  return isLasting && isSo
}
