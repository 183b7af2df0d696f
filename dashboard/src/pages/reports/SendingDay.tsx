import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import type { ReportDraft } from './ScheduleForm.tsx'
import { DAYS_OF_MONTH, MONTHS, WEEKDAYS } from './sending-days.ts'
import { useReportWords } from './use-report-words.ts'

interface Props {
  draft: ReportDraft
  timeZone: string
  onDraft: (change: Partial<ReportDraft>) => void
  problemOf: (field: string) => string | undefined
}

/** On which day of the week, month or year the report goes out, as far as its kind has a choice, and at what time. */
export function SendingDay({ draft, timeZone, onDraft, problemOf }: Props) {
  const { t } = useTranslation('reports')
  const reportWords = useReportWords()
  const { kind } = draft
  return (
    <div className="report-row report-when">
      {kind === 'weekly' && (
        <Field label={t('form.weekday')} error={problemOf('weekday')}>
          <Select
            value={draft.weekday}
            data-testid="form-weekday"
            options={WEEKDAYS.map((value) => ({ value, label: t(`weekday.${value}`) }))}
            onChange={(weekday: number) => onDraft({ weekday })}
          />
        </Field>
      )}
      {kind === 'yearly' && (
        <Field label={t('form.month')} error={problemOf('month')}>
          <Select
            value={draft.month}
            data-testid="form-month"
            options={MONTHS.map((value) => ({ value, label: t(`monthName.${value}`) }))}
            onChange={(month: number) => onDraft({ month })}
          />
        </Field>
      )}
      {(kind === 'monthly' || kind === 'yearly') && (
        <Field label={t('form.day')} error={problemOf('dayOfMonth')}>
          <Select
            value={draft.dayOfMonth}
            data-testid="form-day"
            options={DAYS_OF_MONTH.map((value) => ({ value, label: reportWords.day(value).trim() }))}
            onChange={(dayOfMonth: number) => onDraft({ dayOfMonth })}
          />
        </Field>
      )}
      <Field label={t('form.at', { zone: timeZone })} error={problemOf('at')}>
        <Input type="time" value={draft.at} data-testid="form-at" onChange={({ target }) => onDraft({ at: target.value.slice(0, 5) })} />
      </Field>
    </div>
  )
}
