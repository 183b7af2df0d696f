import type { LimitTarget } from '@roomkeeper/shared/http'
import { POINT_KIND_NAMES, ROOM_CLASS_NAMES, type RoomClass } from '@roomkeeper/shared/model'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kindsOf, onlyRoomId, type Places } from '../../features/limits/places.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'

const SCOPES = ['kind', 'room-class', 'room', 'device', 'point'] as const
type Scope = (typeof SCOPES)[number]

interface Props {
  places: Places
  onChosen: (target: LimitTarget) => void
  onClose: () => void
}

/** For what the limits shall be: first how far they reach, then where, then for which kind of point. */
export function TargetChooser({ places, onChosen, onClose }: Props) {
  const { t } = useTranslation('limits')
  const { t: common } = useTranslation()
  const words = useWords()
  const [scope, setScope] = useState<Scope>('room')
  const [roomClass, setRoomClass] = useState<RoomClass>()
  const [chosenRoomId, setRoomId] = useState<number>()
  const roomId = chosenRoomId ?? onlyRoomId(places)
  const [deviceId, setDeviceId] = useState<number>()
  const [pointId, setPointId] = useState<number>()
  const [kind, setKind] = useState<string>()

  const needsRoom = scope === 'room' || scope === 'device' || scope === 'point'
  const needsDevice = scope === 'device' || scope === 'point'
  const inReach = places.entries.filter(
    ({ room, device }) =>
      (!needsRoom || room.id === roomId) &&
      (!needsDevice || device.id === deviceId) &&
      (scope !== 'room-class' || room.class === roomClass),
  )
  const existing = kindsOf(inReach)
  // For a class or everywhere, limits may be made before the first such point exists.
  const kinds = needsRoom ? existing : [...existing, ...POINT_KIND_NAMES.filter((each) => !existing.includes(each))]
  const devices = [...new Map(places.entries.filter(({ room }) => room.id === roomId).map(({ device }) => [device.id, device])).values()]
  const target = targetOf()

  function targetOf(): LimitTarget | undefined {
    if (scope === 'point') return pointId === undefined ? undefined : { scope, pointId }
    if (kind === undefined || !kinds.includes(kind)) return undefined
    if (scope === 'kind') return { scope, kind }
    if (scope === 'room-class') return roomClass && { scope, roomClass, kind }
    if (scope === 'room') return roomId === undefined ? undefined : { scope, roomId, kind }
    return deviceId === undefined ? undefined : { scope, deviceId, kind }
  }

  return (
    <SidePanel title={t('chooser.title')} label={t('chooser.title')} onClose={onClose} takesFocus>
      <p className="muted">{t('chooser.note')}</p>
      <Field label={t('column.scope')}>
        <Select
          value={scope}
          style={{ width: '100%' }}
          data-testid="target-scope"
          options={SCOPES.map((value) => ({ value, label: t(`chooser.scope.${value}`) }))}
          onChange={setScope}
        />
      </Field>
      {scope === 'room-class' && (
        <Field label={t('scope.room-class')} required>
          <Select
            value={roomClass}
            style={{ width: '100%' }}
            options={ROOM_CLASS_NAMES.map((value) => ({ value, label: words.roomClass(value) }))}
            onChange={setRoomClass}
          />
        </Field>
      )}
      {needsRoom && (
        <Field label={t('scope.room')} required>
          <Select
            value={roomId}
            style={{ width: '100%' }}
            data-testid="target-room"
            options={places.rooms.map(({ id, name, site }) => ({ value: id, label: `${name} · ${site}` }))}
            onChange={(next) => {
              setRoomId(next)
              setDeviceId(undefined)
              setPointId(undefined)
            }}
          />
        </Field>
      )}
      {needsDevice && (
        <Field label={t('scope.device')} required>
          <Select
            value={deviceId}
            style={{ width: '100%' }}
            options={devices.map((device) => ({ value: device.id, label: words.device(device) }))}
            onChange={(next) => {
              setDeviceId(next)
              setPointId(undefined)
            }}
          />
        </Field>
      )}
      {scope === 'point' ? (
        <Field label={t('scope.point')} required>
          <Select
            value={pointId}
            style={{ width: '100%' }}
            options={inReach.map(({ point }) => ({ value: point.id, label: `${words.point(point)} (${point.key})` }))}
            onChange={setPointId}
          />
        </Field>
      ) : (
        <Field label={t('chooser.kind')} required hint={existing.length > 0 && !needsRoom ? t('chooser.kindHint') : undefined}>
          <Select
            value={kind !== undefined && kinds.includes(kind) ? kind : undefined}
            style={{ width: '100%' }}
            data-testid="target-kind"
            showSearch={{ optionFilterProp: 'label' }}
            options={kinds.map((value) => ({ value, label: words.kind(value) }))}
            onChange={setKind}
          />
        </Field>
      )}
      <div className="form-actions">
        <Button type="primary" disabled={!target} data-testid="target-continue" onClick={() => target && onChosen(target)}>
          {t('chooser.continue')}
        </Button>
        <Button onClick={onClose}>{common('common.cancel')}</Button>
      </div>
    </SidePanel>
  )
}
