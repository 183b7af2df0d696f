import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { DraftRows } from './DraftRows.tsx'
import type { CardProps } from './LimitCard.tsx'
import { LimitCell } from './LimitCell.tsx'
import { isThreshold } from './limit-draft.ts'
import { useLimitWords } from './limit-words.ts'

/** Further severity: by a worse value, or when it lasts. */
export function StepRows({ draft, kind, unit, problems, onChange }: CardProps) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  if (draft.steps.length === 0) return null
  return (
    <DraftRows
      draft={draft}
      problems={problems}
      part="steps"
      rows={draft.steps}
      title={t('editor.steps')}
      removeText={(number) => t('editor.removeStep', { number })}
      onChange={(steps, place) => onChange({ ...draft, steps }, place)}
    >
      {({ row: step, number, problem, change }) => (
        <>
          <LimitCell label={`${number}. ${t('editor.when')}`}>
            <Select
              value={step.by}
              aria-label={t('editor.when')}
              options={(isThreshold(draft.condition) ? (['value', 'duration'] as const) : (['duration'] as const)).map((value) => ({
                value,
                label: t(`editor.by.${value}`),
              }))}
              onChange={(by) => change({ by, value: null, afterMinutes: null })}
            />
          </LimitCell>
          {step.by === 'value' ? (
            <LimitCell label={t('editor.stepValue')} problem={problem('value')}>
              <InputNumber
                value={step.value}
                suffix={limitWords.unitOf(draft.condition)}
                aria-label={t('editor.stepValue')}
                onChange={(value) => change({ value }, 'value')}
              />
            </LimitCell>
          ) : (
            <LimitCell label={t('editor.stepAfter')} problem={problem('afterMinutes')}>
              <InputNumber
                min={1}
                max={1440}
                value={step.afterMinutes}
                suffix="min"
                aria-label={t('editor.stepAfter')}
                onChange={(afterMinutes) => change({ afterMinutes }, 'afterMinutes')}
              />
            </LimitCell>
          )}
          <LimitCell label={t('editor.becomes')} problem={problem('priority')}>
            <Select
              value={step.priority}
              aria-label={t('editor.becomes')}
              options={ALARM_PRIORITIES.slice(1).map((value) => ({ value, label: words.priority(value) }))}
              onChange={(priority) => change({ priority })}
            />
          </LimitCell>
        </>
      )}
    </DraftRows>
  )
}
