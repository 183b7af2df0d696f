import type { DeviceDetail, Point } from '@roomkeeper/shared/http'
import { plausibleOffset } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Segmented } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorField, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { latestOf } from '../live/use-point-look.ts'
import { decimalsOf } from '../live/value-text.ts'
import { type OwnChanges, signed } from './device-edits.ts'

type Mode = 'shows' | 'offset'

/** One point's correction: what is in force, and a new one by what a reference instrument shows or by a known offset. */
export function CalibrationPanel({
  detail,
  point,
  mayWrite,
  own,
}: {
  detail: DeviceDetail
  point: Point
  mayWrite: boolean
  own: OwnChanges
}) {
  const { t } = useTranslation()
  const words = useWords()
  const unit = unitSymbol(point.unit)
  const current = detail.calibrations.find(({ key }) => key === point.key)
  const [mode, setMode] = useState<Mode>('shows')
  const [value, setValue] = useState<number | null>(null)
  const [reference, setReference] = useState('')
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const onSuccess = (saved: DeviceDetail): void => {
    own.onSaved(saved)
    setValue(null)
    setReason('')
    setIsTried(false)
    showToast({ kind: 'success', text: t('common.saved') })
  }
  const onError = (error: unknown): void => {
    if (errorCode(error) === 'CONFLICT') refetchTopic('rooms')
  }
  const calibrate = useMutation(queries.devices.calibrate.mutationOptions({ onSuccess, onError }))
  const remove = useMutation(queries.devices.removeCalibration.mutationOptions({ onSuccess, onError }))
  const isImplausible = errorField(calibrate.error) === 'isConfirmed'
  const error = remove.error ?? calibrate.error

  function save(isConfirmed = false): void {
    setIsTried(true)
    if (value === null || reference.trim() === '') return
    remove.reset()
    const correction = mode === 'shows' ? { shows: value } : { offset: value }
    calibrate.mutate({
      pointId: point.id,
      revision: own.revision,
      correction,
      reference: reference.trim(),
      reason: reason.trim(),
      isConfirmed,
    })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return
    // Not the form around it: names and room are saved by their own button.
    event.preventDefault()
    save()
  }

  return (
    <div className="calibration" data-testid="calibration">
      <h3>{t('devices.calibration')}</h3>
      {current ? (
        <p className={current.isOutdated ? 'calibration-old' : ''} data-testid="calibration-current">
          <b>
            {signed(current.offset)} {unit}
          </b>{' '}
          {t('devices.calibratedBy', { name: current.by, time: dateTimeText(current.atMs), reference: current.reference || '—' })}
          {current.isOutdated && <span className="mark mark-medium">{t('devices.outdated')}</span>}
        </p>
      ) : (
        <p className="muted">{t('devices.notCalibrated')}</p>
      )}
      {mayWrite && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the fields inside
        <div onKeyDown={onKeyDown}>
          <Segmented
            size="small"
            value={mode}
            options={[
              { value: 'shows', label: t('devices.byReference') },
              { value: 'offset', label: t('devices.byOffset') },
            ]}
            onChange={(next: Mode) => {
              setMode(next)
              calibrate.reset()
            }}
          />
          <div className="device-two">
            <Field
              label={t(mode === 'shows' ? 'devices.referenceShows' : 'devices.offset')}
              required
              error={isTried && value === null ? t('errors.required') : undefined}
              hint={mode === 'shows' ? <OffsetPreview point={point} shows={value} /> : t('devices.offsetHint')}
            >
              <InputNumber
                value={value}
                suffix={unit}
                data-testid="calibration-value"
                onChange={(next) => {
                  setValue(next)
                  calibrate.reset()
                }}
              />
            </Field>
            <Field
              label={t('devices.reference')}
              required
              hint={t('devices.referenceHint')}
              error={isTried && reference.trim() === '' ? t('errors.required') : undefined}
            >
              <Input
                value={reference}
                maxLength={200}
                data-testid="calibration-reference"
                onChange={(event) => setReference(event.target.value)}
              />
            </Field>
          </div>
          <Field label={t('devices.reason')} error={remove.isIdle || reason.trim() ? undefined : t('errors.required')}>
            <Input value={reason} maxLength={4000} data-testid="calibration-reason" onChange={(event) => setReason(event.target.value)} />
          </Field>
          {error && <Alert type={isImplausible ? 'warning' : 'error'} showIcon role="alert" title={words.error(error)} />}
          <div className="form-actions calibration-actions">
            {isImplausible ? (
              <Button danger loading={calibrate.isPending} data-testid="calibration-confirm" onClick={() => save(true)}>
                {t('devices.calibrateAnyway')}
              </Button>
            ) : (
              <Button loading={calibrate.isPending} data-testid="calibration-save" onClick={() => save()}>
                {t('devices.calibrate')}
              </Button>
            )}
            {current && (
              <Button
                type="text"
                danger
                loading={remove.isPending}
                disabled={reason.trim() === ''}
                title={reason.trim() === '' ? t('devices.removeNeedsReason') : undefined}
                data-testid="calibration-remove"
                onClick={() => {
                  calibrate.reset()
                  remove.mutate({ pointId: point.id, revision: own.revision, reason: reason.trim() })
                }}
              >
                {t('devices.removeCalibration')}
              </Button>
            )}
          </div>
        </div>
      )}
    </div>
  )
}

/** The arithmetic before it is saved: reference − read value. The server does it again with the reading it has. */
function OffsetPreview({ point, shows }: { point: Point; shows: number | null }) {
  const { t } = useTranslation()
  const { value, quality } = latestOf(point)
  if (typeof value !== 'number' || quality !== 'good') return t('devices.noGoodValue')
  const held = point.calibration?.offset ?? 0
  const raw = value - held
  const decimals = decimalsOf(point.kind)
  if (shows === null) return t('devices.readsNow', { value: raw.toFixed(decimals), unit: unitSymbol(point.unit) })
  const offset = Math.round((shows - raw) * 1000) / 1000
  const isLarge = Math.abs(offset) > plausibleOffset(point.kind, raw)
  return (
    <span className={isLarge ? 'calibration-large' : ''}>
      {t('devices.offsetIs', { shows, raw: raw.toFixed(decimals), offset: signed(offset), unit: unitSymbol(point.unit) })}
    </span>
  )
}
