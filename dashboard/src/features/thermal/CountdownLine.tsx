import { ClockCircleOutlined } from '@ant-design/icons'
import type { ThermalRunning } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSummary } from './use-summary.ts'
import './thermal.css'

/** The loss of one room in a line, for cards and forms; leads to the room. */
export function CountdownLine({ running }: { running: ThermalRunning }) {
  const { t } = useTranslation('thermal')
  const summary = useSummary(running)
  const { cooling, roomId } = running
  return (
    <Link to={`/rooms/${roomId}`} className="countdown-line no-print" data-testid={`countdown-line-${roomId}`}>
      <ClockCircleOutlined />
      <span>
        <b>{t(cooling ? `cause.${cooling.cause}` : 'cause.mainsOnly')}</b>
        {summary.map((part) => (
          <span key={part}>{part}</span>
        ))}
      </span>
    </Link>
  )
}

/** The same in letters for a monitor that is read across the room; with the room's name. */
export function CountdownBand({ running }: { running: ThermalRunning }) {
  const summary = useSummary(running)
  return (
    <div className="wall-notice wall-countdown" data-testid={`wall-countdown-${running.roomId}`}>
      <b>
        {summary.slice(0, 2).map((part) => (
          <span key={part}>{part}</span>
        ))}
      </b>
      <span>{[running.roomName, ...summary.slice(2)].join(' · ')}</span>
    </div>
  )
}
