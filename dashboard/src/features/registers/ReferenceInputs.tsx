import type { Reference } from '@roomkeeper/shared/registers'
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { useRegisterChoices } from './use-registers.ts'

interface Props {
  value: unknown
  onChange: (value: Reference | null) => void
  testId: string
  /** Given by Field. */
  id?: string
  status?: 'error'
}

export function referenceOf(value: unknown): Reference | undefined {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number' ? (value as Reference) : undefined
}

interface Option {
  value: number
  label: string
  /** Written below it in the list, and searched too. */
  note?: string
}

/** One of many, found by typing. What is chosen and no longer in the list keeps the name it had. */
function ReferenceSelect({
  value,
  options,
  isLoading,
  onChange,
  testId,
  onSearch,
  ...given
}: Props & {
  options: readonly Option[]
  isLoading: boolean
  onSearch?: (text: string) => void
}) {
  const { t } = useTranslation('registers')
  const chosen = referenceOf(value)
  const all =
    chosen && !options.some((option) => option.value === chosen.id) ? [{ value: chosen.id, label: chosen.name }, ...options] : options
  return (
    <Select
      {...given}
      showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: 'search' }}
      allowClear
      loading={isLoading}
      style={{ width: '100%' }}
      placeholder={t(onSearch ? 'searchAndChoose' : 'choose')}
      notFoundContent={isLoading ? t('searching') : t('nothingFound')}
      value={chosen?.id}
      options={all.map((option: Option) => ({ ...option, search: `${option.label} ${option.note ?? ''}` }))}
      optionRender={({ data }) => (
        <>
          {data.label} {data.note && <span className="muted">{data.note}</span>}
        </>
      )}
      data-testid={testId}
      onChange={(id: number | undefined) => {
        const option = all.find((each) => each.value === id)
        onChange(option ? { id: option.value, name: option.label } : null)
      }}
    />
  )
}

export function RoomInput(props: Props) {
  const { data, isPending } = useRegisterChoices()
  const options = data?.rooms.map(({ id, name }) => ({ value: id, label: name })) ?? []
  return <ReferenceSelect {...props} options={options} isLoading={isPending} />
}

/** An account of this house; with roles only those who have one of them. */
export function PersonInput({ roles, ...props }: Props & { roles?: readonly string[] }) {
  const { data, isPending } = useRegisterChoices()
  const people = data?.people.filter((person) => !roles || person.roles.some((role) => roles.includes(role))) ?? []
  return <ReferenceSelect {...props} options={people.map(({ id, name }) => ({ value: id, label: name }))} isLoading={isPending} />
}

/** A device; those of the record's room where it has one. */
export function DeviceInput({ roomId, ...props }: Props & { roomId: number | undefined }) {
  const { data, isPending } = useRegisterChoices()
  const rooms = new Map(data?.rooms.map(({ id, name }) => [id, name]))
  const devices = data?.devices.filter((device) => roomId === undefined || device.roomId === roomId) ?? []
  const options = devices.map((device) => ({
    value: device.id,
    label: device.name,
    note: roomId === undefined ? rooms.get(device.roomId) : '',
  }))
  return <ReferenceSelect {...props} options={options} isLoading={isPending} />
}

const FOUND_MAX = 30

/** A record of another register, searched by number and text. */
export function RecordInput({ register, ...props }: Props & { register: string }) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const input = { register, limit: FOUND_MAX, ...(q ? { q } : {}) }
  const { data, isFetching } = useQuery({
    queryKey: queries.registers.list.queryKey({ input }),
    queryFn: ({ signal }) => api.registers.list(input, { signal }),
    placeholderData: (before) => before,
  })
  const options = data?.map(({ id, number, title }) => ({ value: id, label: title ? `${number} ${title}` : number })) ?? []
  return <ReferenceSelect {...props} options={options} isLoading={isFetching} onSearch={setText} />
}
