import { DisconnectOutlined, EditOutlined } from '@ant-design/icons'
import type { Bucket, Device, Point } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../client/session.ts'
import { Sparkline } from '../../features/charts/Sparkline.tsx'
import { Age } from '../../features/live/Age.tsx'
import { lookOf, PointState, PointValue } from '../../features/live/PointValue.tsx'
import { usePointLook } from '../../features/live/use-point-look.ts'
import { isNumeric } from '../../features/live/value-text.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DeviceDialog } from './DeviceDialog.tsx'

interface Props {
  device: Device
  hours: ReadonlyMap<number, readonly Bucket[]>
  onOpen: (pointId: number) => void
}

/** A device with its points, one line each. */
export function DeviceCard({ device, hours, onOpen }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const [isEditing, setIsEditing] = useState(false)
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
        {mayWrite && (
          <Button
            className="device-edit"
            type="text"
            size="small"
            icon={<EditOutlined />}
            aria-label={t('room.editDevice', { name: words.device(device) })}
            onClick={() => setIsEditing(true)}
          />
        )}
      </div>
      {device.points.length === 0 ? (
        <div className="panel-body muted">{t('room.noPoints')}</div>
      ) : (
        <ul className="points">
          {device.points.map((point) => (
            <PointLine key={point.id} point={point} buckets={hours.get(point.id)} onOpen={onOpen} />
          ))}
        </ul>
      )}
      {isEditing && <DeviceDialog device={device} onClose={() => setIsEditing(false)} />}
    </section>
  )
}

const PointLine = memo(
  function PointLine({
    point,
    buckets,
    onOpen,
  }: {
    point: Point
    buckets: readonly Bucket[] | undefined
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
          </span>
          <PointValue point={point} look={look} />
          <PointState point={point} look={look} />
          <Sparkline pointId={point.id} buckets={buckets} isNumeric={isNumeric(point.kind)} />
          <Age point={point} />
        </button>
      </li>
    )
  },
  (a, b) => a.buckets === b.buckets && a.point === b.point,
)
