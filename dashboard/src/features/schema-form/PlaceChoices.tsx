import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'

interface Props {
  value: unknown
  testId: string
  onChange: (value: unknown) => void
  /** Given by Field. */
  id?: string
  status?: 'error'
}

/** A device by its name; the setting holds its number. */
export function DeviceChoice({ value, testId, onChange, ...given }: Props) {
  const words = useWords()
  const { data, isPending } = useQuery(queries.devices.list.queryOptions({ input: { scope: 'all' } }))
  return (
    <Select
      {...given}
      showSearch
      optionFilterProp="label"
      loading={isPending}
      value={typeof value === 'number' ? value : undefined}
      style={{ width: '100%' }}
      data-testid={testId}
      options={
        data?.map((device) => ({ value: device.id, label: [device.roomName, words.device(device)].filter(Boolean).join(' › ') })) ?? []
      }
      onChange={onChange}
    />
  )
}

/** Rooms by their names; the setting holds their numbers. */
export function RoomsChoice({ value, testId, onChange, ...given }: Props) {
  const { data, isPending } = useQuery(queries.rooms.list.queryOptions())
  return (
    <Select
      {...given}
      mode="multiple"
      optionFilterProp="label"
      loading={isPending}
      value={Array.isArray(value) ? value : []}
      style={{ width: '100%' }}
      data-testid={testId}
      options={data?.map(({ id, site, name }) => ({ value: id, label: `${site} ${name}` })) ?? []}
      onChange={onChange}
    />
  )
}
