import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { ALARM_PRIORITIES, type AlarmPriority, isPointKind, pointKindInfo, UPS_STATUS_TOKENS } from '@roomkeeper/shared/model'
import { Button, Checkbox, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityShape } from '../../ui/PriorityMark.tsx'
import { LimitCell } from './LimitCell.tsx'
import { deadbandOf, isLowSide, isThreshold, type LimitDraft, nextKey, withValue } from './limit-draft.ts'
import { useLimitWords } from './limit-words.ts'
import { StepRows } from './StepRows.tsx'
import { VariantRows } from './VariantRows.tsx'

export interface CardProps {
  draft: LimitDraft
  kind: string
  unit: string
  problems: ReadonlyMap<string, string>
  onChange: (draft: LimitDraft, place: string) => void
}

const MOST_VARIANTS = 6
const MOST_STEPS = 3

/** One condition: what raises the alarm, at what it clears, how long it waits, how urgent it is, and what differs at night or gets worse. */
export function LimitCard({ onRemove, ...props }: CardProps & { onRemove: () => void }) {
  const { draft, problems, onChange } = props
  const { t } = useTranslation('limits')
  const words = useWords()
  const change = (patch: Partial<LimitDraft>, place = '') => onChange({ ...draft, ...patch }, place)
  const name = words.condition(draft.condition)
  const worst = draft.steps.at(-1)?.priority ?? draft.priority
  const mayVary = draft.condition !== 'no-data' && draft.condition !== 'sensor-suspect'
  const addVariant = () =>
    change({
      variants: [
        ...draft.variants,
        {
          key: nextKey(draft.variants),
          days: [1, 2, 3, 4, 5, 6, 7],
          from: '20:00',
          to: '07:00',
          enabled: true,
          value: null,
          clear: null,
          onDelaySeconds: null,
          priority: null,
        },
      ],
    })
  const addStep = () =>
    change({
      steps: [
        ...draft.steps,
        {
          key: nextKey(draft.steps),
          by: isThreshold(draft.condition) ? 'value' : 'duration',
          value: null,
          afterMinutes: null,
          priority: worse(worst),
        },
      ],
    })
  return (
    <section className={`limit-card limit-card-${draft.enabled ? draft.priority : 'off'}`} data-testid={`limit-card-${draft.condition}`}>
      <div className="limit-card-head">
        <PriorityShape priority={draft.priority} />
        <h3 className="sentence-start">{name}</h3>
        <span className="muted limit-card-note">{t(`about.${draft.condition}`)}</span>
        <Switch
          size="small"
          checked={draft.enabled}
          aria-label={t('editor.enabled', { name })}
          title={t(draft.enabled ? 'on' : 'off')}
          onChange={(enabled) => change({ enabled })}
        />
        <Button type="text" size="small" danger icon={<DeleteOutlined />} aria-label={t('editor.remove', { name })} onClick={onRemove} />
      </div>
      <div className="limit-fields">
        <Threshold {...props} />
        <LimitCell label={t('onDelay')} problem={problems.get(`${draft.key}.onDelaySeconds`)}>
          <Seconds label={t('onDelay')} value={draft.onDelaySeconds} onChange={(onDelaySeconds) => change({ onDelaySeconds }, 'onDelay')} />
        </LimitCell>
        <LimitCell label={t('offDelay')} problem={problems.get(`${draft.key}.offDelayMs`)}>
          <Seconds
            label={t('offDelay')}
            value={draft.offDelaySeconds}
            onChange={(offDelaySeconds) => change({ offDelaySeconds }, 'offDelay')}
          />
        </LimitCell>
        <LimitCell label={t('priority')} problem={problems.get(`${draft.key}.priority`)}>
          <Select
            value={draft.priority}
            aria-label={t('priority')}
            options={ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) }))}
            onChange={(priority) => change({ priority })}
          />
        </LimitCell>
      </div>
      <VariantRows {...props} />
      <StepRows {...props} />
      <div className="limit-card-foot">
        {mayVary && (
          <>
            <Button size="small" type="link" icon={<PlusOutlined />} disabled={draft.variants.length >= MOST_VARIANTS} onClick={addVariant}>
              {t('editor.addVariant')}
            </Button>
            <Button
              size="small"
              type="link"
              icon={<PlusOutlined />}
              disabled={draft.steps.length >= MOST_STEPS || worst === 'critical'}
              onClick={addStep}
            >
              {t('editor.addStep')}
            </Button>
          </>
        )}
        <Checkbox
          checked={draft.latching}
          title={t('editor.latchingNote')}
          onChange={(event) => change({ latching: event.target.checked })}
        >
          {t('editor.latching')}
        </Checkbox>
      </div>
    </section>
  )
}

function worse(priority: AlarmPriority): AlarmPriority {
  return ALARM_PRIORITIES[ALARM_PRIORITIES.indexOf(priority) + 1] ?? priority
}

/** Raise and clear value, or the states; nothing for conditions that have neither. */
function Threshold({ draft, kind, unit, problems, onChange }: CardProps) {
  const { t } = useTranslation('limits')
  const limitWords = useLimitWords(kind, unit)
  const { key, condition, value, clear } = draft
  const problem = (field: string) => problems.get(`${key}.${field}`)
  if (condition.startsWith('state')) {
    const isContact = isPointKind(kind) && pointKindInfo(kind).valueType === 'boolean'
    const tokens = isContact ? ['true', 'false'] : Object.keys(UPS_STATUS_TOKENS)
    return (
      <LimitCell label={t('states')} problem={problem('tokens')} className="limit-cell-wide">
        <Select
          mode={isContact ? 'multiple' : 'tags'}
          value={[...draft.tokens]}
          aria-label={t('states')}
          options={tokens.map((name) => ({
            value: name,
            label: isContact ? limitWords.token(name) : `${limitWords.token(name)} (${name})`,
          }))}
          onChange={(next: string[]) => onChange({ ...draft, tokens: next }, '')}
        />
      </LimitCell>
    )
  }
  if (!isThreshold(condition)) return null
  const suffix = limitWords.unitOf(condition)
  const deadband = value !== null && clear !== null ? deadbandOf(condition, value, clear) : undefined
  const isLow = isLowSide(condition)
  return (
    <>
      <LimitCell label={t(isLow ? 'raiseBelow' : 'raiseAbove')} problem={problem('value')}>
        <InputNumber
          value={value}
          suffix={suffix}
          aria-label={t(isLow ? 'raiseBelow' : 'raiseAbove')}
          aria-invalid={problem('value') !== undefined}
          data-testid={`limit-value-${condition}`}
          onChange={(next) => onChange(withValue({ ...draft, clear: clear ?? next }, next), 'value')}
        />
      </LimitCell>
      <LimitCell
        label={t(isLow ? 'clearAbove' : 'clearBelow')}
        problem={problem('clear')}
        note={deadband !== undefined && deadband >= 0 ? t('deadbandIs', { value: `${deadband} ${suffix}`.trim() }) : undefined}
      >
        <InputNumber
          value={clear}
          suffix={suffix}
          aria-label={t(isLow ? 'clearAbove' : 'clearBelow')}
          aria-invalid={problem('clear') !== undefined}
          data-testid={`limit-clear-${condition}`}
          onChange={(next) => onChange({ ...draft, clear: next }, 'clear')}
        />
      </LimitCell>
    </>
  )
}

function Seconds({ label, value, onChange }: { label: string; value: number; onChange: (seconds: number) => void }) {
  return <InputNumber aria-label={label} min={0} max={86_400} value={value} suffix="s" onChange={(seconds) => onChange(seconds ?? 0)} />
}
