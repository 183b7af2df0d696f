import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordFilter } from '../../features/registers/register-list.ts'
import { useRegisterChoices } from '../../features/registers/use-registers.ts'
import { useWords } from '../../i18n/use-words.ts'

interface Props {
  definition: RegisterDefinition
  filter: RecordFilter
  onChange: (patch: Partial<RecordFilter>) => void
}

/** Typing goes into the address after this pause. */
const TYPING_MS = 400

export function RecordFilters({ definition, filter, onChange }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const { data } = useRegisterChoices()
  const [text, setText] = useState(filter.q ?? '')
  useEffect(() => {
    if (text.trim() === (filter.q ?? '')) return
    const timer = setTimeout(() => onChange({ q: text.trim() || undefined }), TYPING_MS)
    return () => clearTimeout(timer)
  })
  return (
    <search className="record-filters" aria-label={t('filter.label')}>
      <Input.Search
        allowClear
        value={text}
        placeholder={t('filter.text')}
        aria-label={t('filter.text')}
        data-testid="filter-text"
        onChange={(event) => setText(event.target.value)}
      />
      <Select
        allowClear
        placeholder={t('filter.state')}
        aria-label={t('filter.state')}
        value={filter.state}
        options={definition.states.map((state) => ({ value: state.name, label: words.of(state.label) }))}
        data-testid="filter-state"
        onChange={(state: string | undefined) => onChange({ state })}
      />
      {definition.byRoom && (
        <Select
          allowClear
          placeholder={t('room')}
          aria-label={t('room')}
          value={filter.roomId}
          options={data?.rooms.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          data-testid="filter-room"
          onChange={(roomId: number | undefined) => onChange({ roomId })}
        />
      )}
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        placeholder={[t('filter.from'), t('filter.to')]}
        value={[filter.fromMs ? dayjs(filter.fromMs) : null, filter.toMs ? dayjs(filter.toMs).subtract(1, 'day') : null]}
        onChange={(range) =>
          onChange({ fromMs: range?.[0]?.startOf('day').valueOf(), toMs: range?.[1]?.add(1, 'day').startOf('day').valueOf() })
        }
      />
    </search>
  )
}
