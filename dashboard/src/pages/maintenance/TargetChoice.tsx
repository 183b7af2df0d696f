import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { roomQuery, roomsQuery } from '../../client/room-queries.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

export interface Target {
  scope: 'point' | 'device' | 'room'
  scopeId: number
  label: string
}

interface Props {
  roomId: number | undefined
  target: Target | undefined
  /** Of the target; shown once a save was tried. */
  error: string | undefined
  onChange: (roomId: number | undefined, target: Target | undefined) => void
}

/** A room, then all of it, one of its devices or one of their points. */
export function TargetChoice({ roomId, target, error, onChange }: Props) {
  const { t } = useTranslation('life')
  const words = useWords()
  const rooms = useQuery(roomsQuery())
  const room = useQuery({ ...roomQuery(roomId ?? 0), enabled: roomId !== undefined }).data
  const choices: Target[] = room
    ? [
        { scope: 'room', scopeId: room.id, label: t('target.wholeRoom', { room: room.name }) },
        ...room.deviceList.flatMap((device): Target[] => [
          { scope: 'device', scopeId: device.id, label: words.device(device) },
          ...device.points.map(
            (point): Target => ({ scope: 'point', scopeId: point.id, label: `${words.device(device)} › ${words.point(point)}` }),
          ),
        ]),
      ]
    : target
      ? [target]
      : []
  const keyOf = ({ scope, scopeId }: Target) => `${scope}:${scopeId}`
  return (
    <div className="target-choice">
      <Field label={t('target.room')} required error={roomId === undefined ? error : undefined}>
        <Select
          value={roomId}
          loading={rooms.isPending}
          showSearch
          optionFilterProp="label"
          style={{ width: '100%' }}
          data-testid="target-room"
          options={rooms.data?.map(({ id, name, site }) => ({ value: id, label: `${site} · ${name}` }))}
          onChange={(next) => onChange(next, undefined)}
        />
      </Field>
      <Field label={t('target.what')} required error={roomId !== undefined && !target ? error : undefined}>
        <Select
          value={target && keyOf(target)}
          disabled={roomId === undefined}
          showSearch
          optionFilterProp="label"
          style={{ width: '100%' }}
          data-testid="target-what"
          options={choices.map((choice) => ({ value: keyOf(choice), label: `${t(`scope.${choice.scope}`)}: ${choice.label}` }))}
          onChange={(next) =>
            onChange(
              roomId,
              choices.find((choice) => keyOf(choice) === next),
            )
          }
        />
      </Field>
    </div>
  )
}
