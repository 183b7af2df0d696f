import { CheckCircleFilled, ClockCircleOutlined, DisconnectOutlined, WarningOutlined } from '@ant-design/icons'
import type { DeviceDetail } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/Time.tsx'

/** What the device is, where it comes from, and whether its agent has what people set. */
export function DeviceFacts({ detail }: { detail: DeviceDetail }) {
  const { t } = useTranslation()
  const { device, commissioned } = detail
  return (
    <dl className="facts device-facts">
      <dt>{t('devices.makerModel')}</dt>
      <dd>{[device.maker, device.model].filter(Boolean).join(' ') || '—'}</dd>
      <dt>{t('devices.path')}</dt>
      <dd className="mono">{device.path}</dd>
      <dt>{t('agents.state')}</dt>
      <dd>
        {device.online ? (
          <span className="mark mark-ok">
            <CheckCircleFilled /> {t('agents.online')}
          </span>
        ) : (
          <span className="mark mark-high">
            <DisconnectOutlined /> {t('room.deviceOffline')}
          </span>
        )}
      </dd>
      <dt>{t('devices.bornAt')}</dt>
      <dd>
        <Time ms={device.bornAtMs} />
      </dd>
      {commissioned && (
        <>
          <dt>{t('devices.confirmedBy')}</dt>
          <dd>
            {commissioned.by ?? '—'} <Time ms={commissioned.atMs} />
          </dd>
        </>
      )}
      <dt>{t('devices.settings')}</dt>
      <dd data-testid="settings-state" data-state={detail.settings.state}>
        <SettingsState detail={detail} />
      </dd>
    </dl>
  )
}

function SettingsState({ detail }: { detail: DeviceDetail }) {
  const { t } = useTranslation()
  switch (detail.settings.state) {
    case 'none':
      return t('devices.settingsNone')
    case 'confirmed':
      return (
        <span className="mark mark-ok">
          <CheckCircleFilled /> {t('devices.settingsConfirmed')}
        </span>
      )
    case 'waiting':
      return (
        <>
          <span className="mark mark-medium">
            <ClockCircleOutlined /> {t('devices.settingsWaiting')}
          </span>{' '}
          <span className="muted">{t(detail.device.online ? 'devices.waitingOnline' : 'devices.waitingOffline')}</span>
        </>
      )
    case 'unsupported':
      return (
        <span className="mark mark-high">
          <WarningOutlined /> {t('devices.settingsUnsupported')}
        </span>
      )
  }
}
