import { type Limit, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'

/** Why a set of limits cannot be right, naming the field and what is allowed there. */
interface LimitProblem {
  message: string
  field: string
  allowed: string
}

const LEVELS = ['low-low', 'low', 'high', 'high-high'] as const
type Level = (typeof LEVELS)[number]

/**
 * Checks one point's own limits as a whole: each condition once, conditions that fit the kind of value, low-low < low < high < high-high,
 * values that can be reached, and deadbands that leave a way back to normal. Returns the first problem, or undefined.
 */
export function checkLimitSet(
  limits: readonly Limit[],
  point: { kind: PointKind; low: number | null; high: number | null },
): LimitProblem | undefined {
  return checkConditions(limits, point.kind) ?? checkReach(limits, point) ?? checkOrder(limits) ?? checkDeadbands(limits)
}

function checkConditions(limits: readonly Limit[], kind: PointKind): LimitProblem | undefined {
  const { valueType } = pointKindInfo(kind)
  for (const [index, { condition, tokens }] of limits.entries()) {
    const field = `limits[${index}].condition`
    if (limits.findIndex((limit) => limit.condition === condition) !== index)
      return problem(field, `${condition} 出现了两次 / ${condition} is there twice`, '每种条件一次 / each condition once')
    const isLevel = isLevelCondition(condition) || condition === 'rate-of-change'
    if (isLevel && valueType !== 'number')
      return problem(
        field,
        `${condition} 只用于数值测点 / ${condition} is for numbers only`,
        'state-notice, state, state-critical, no-data, sensor-suspect',
      )
    if (condition.startsWith('state') && valueType === 'number')
      return problem(
        field,
        `${condition} 只用于状态测点 / ${condition} is for states and contacts only`,
        'low-low, low, high, high-high, rate-of-change, no-data, sensor-suspect',
      )
    if (condition.startsWith('state') && valueType === 'boolean' && tokens?.some((token) => token !== 'true' && token !== 'false'))
      return problem(`limits[${index}].tokens`, '干接点只有 true 与 false / a contact is true or false', 'true, false')
  }
  return undefined
}

function checkReach(
  limits: readonly Limit[],
  point: { kind: PointKind; low: number | null; high: number | null },
): LimitProblem | undefined {
  const range = pointKindInfo(point.kind).range
  const low = point.low ?? range?.low ?? -Infinity
  const high = point.high ?? range?.high ?? Infinity
  for (const [index, limit] of limits.entries()) {
    const value = limit.value
    if (value === undefined) continue
    const field = `limits[${index}].value`
    if (limit.condition === 'rate-of-change' && value <= 0)
      return problem(field, '变化率限值须大于 0 / a rate of change must be above 0', '> 0')
    if (isLevelCondition(limit.condition) && (value < low || value > high))
      return problem(field, `${limit.condition} ${value} 超出测点量程 / is outside what the point can measure`, `${low} … ${high}`)
  }
  return undefined
}

function checkOrder(limits: readonly Limit[]): LimitProblem | undefined {
  const levels = enabledLevels(limits)
  for (const [position, upper] of levels.entries()) {
    const lower = levels[position - 1]
    if (lower && lower.value >= upper.value)
      return problem(
        `limits[${upper.index}].value`,
        `${upper.condition} (${upper.value}) 须大于 ${lower.condition} (${lower.value}) / ${upper.condition} must be above ${lower.condition}`,
        `> ${lower.value}`,
      )
  }
  return undefined
}

/** An alarm must be able to clear: back inside by the deadband, and not beyond the limit on the other side. */
function checkDeadbands(limits: readonly Limit[]): LimitProblem | undefined {
  const levels = enabledLevels(limits)
  const lows = levels.filter((level) => level.condition === 'low' || level.condition === 'low-low')
  const highs = levels.filter((level) => level.condition === 'high' || level.condition === 'high-high')
  const highestLow = Math.max(...lows.map((level) => level.value))
  const lowestHigh = Math.min(...highs.map((level) => level.value))
  for (const level of levels) {
    const span = lows.includes(level) ? lowestHigh - level.value : level.value - highestLow
    if (level.deadband >= span)
      return problem(
        `limits[${level.index}].deadband`,
        `${level.condition} 的回差 ${level.deadband} 使告警无法恢复 / with this deadband the alarm could never clear`,
        `< ${span}`,
      )
  }
  const rate = limits.findIndex((limit) => limit.condition === 'rate-of-change' && limit.enabled && limit.deadband >= (limit.value ?? 0))
  if (rate >= 0)
    return problem(
      `limits[${rate}].deadband`,
      '变化率的回差须小于限值 / the deadband must be below the rate',
      `< ${limits[rate]?.value ?? 0}`,
    )
  return undefined
}

/** The level limits that are in force, in the order they must have. */
function enabledLevels(limits: readonly Limit[]) {
  return LEVELS.flatMap((condition) => {
    const index = limits.findIndex((limit) => limit.condition === condition)
    const limit = limits[index]
    return limit?.enabled && limit.value !== undefined ? [{ condition, index, value: limit.value, deadband: limit.deadband }] : []
  })
}

function isLevelCondition(condition: string): condition is Level {
  return (LEVELS as readonly string[]).includes(condition)
}

function problem(field: string, message: string, allowed: string): LimitProblem {
  return { message, field, allowed }
}
