import { DisconnectOutlined, EditOutlined, InfoCircleOutlined } from '@ant-design/icons'
import type { Bucket, Device, Point } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../client/session.ts'
import { OutOfServiceMark } from '../../features/alarms/OutOfServiceMark.tsx'
import { Sparkline } from '../../features/charts/Sparkline.tsx'
import { CalibrationMark } from '../../features/devices/CalibrationMark.tsx'
import { ForecastNote } from '../../features/limits/ForecastNote.tsx'
import type { Forecast } from '../../features/limits/use-forecasts.ts'
import { Age } from '../../features/live/Age.tsx'
import { lookOf, PointState, PointValue } from '../../features/live/PointValue.tsx'
import { usePointLook } from '../../features/live/use-point-look.ts'
import { isNumeric } from '../../features/live/value-text.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Time } from '../../ui/Time.tsx'
import { OutputSwitch } from './OutputSwitch.tsx'

interface Props {
  device: Device
  hours: ReadonlyMap<number, readonly Bucket[]>
  forecasts: ReadonlyMap<number, Forecast>
  onOpen: (pointId: number) => void
  onOpenDevice: (deviceId: number) => void
}

/** A device with its points, one line each. */
export function DeviceCard({ device, hours, forecasts, onOpen, onOpenDevice }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  return (
    <section className={`panel device ${device.online ? '' : 'device-offline'}`} data-testid={`device-${device.id}`}>
      <div className="panel-head">
        <h2>{words.device(device)}</h2>
        <span className="muted device-path">
          {[device.maker, device.model].filter(Boolean).join(' ')} <span className="mono">{device.path}</span>
        </span>
        {!device.online && (
          <span className="mark mark-high">
            <DisconnectOutlined /> {t('room.deviceOffline')}
          </span>
        )}
        <OutOfServiceMark device={device} />
        {device.isNew && <span className="mark mark-plain">{t('devices.scope.new')}</span>}
        <Button
          className="device-edit"
          type="text"
          size="small"
          icon={mayWrite ? <EditOutlined /> : <InfoCircleOutlined />}
          aria-label={t(mayWrite ? 'room.editDevice' : 'devices.showDevice', { name: words.device(device) })}
          data-testid={`device-edit-${device.id}`}
          onClick={() => onOpenDevice(device.id)}
        />
      </div>
      {device.outage && (
        <p className="device-outage" data-testid={`outage-${device.id}`}>
          {t(device.outage.condition === 'node-offline' ? 'devices.outageNode' : 'devices.outageDevice')}{' '}
          <Time ms={device.outage.sinceMs} />
          {t('devices.outageSuppressed', { count: device.points.length })}
        </p>
      )}
      {device.points.length === 0 ? (
        <div className="panel-body muted">{t('room.noPoints')}</div>
      ) : (
        <ul className="points">
          {device.points.map((point) => (
            <PointLine
              key={point.id}
              point={point}
              isOnline={device.online}
              buckets={hours.get(point.id)}
              forecast={forecasts.get(point.id)}
              onOpen={onOpen}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

const PointLine = memo(
  function PointLine({
    point,
    isOnline,
    buckets,
    forecast,
    onOpen,
  }: {
    point: Point
    isOnline: boolean
    buckets: readonly Bucket[] | undefined
    forecast: Forecast | undefined
    onOpen: (pointId: number) => void
  }) {
    const words = useWords()
    const look = usePointLook(point)
    const valueLook = lookOf(look)
    return (
      <li>
        <button
          type="button"
          className={`point point-${valueLook}${point.alarm ? ` point-alarm-${point.alarm}` : ''}`}
          data-testid={`point-${point.id}`}
          onClick={() => onOpen(point.id)}
        >
          <span className="point-name">
            {words.point(point)}
            <span className="point-key mono">{point.key}</span>
            <CalibrationMark point={point} />
            <ForecastNote point={point} forecast={forecast} />
          </span>
          <PointValue point={point} look={look} />
          <PointState point={point} look={look} />
          <Sparkline pointId={point.id} buckets={buckets} isNumeric={isNumeric(point.kind)} />
          <Age point={point} />
        </button>
        {point.isWritable && <OutputSwitch point={point} isOnline={isOnline} />}
      </li>
    )
  },
  (a, b) => a.buckets === b.buckets && a.forecast === b.forecast && a.point === b.point && a.isOnline === b.isOnline,
)
