import { CheckOutlined, PlusOutlined } from '@ant-design/icons'
import type { DeviceDetail } from '@roomkeeper/shared/http'
import { SCAN_INTERVAL_MS } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, queries } from '../../client/api.ts'
import { queryClient, refetchTopic } from '../../client/query-client.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { staleLimitMs } from '../live/staleness.ts'
import { DeviceFacts } from './DeviceFacts.tsx'
import { DevicePoints } from './DevicePoints.tsx'
import { type DeviceEdits, formValues, hasEdits, NO_EDITS, type OwnChanges } from './device-edits.ts'
import { OthersChanges } from './OthersChanges.tsx'
import { Retirement } from './Retirement.tsx'
import { SettingsHistory } from './SettingsHistory.tsx'

const RoomDialog = lazy(async () => ({ default: (await import('../rooms/RoomDialog.tsx')).RoomDialog }))

/** The answer of a change is shown at once, without asking for it again. */
function keepDetail(detail: DeviceDetail): void {
  queryClient.setQueryData(queries.devices.get.queryKey({ input: { deviceId: detail.device.id } }), detail)
  refetchTopic('rooms')
}

interface Props {
  detail: DeviceDetail
  /** Opened with this point's names and calibration. */
  openPointId?: number
  /** Whether closing now would lose something. */
  onDirty: (isDirty: boolean) => void
  onClose: () => void
}

export function DeviceForm({ detail, openPointId, onDirty, onClose }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const rooms = useQuery(roomsQuery())
  const [edits, setEdits] = useState<DeviceEdits>(NO_EDITS)
  /** The revision this person has seen: what is saved is saved on top of it. */
  const [seen, setSeen] = useState(detail)
  const [isAddingRoom, setIsAddingRoom] = useState(false)
  // Without own changes the form follows the server.
  if (seen.revision !== detail.revision && !hasEdits(edits)) setSeen(detail)
  const isDirty = hasEdits(edits)
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const isOutrun = seen.revision !== detail.revision && hasEdits(edits)
  const values = formValues(detail, edits)
  const isNew = detail.commissioned === null

  const own: OwnChanges = {
    revision: seen.revision,
    onSaved: (saved) => {
      setSeen(saved)
      keepDetail(saved)
    },
  }
  const save = useMutation(
    queries.devices.update.mutationOptions({
      onSuccess: (saved) => {
        setEdits(NO_EDITS)
        own.onSaved(saved)
        showToast({ kind: 'success', text: isNew ? t('devices.confirmed', { name: words.device(saved.device) }) : t('common.saved') })
        if (isNew) onClose()
      },
      // The newer revision is fetched, and shown with what differs.
      onError: (error) => errorCode(error) === 'CONFLICT' && refetchTopic('rooms'),
    }),
  )
  const submit = (): void =>
    save.mutate({
      deviceId: detail.device.id,
      revision: seen.revision,
      name: edits.name?.trim(),
      nameEn: edits.name === undefined && edits.nameEn === undefined ? undefined : values.nameEn.trim(),
      roomId: edits.roomId,
      points: Object.entries(edits.points).map(([pointId, names]) => ({ pointId: Number(pointId), ...names })),
      intervalMs: edits.intervalMs,
      confirm: isNew,
    })
  const isNamed = values.name.trim() !== ''
  return (
    <form
      className="device-form"
      data-testid="device-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isNamed && !isOutrun) submit()
      }}
    >
      {isNew && <Alert type="info" showIcon title={t('devices.newNote')} />}
      <DeviceFacts detail={detail} />
      {isOutrun && <OthersChanges before={seen} after={detail} onAccept={() => setSeen(detail)} />}
      <fieldset className="device-fields" disabled={!mayWrite}>
        <Field label={t('devices.nameZh')} required error={isNamed ? undefined : t('errors.required')}>
          <Input
            value={values.name}
            maxLength={100}
            data-testid="device-name"
            onChange={(event) => setEdits({ ...edits, name: event.target.value })}
          />
        </Field>
        <Field label={t('devices.nameEn')} hint={t('devices.nameEnHint')}>
          <Input
            value={values.nameEn}
            maxLength={100}
            data-testid="device-name-en"
            onChange={(event) => setEdits({ ...edits, nameEn: event.target.value })}
          />
        </Field>
        <div className="device-room">
          <Field label={t('room.inRoom')} hint={t('room.moveHint')}>
            <Select
              value={values.roomId}
              disabled={!mayWrite}
              loading={rooms.isPending}
              data-testid="device-room"
              showSearch={{ optionFilterProp: 'label' }}
              options={(rooms.data ?? [detail.room]).map((room) => ({ value: room.id, label: `${room.site} › ${room.name}` }))}
              onChange={(roomId) => setEdits({ ...edits, roomId })}
            />
          </Field>
          {mayWrite && (
            <Button icon={<PlusOutlined />} onClick={() => setIsAddingRoom(true)}>
              {t('room.add')}
            </Button>
          )}
        </div>
        <Field label={t('room.interval')} hint={<IntervalHint detail={detail} intervalMs={values.intervalMs} />}>
          <InputNumber
            min={SCAN_INTERVAL_MS.min / 1000}
            max={SCAN_INTERVAL_MS.max / 1000}
            value={values.intervalMs === null ? null : values.intervalMs / 1000}
            placeholder={detail.settings.ownIntervalMs === null ? '' : String(detail.settings.ownIntervalMs / 1000)}
            suffix="s"
            disabled={!mayWrite}
            data-testid="device-interval"
            onChange={(seconds) => setEdits({ ...edits, intervalMs: seconds === null ? null : Math.round(seconds * 1000) })}
          />
        </Field>
      </fieldset>
      {save.error && errorCode(save.error) !== 'CONFLICT' && <Alert type="error" showIcon title={words.error(save.error)} />}
      <DevicePoints detail={detail} edits={edits} onEdit={setEdits} mayWrite={mayWrite} openPointId={openPointId} own={own} />
      <SettingsHistory detail={detail} />
      {mayWrite && <Retirement detail={detail} own={own} onRetired={onClose} />}
      {mayWrite && (
        <div className="device-save">
          <Button
            type="primary"
            htmlType="submit"
            icon={<CheckOutlined />}
            loading={save.isPending}
            disabled={!isNamed || isOutrun || (!isNew && !hasEdits(edits))}
            data-testid="device-save"
          >
            {isNew ? t('devices.confirm') : t('common.save')}
          </Button>
          {hasEdits(edits) && <Button onClick={() => setEdits(NO_EDITS)}>{t('devices.discard')}</Button>}
        </div>
      )}
      {isAddingRoom && (
        <Suspense>
          <RoomDialog onSaved={(room) => setEdits({ ...edits, roomId: room.id })} onClose={() => setIsAddingRoom(false)} />
        </Suspense>
      )}
    </form>
  )
}

/** What the interval means: the agent's own, and how many readings a day it makes. */
function IntervalHint({ detail, intervalMs }: { detail: DeviceDetail; intervalMs: number | null }) {
  const { t } = useTranslation()
  const { ownIntervalMs } = detail.settings
  const effectiveMs = intervalMs ?? ownIntervalMs
  const silenceSeconds = Math.round(staleLimitMs(effectiveMs ?? 0) / 1000)
  const count = effectiveMs === null ? null : Math.round((86_400_000 / effectiveMs) * detail.device.points.length)
  return (
    <>
      {ownIntervalMs === null ? t('devices.intervalEmpty') : t('devices.intervalDefault', { seconds: ownIntervalMs / 1000 })}
      {count !== null && (
        <span data-testid="interval-effect">
          {t('devices.intervalEffect', { count: count.toLocaleString('en'), seconds: silenceSeconds })}
        </span>
      )}
    </>
  )
}
