import type { PointKind } from '@roomkeeper/shared/model'
import type { ReadingValueField } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { watchRooms } from '../../client/connection.ts'
import { roomQuery } from '../../client/room-queries.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Time } from '../../ui/Time.tsx'
import { PointState, PointValue } from '../live/PointValue.tsx'
import { usePointLook } from '../live/use-point-look.ts'
import { useRegisterChoices } from './use-registers.ts'

interface Props {
  value: unknown
  kind?: PointKind
  /** Of the record; absent: the room is chosen here first. */
  roomId: number | undefined
  onChange: (value: { pointId: number } | null) => void
  testId: string
  id?: string
  status?: 'error'
}

export function readingOf(value: unknown): (Pick<ReadingValueField, 'pointId'> & Partial<ReadingValueField>) | undefined {
  return typeof value === 'object' && value !== null && 'pointId' in value ? (value as ReadingValueField) : undefined
}

/** A point whose value the server writes beside it; the live one is shown while choosing. */
export function ReadingInput({ value, kind, roomId, onChange, testId, ...given }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const mayRead = useMay('readings.read')
  const choices = useRegisterChoices()
  const [chosenRoom, setChosenRoom] = useState<number | undefined>(undefined)
  const rooms = choices.data?.rooms ?? []
  const room = roomId ?? chosenRoom ?? (rooms.length === 1 ? rooms[0]?.id : undefined)
  const query = useQuery({ ...roomQuery(room ?? 0), enabled: room !== undefined && mayRead })
  useEffect(() => (room === undefined ? undefined : watchRooms([room])), [room])
  const points = query.data?.deviceList.flatMap((device) =>
    device.points.filter((point) => kind === undefined || point.kind === kind).map((point) => ({ device, point })),
  )
  const chosen = readingOf(value)
  const live = points?.find(({ point }) => point.id === chosen?.pointId)
  const options = points?.map(({ device, point }) => ({ value: point.id, label: `${words.device(device)} › ${words.point(point)}` })) ?? []
  const known = chosen && !live ? [{ value: chosen.pointId, label: chosen.name ?? String(chosen.pointId) }] : []
  if (!mayRead) return <ReadingText value={value} />
  return (
    <div className="record-reading">
      {roomId === undefined && rooms.length > 1 && (
        <Select
          aria-label={t('room')}
          placeholder={t('room')}
          style={{ width: '100%' }}
          value={room}
          options={rooms.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosenRoom}
        />
      )}
      <Select
        {...given}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear
        style={{ width: '100%' }}
        placeholder={room === undefined ? t('roomFirst') : t('choosePoint')}
        disabled={room === undefined && !chosen}
        loading={query.isFetching && !query.data}
        value={chosen?.pointId}
        options={[...known, ...options]}
        data-testid={testId}
        onChange={(pointId: number | undefined) => onChange(pointId === undefined ? null : { pointId })}
      />
      {live && (
        <span className="record-live">
          <span className="muted">{t('now')}</span> <LivePoint point={live.point} />
        </span>
      )}
      {chosen?.atMs !== undefined && <ReadingText value={value} />}
    </div>
  )
}

function LivePoint({ point }: { point: Parameters<typeof PointValue>[0]['point'] }) {
  const look = usePointLook(point)
  return (
    <>
      <PointValue point={point} look={look} /> <PointState point={point} look={look} />
    </>
  )
}

/** What the server wrote down, with its time. */
export function ReadingText({ value }: { value: unknown }) {
  const { t } = useTranslation('registers')
  const reading = readingOf(value)
  if (!reading) return <>—</>
  const { name, value: read, unit, quality, atMs } = reading
  return (
    <span>
      {name} <b>{read === undefined || read === null ? t('noReading') : `${String(read)} ${unitSymbol(unit ?? '1')}`}</b>{' '}
      {quality !== undefined && quality !== 'good' && <span className="mark mark-bad">{t('notGood')}</span>} <Time ms={atMs ?? null} />
    </span>
  )
}
