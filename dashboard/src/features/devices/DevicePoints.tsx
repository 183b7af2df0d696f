import { DownOutlined, UpOutlined } from '@ant-design/icons'
import type { DeviceDetail, Point } from '@roomkeeper/shared/http'
import { isCalibratable } from '@roomkeeper/shared/model'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Age } from '../live/Age.tsx'
import { PointState, PointValue } from '../live/PointValue.tsx'
import { usePointLook } from '../live/use-point-look.ts'
import { CalibrationMark } from './CalibrationMark.tsx'
import { CalibrationPanel } from './CalibrationPanel.tsx'
import type { DeviceEdits, OwnChanges, PointNames } from './device-edits.ts'

interface Props {
  detail: DeviceDetail
  edits: DeviceEdits
  onEdit: (edits: DeviceEdits) => void
  mayWrite: boolean
  openPointId?: number
  own: OwnChanges
}

/** All points with what they read now; each opens to its names and its calibration. */
export function DevicePoints({ detail, edits, onEdit, mayWrite, openPointId, own }: Props) {
  const { t } = useTranslation()
  const [openId, setOpenId] = useState<number | null>(openPointId ?? null)
  const { points } = detail.device
  return (
    <section className="panel device-points">
      <div className="panel-head">
        <h2>{t('devices.points', { count: points.length })}</h2>
        <span className="muted">{t('devices.pointsHint')}</span>
      </div>
      {points.length === 0 && <div className="panel-body muted">{t('room.noPoints')}</div>}
      <ul>
        {points.map((point) => (
          <li key={point.id}>
            <PointHead point={point} isOpen={openId === point.id} onToggle={() => setOpenId(openId === point.id ? null : point.id)} />
            {openId === point.id && (
              <div className="device-point-more">
                {mayWrite && (
                  <PointNamesFields
                    point={point}
                    names={edits.points[point.id] ?? point}
                    onChange={(names) => onEdit({ ...edits, points: { ...edits.points, [point.id]: names } })}
                  />
                )}
                {isCalibratable(point.kind) ? (
                  <CalibrationPanel detail={detail} point={point} mayWrite={mayWrite} own={own} />
                ) : (
                  <p className="muted">{t('devices.notCalibratable')}</p>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function PointHead({ point, isOpen, onToggle }: { point: Point; isOpen: boolean; onToggle: () => void }) {
  const words = useWords()
  const look = usePointLook(point)
  return (
    <button type="button" className="device-point" aria-expanded={isOpen} data-testid={`device-point-${point.id}`} onClick={onToggle}>
      <span className="point-name">
        {words.point(point)}
        <span className="point-key mono">{point.key}</span>
      </span>
      <span className="device-point-value">
        <PointValue point={point} look={look} /> <Age point={point} />
      </span>
      <span className="device-point-state">
        <PointState point={point} look={look} />
        <CalibrationMark point={point} />
      </span>
      {isOpen ? <UpOutlined /> : <DownOutlined />}
    </button>
  )
}

function PointNamesFields({ point, names, onChange }: { point: Point; names: PointNames; onChange: (names: PointNames) => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const { name, nameEn } = names
  return (
    <div className="device-two">
      <Field label={t('devices.pointNameZh')} hint={t('devices.pointNameHint')}>
        <Input
          value={name}
          maxLength={100}
          placeholder={words.kind(point.kind)}
          data-testid="point-name"
          onChange={(event) => onChange({ name: event.target.value, nameEn })}
        />
      </Field>
      <Field label={t('devices.nameEn')}>
        <Input value={nameEn} maxLength={100} onChange={(event) => onChange({ name, nameEn: event.target.value })} />
      </Field>
    </div>
  )
}
