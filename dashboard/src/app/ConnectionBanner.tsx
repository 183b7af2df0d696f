import { DisconnectOutlined, WarningFilled } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../client/connection.ts'
import type { OpenAlarms } from '../features/alarms/use-open-alarms.ts'
import { useNowMs } from '../ui/use-now.ts'

/** Within 3 s of a lost connection: says so, and of when the values on screen are. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const connection = useConnection()
  if (connection.phase !== 'lost') return null
  const time = connection.lastHeardAtMs === null ? null : dayjs(connection.lastHeardAtMs).format('HH:mm:ss')
  return (
    <div className="connection-banner" role="alert" data-testid="connection-banner">
      <DisconnectOutlined />
      <span>{time ? t('connection.lostSince', { time }) : t('connection.never')}</span>
      <span className="banner-note hide-phone">{t('connection.retrying')}</span>
    </div>
  )
}

/** The connection is there, but the alarms could not be read: a quiet page would be a lie. */
export function AlarmsUnknownBanner({ openAlarms: { isFailing, retry } }: { openAlarms: OpenAlarms }) {
  const { t } = useTranslation()
  const isLost = useConnection().phase === 'lost'
  if (!isFailing || isLost) return null
  return (
    <div className="connection-banner" role="alert" data-testid="alarms-unknown">
      <WarningFilled />
      <span>{t('connection.alarmsUnknown')}</span>
      <button type="button" className="bar-button" onClick={retry}>
        {t('common.retry')}
      </button>
    </div>
  )
}

/** Small lamp with the server's time: a clock that stands still is the oldest sign of a dead screen. */
export function ConnectionLamp() {
  const { t } = useTranslation()
  const { phase, lastHeardAtMs } = useConnection()
  const nowMs = useNowMs()
  return (
    <span className={`lamp lamp-${phase}`} data-testid="connection-lamp" data-phase={phase}>
      <span className="lamp-dot" aria-hidden="true" />
      <span className="lamp-text">{t(`connection.${phase}`)}</span>
      <span className="hide-phone">
        {phase === 'live' ? dayjs(nowMs).format('HH:mm:ss') : lastHeardAtMs && dayjs(lastHeardAtMs).format('HH:mm:ss')}
      </span>
    </span>
  )
}
