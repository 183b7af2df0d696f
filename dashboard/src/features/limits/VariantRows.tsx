import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import { Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { DraftRows } from './DraftRows.tsx'
import type { CardProps } from './LimitCard.tsx'
import { LimitCell } from './LimitCell.tsx'
import { clearOf, deadbandOf, isThreshold, type VariantDraft, withValue } from './limit-draft.ts'
import { useLimitWords } from './limit-words.ts'

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const

/** What differs at certain times, one row each. The first that fits counts, so their order is shown. */
export function VariantRows({ draft, kind, unit, problems, onChange }: CardProps) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  if (draft.variants.length === 0) return null
  const hasValue = isThreshold(draft.condition)
  const suffix = limitWords.unitOf(draft.condition)
  /** Where it clears when the variant says nothing of it: with the deadband of the limit itself. */
  const usualClear = ({ value }: VariantDraft): string => {
    const raise = value ?? draft.value
    if (raise === null || draft.value === null || draft.clear === null) return '—'
    return String(clearOf(draft.condition, raise, Math.max(0, deadbandOf(draft.condition, draft.value, draft.clear))))
  }
  return (
    <DraftRows
      draft={draft}
      problems={problems}
      part="variants"
      rows={draft.variants}
      title={t('editor.variants')}
      removeText={(number) => t('editor.removeVariant', { number })}
      onChange={(variants, place) => onChange({ ...draft, variants }, place)}
      note={<p className="field-hint">{t('editor.variantsNote')}</p>}
    >
      {({ row: variant, number, problem, change }) => (
        <>
          <LimitCell label={`${number}. ${t('editor.days')}`} problem={problem('days')} className="limit-cell-wide">
            <span className="day-toggles">
              {DAYS.map((day) => (
                <button
                  key={day}
                  type="button"
                  className="day-toggle"
                  aria-pressed={variant.days.includes(day)}
                  onClick={() =>
                    change({ days: variant.days.includes(day) ? variant.days.filter((each) => each !== day) : [...variant.days, day] })
                  }
                >
                  {t(`day.${day}`)}
                </button>
              ))}
            </span>
          </LimitCell>
          <LimitCell label={t('editor.from')} problem={problem('from')}>
            <ClockTime value={variant.from} label={t('editor.from')} onChange={(from) => change({ from }, 'from')} />
          </LimitCell>
          <LimitCell label={t('editor.to')} problem={problem('to')} note={variant.to <= variant.from ? t('editor.nextDay') : undefined}>
            <ClockTime value={variant.to} label={t('editor.to')} onChange={(to) => change({ to }, 'to')} />
          </LimitCell>
          <LimitCell label={t('editor.alarm')}>
            <Switch
              checked={variant.enabled}
              checkedChildren={t('on')}
              unCheckedChildren={t('noAlarm')}
              aria-label={t('editor.alarm')}
              onChange={(enabled) => change({ enabled })}
            />
          </LimitCell>
          {variant.enabled && (
            <>
              {hasValue && (
                <>
                  <LimitCell label={t('raise')} problem={problem('value')}>
                    <InputNumber
                      value={variant.value}
                      suffix={suffix}
                      placeholder={draft.value === null ? '—' : String(draft.value)}
                      aria-label={t('raise')}
                      onChange={(value) => change(withValue(variant, value), 'value')}
                    />
                  </LimitCell>
                  <LimitCell label={t('clear')} problem={problem('clear')}>
                    <InputNumber
                      value={variant.clear}
                      suffix={suffix}
                      placeholder={usualClear(variant)}
                      aria-label={t('clear')}
                      onChange={(clear) => change({ clear }, 'clear')}
                    />
                  </LimitCell>
                </>
              )}
              <LimitCell label={t('onDelay')} problem={hasValue ? undefined : problem('value')}>
                <InputNumber
                  min={0}
                  max={86_400}
                  suffix="s"
                  value={variant.onDelaySeconds}
                  placeholder={String(draft.onDelaySeconds)}
                  aria-label={t('onDelay')}
                  onChange={(onDelaySeconds) => change({ onDelaySeconds }, 'onDelay')}
                />
              </LimitCell>
              <LimitCell label={t('priority')} problem={problem('priority')}>
                <Select<AlarmPriority | null>
                  value={variant.priority}
                  aria-label={t('priority')}
                  options={[
                    { value: null, label: t('editor.same') },
                    ...ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) })),
                  ]}
                  onChange={(priority) => change({ priority })}
                />
              </LimitCell>
            </>
          )}
        </>
      )}
    </DraftRows>
  )
}

function ClockTime({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  return (
    <Input
      value={value}
      maxLength={5}
      placeholder="20:00"
      inputMode="numeric"
      aria-label={label}
      onChange={(event) => onChange(event.target.value.replace('\uff1a', ':'))}
      onBlur={() => onChange(completeTime(value))}
    />
  )
}

/** `8` and `8:30` are what people type. */
function completeTime(text: string): string {
  const [hours = '', minutes = '00'] = text.trim().split(':')
  return /^\d{1,2}$/.test(hours) && /^\d{2}$/.test(minutes) ? `${hours.padStart(2, '0')}:${minutes}` : text
}
