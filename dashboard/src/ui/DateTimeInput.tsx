import { DatePicker } from 'antd'
import dayjs from 'dayjs'

interface Props {
  valueMs: number | undefined
  onChange: (valueMs: number | undefined) => void
  testId?: string
  /** Given by Field. */
  id?: string
  status?: 'error'
}

/** A moment to the minute, in this computer's time zone; "now" is one click. */
export function DateTimeInput({ valueMs, onChange, testId, id, status }: Props) {
  return (
    <DatePicker
      id={id}
      status={status}
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      needConfirm={false}
      style={{ width: '100%' }}
      value={valueMs === undefined ? null : dayjs(valueMs)}
      data-testid={testId}
      onChange={(time) => onChange(time ? time.valueOf() : undefined)}
    />
  )
}
