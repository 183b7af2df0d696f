import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { deadbandOf, isLowSide, isThreshold, type LimitDraft, type StepDraft, type VariantDraft } from './limit-draft.ts'

/** What can be said of a draft before it is sent; the server checks again and knows more (ranges of the points). */
export type ProblemCode =
  | 'required'
  | 'tokens'
  | 'clear-side'
  | 'positive'
  | 'order'
  | 'no-way-back'
  | 'days'
  | 'time'
  | 'nothing-differs'
  | 'step-side'
  | 'step-priority'

/** Problems by place: `<key of the draft>.value`, `<key>.variants.<key>.days`, `<key>.steps.<key>.value`. */
export type Problems = ReadonlyMap<string, ProblemCode>

export function problemsOf(drafts: readonly LimitDraft[]): Problems {
  const problems = new Map<string, ProblemCode>()
  const note = (place: string, code: ProblemCode): void => {
    if (!problems.has(place)) problems.set(place, code)
  }
  for (const draft of drafts) {
    const { key, condition, value, clear } = draft
    if (condition.startsWith('state') && draft.tokens.length === 0) note(`${key}.tokens`, 'tokens')
    if (isThreshold(condition)) {
      if (value === null) note(`${key}.value`, 'required')
      else if ((condition === 'rate-of-change' || condition === 'time-to-limit') && value <= 0) note(`${key}.value`, 'positive')
      if (clear === null) note(`${key}.clear`, 'required')
      else if (value !== null && deadbandOf(condition, value, clear) < 0) note(`${key}.clear`, 'clear-side')
    }
    for (const variant of draft.variants) noteVariant(draft, variant, note)
    draft.steps.forEach((step, at) => {
      noteStep(draft, step, at, note)
    })
  }
  noteOrder(drafts, note)
  return problems
}

type Note = (place: string, code: ProblemCode) => void

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/

function noteVariant({ key, condition, value: usual }: LimitDraft, variant: VariantDraft, note: Note): void {
  const place = `${key}.variants.${variant.key}`
  if (variant.days.length === 0) note(`${place}.days`, 'days')
  if (!CLOCK_TIME.test(variant.from)) note(`${place}.from`, 'time')
  if (!CLOCK_TIME.test(variant.to)) note(`${place}.to`, 'time')
  const { enabled, value, clear, onDelaySeconds, priority } = variant
  if (!enabled) return
  if (value === null && clear === null && onDelaySeconds === null && priority === null) note(`${place}.value`, 'nothing-differs')
  const raise = value ?? usual
  if (raise !== null && clear !== null && deadbandOf(condition, raise, clear) < 0) note(`${place}.clear`, 'clear-side')
}

function noteStep(draft: LimitDraft, step: StepDraft, at: number, note: Note): void {
  const place = `${draft.key}.steps.${step.key}`
  if (step.by === 'duration' && !(step.afterMinutes !== null && step.afterMinutes >= 1)) note(`${place}.afterMinutes`, 'required')
  if (step.by === 'value') {
    if (step.value === null) note(`${place}.value`, 'required')
    else if (draft.value !== null && (isLowSide(draft.condition) ? step.value >= draft.value : step.value <= draft.value))
      note(`${place}.value`, 'step-side')
  }
  const before = draft.steps[at - 1]?.priority ?? draft.priority
  if (ALARM_PRIORITIES.indexOf(step.priority) <= ALARM_PRIORITIES.indexOf(before)) note(`${place}.priority`, 'step-priority')
}

const LEVELS = ['low-low', 'low', 'high', 'high-high'] as const

/** low-low < low < high < high-high, and each clears before the limit on the other side begins. */
function noteOrder(drafts: readonly LimitDraft[], note: Note): void {
  const levels = LEVELS.flatMap((condition) => {
    const draft = drafts.find((each) => each.condition === condition && each.enabled && each.value !== null)
    return draft ? [draft] : []
  })
  for (const [at, draft] of levels.entries()) {
    const below = levels[at - 1]
    if (below && (below.value ?? 0) >= (draft.value ?? 0)) note(`${draft.key}.value`, 'order')
  }
  // Of limits that have changed sides, the clear values say nothing more.
  if (levels.some(({ value }, at) => at > 0 && (levels[at - 1]?.value ?? 0) >= (value ?? 0))) return
  const lows = levels.filter(({ condition }) => isLowSide(condition))
  const highs = levels.filter(({ condition }) => !isLowSide(condition))
  const lowestHigh = Math.min(...highs.map(({ value }) => value ?? Infinity))
  const highestLow = Math.max(...lows.map(({ value }) => value ?? -Infinity))
  for (const { key, clear } of lows) if (clear !== null && clear >= lowestHigh) note(`${key}.clear`, 'no-way-back')
  for (const { key, clear } of highs) if (clear !== null && clear <= highestLow) note(`${key}.clear`, 'no-way-back')
}

const SERVER_NAMES: Readonly<Record<string, string>> = { deadband: 'clear', onDelayMs: 'onDelaySeconds', afterMs: 'afterMinutes' }

/**
 * The place of a field that the server complains of: `limits[1].deadband` or `limits.1.variants.0.days` → `7.clear`, `7.variants.3.days`.
 * undefined: none of the rows.
 */
export function placeOfField(field: string, drafts: readonly LimitDraft[]): string | undefined {
  const [list, index, ...rest] = field.replace(/\[(\d+)\]/g, '.$1').split('.')
  const draft = list === 'limits' ? drafts[Number(index)] : undefined
  if (!draft) return undefined
  const [part, at, name] = rest
  if (part === undefined) return `${draft.key}.value`
  if (part !== 'variants' && part !== 'steps') return `${draft.key}.${SERVER_NAMES[part] ?? part}`
  const row = draft[part][Number(at)]
  return row ? `${draft.key}.${part}.${row.key}.${name === undefined ? 'value' : (SERVER_NAMES[name] ?? name)}` : `${draft.key}.value`
}
