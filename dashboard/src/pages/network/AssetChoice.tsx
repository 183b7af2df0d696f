import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { queries } from '../../client/api.ts'

interface Props {
  id?: string
  value: number | null
  /** What stands there until the list is loaded. */
  label: string | null
  onChange(value: number | null): void
}

/** One of the assets, found by number or name. */
export function AssetChoice({ id, value, label, onChange }: Props) {
  const [q, setQ] = useState('')
  const assets = useQuery(queries.registers.list.queryOptions({ input: { register: 'asset', limit: 30, ...(q && { q }) } }))
  // Drafts are no assets yet, and what has left is none any more; the one that is chosen stays.
  const options = (assets.data ?? [])
    .filter((asset) => asset.phase === 'kept' || asset.id === value)
    .map((asset) => ({ value: asset.id, label: [asset.fields.number ?? asset.number, asset.title].join(' ') }))
  if (value !== null && label !== null && !options.some((option) => option.value === value)) options.unshift({ value, label })
  return (
    <Select
      {...(id && { id })}
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      loading={assets.isFetching}
      value={value}
      options={options}
      onChange={(next?: number) => onChange(next ?? null)}
    />
  )
}
