import { DatePicker, Input } from 'antd'
import dayjs from 'dayjs'
import { DateTimeInput } from '../../ui/DateTimeInput.tsx'
import { hasTouch } from '../../ui/use-phone.ts'

/** Given by Field. */
interface Given {
  id?: string
  status?: 'error'
}

/** YYYY-MM-DD by the clock on the wall. */
export function DateInput({
  value,
  onChange,
  testId,
  ...given
}: Given & { value: string | undefined; onChange: (value: string | null) => void; testId: string }) {
  if (hasTouch())
    return (
      <Input {...given} type="date" value={value ?? ''} data-testid={testId} onChange={(event) => onChange(event.target.value || null)} />
    )
  return (
    <DatePicker
      {...given}
      style={{ width: '100%' }}
      value={value ? dayjs(value) : null}
      data-testid={testId}
      onChange={(date) => onChange(date ? date.format('YYYY-MM-DD') : null)}
    />
  )
}

/** A moment to the minute, epoch ms. */
export function InstantInput({
  value,
  onChange,
  testId,
  ...given
}: Given & { value: number | undefined; onChange: (value: number | null) => void; testId: string }) {
  if (hasTouch())
    return (
      <Input
        {...given}
        type="datetime-local"
        value={value === undefined ? '' : dayjs(value).format('YYYY-MM-DDTHH:mm')}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value ? dayjs(event.target.value).valueOf() : null)}
      />
    )
  return <DateTimeInput {...given} valueMs={value} testId={testId} onChange={(ms) => onChange(ms ?? null)} />
}
