import type { AlarmPriority } from '@roomkeeper/shared/model'
import { isLowSide, type LimitDraft } from './limit-draft.ts'

/** A number line: what happens at which value. All positions in the point's unit. */
export interface LimitBands {
  from: number
  to: number
  /** Stretches in which an alarm of this priority stands; what is not listed is normal. Not drawn while the order is wrong. */
  bands: readonly { from: number; to: number; priority: AlarmPriority }[]
  marks: readonly LimitMark[]
  isOrderWrong: boolean
}
interface LimitMark {
  key: string
  condition: LimitDraft['condition']
  value: number
  clear: number | null
  priority: AlarmPriority
  isStep: boolean
}

const LEVELS: readonly LimitDraft['condition'][] = ['low-low', 'low', 'high', 'high-high']
/** Room on both sides of the outermost value, as a part of the whole. */
const MARGIN = 0.14

/** The levels of a draft as a number line around them and the present values; undefined when there is no level to draw. */
export function bandsOf(drafts: readonly LimitDraft[], presentValues: readonly number[]): LimitBands | undefined {
  const levels = drafts.filter(({ condition, enabled, value }) => enabled && value !== null && LEVELS.includes(condition))
  const marks = levels.flatMap((draft): LimitMark[] => [
    {
      key: String(draft.key),
      condition: draft.condition,
      value: draft.value ?? 0,
      clear: draft.clear,
      priority: draft.priority,
      isStep: false,
    },
    ...draft.steps.flatMap((step) =>
      step.by === 'value' && step.value !== null
        ? [
            {
              key: `${draft.key}-${step.key}`,
              condition: draft.condition,
              value: step.value,
              clear: null,
              priority: step.priority,
              isStep: true,
            },
          ]
        : [],
    ),
  ])
  if (marks.length === 0) return undefined
  const all = [...marks.flatMap(({ value, clear }) => (clear === null ? [value] : [value, clear])), ...presentValues]
  const least = Math.min(...all)
  const most = Math.max(...all)
  const margin = (most - least || Math.abs(most) || 1) * MARGIN
  const from = least - margin
  const to = most + margin
  const isOrderWrong = isWrong(marks)
  return { from, to, marks, isOrderWrong, bands: isOrderWrong ? [] : bandsBetween(marks, from, to) }
}

function isWrong(marks: readonly LimitMark[]): boolean {
  const ofLevels = LEVELS.flatMap((condition) => marks.find((mark) => mark.condition === condition && !mark.isStep) ?? [])
  return ofLevels.some((mark, at) => at > 0 && (ofLevels[at - 1]?.value ?? 0) >= mark.value)
}

/** Outwards from the normal range, each mark begins a stretch that reaches to the next one. */
function bandsBetween(marks: readonly LimitMark[], from: number, to: number): LimitBands['bands'] {
  const lows = marks.filter(({ condition }) => isLowSide(condition)).sort((a, b) => b.value - a.value)
  const highs = marks.filter(({ condition }) => !isLowSide(condition)).sort((a, b) => a.value - b.value)
  return [
    ...lows.map(({ value, priority }, at) => ({ from: lows[at + 1]?.value ?? from, to: value, priority })),
    ...highs.map(({ value, priority }, at) => ({ from: value, to: highs[at + 1]?.value ?? to, priority })),
  ]
}
