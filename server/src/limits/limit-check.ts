import { type Limit, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import { checkSteps } from './limit-steps-check.ts'
import { changesOf, variantIndexAt, withVariant } from './limit-variants.ts'

/** Why a set of limits cannot be right, naming the field and what is allowed there. */
export interface LimitProblem {
  message: string
  field: string
  allowed: string
}

const LEVELS = ['low-low', 'low', 'high', 'high-high'] as const
type Level = (typeof LEVELS)[number]

/** The kind of value that a set is for, and what the device can measure where it is known. */
interface Measured {
  kind: PointKind
  low: number | null
  high: number | null
}

/**
 * Checks a set of limits as a whole: each condition once, conditions that fit the kind of value, low-low < low < high < high-high,
 * values that can be reached, deadbands that leave a way back to normal; all that at every hour of the week, by the variants then in force;
 * and steps that rise. Returns the first problem, or undefined.
 */
export function checkLimitSet(limits: readonly Limit[], point: Measured): LimitProblem | undefined {
  return checkConditions(limits, point.kind) ?? checkVariants(limits) ?? checkEachTime(limits, point) ?? checkAllSteps(limits, point)
}

/** What holds changes only where a variant begins or ends: looking there is looking at the whole week. */
function checkEachTime(limits: readonly Limit[], point: Measured): LimitProblem | undefined {
  const moments = new Set([-1, ...limits.flatMap(({ variants }) => changesOf(variants ?? []))])
  for (const minute of moments) {
    // First the limits themselves, then at each change.
    const held = limits.map(({ variants }) => (minute < 0 ? 0 : variantIndexAt(variants ?? [], minute)))
    const inForce = limits.map((limit, index) => withVariant(limit, held[index] ?? 0))
    const found = checkReach(inForce, point) ?? checkOrder(inForce) ?? checkDeadbands(inForce) ?? checkTimeToLimit(inForce)
    if (!found) continue
    const [, index = '', name] = /^limits\[(\d+)\]\.(\w+)$/.exec(found.field) ?? []
    const variant = held[Number(index)] ?? 0
    const field = variant > 0 ? `limits[${index}].variants[${variant - 1}].${name}` : found.field
    return minute < 0 ? found : { ...found, field, message: `${found.message} (${weekTime(minute)})` }
  }
  return undefined
}

const WEEKDAYS = ['周一 / Mon', '周二 / Tue', '周三 / Wed', '周四 / Thu', '周五 / Fri', '周六 / Sat', '周日 / Sun']

function weekTime(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${WEEKDAYS[Math.floor(minute / 1440)]} ${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}`
}

function checkVariants(limits: readonly Limit[]): LimitProblem | undefined {
  for (const [index, limit] of limits.entries()) {
    const field = `limits[${index}].variants`
    const variants = limit.variants ?? []
    if (limit.condition === 'no-data' && variants.length > 0)
      return problem(field, '无数据告警不分时段 / no-data is the same at all times', '[]')
    for (const [position, { days: _days, from: _from, to: _to, ...different }] of variants.entries()) {
      const at = `${field}[${position}]`
      const names = Object.entries(different).flatMap(([name, value]) => (value === undefined ? [] : [name]))
      if (names.length === 0)
        return problem(at, '该时段没有任何不同 / nothing differs at these times', 'value, deadband, onDelayMs, priority, enabled')
      const numeric = names.find((name) => name === 'value' || name === 'deadband')
      if (numeric && limit.value === undefined)
        return problem(`${at}.${numeric}`, `${limit.condition} 没有数值 / has no ${numeric}`, 'onDelayMs, priority, enabled')
    }
  }
  return undefined
}

function checkAllSteps(limits: readonly Limit[], point: Measured): LimitProblem | undefined {
  for (const [index, limit] of limits.entries()) {
    const found = checkSteps(limit, rangeOf(point))
    if (found) return { ...found, field: `limits[${index}].${found.field}` }
  }
  return undefined
}

/** Heading for what? It is the time until one of the levels. */
function checkTimeToLimit(limits: readonly Limit[]): LimitProblem | undefined {
  const index = limits.findIndex((limit) => limit.condition === 'time-to-limit' && limit.enabled)
  if (index < 0 || enabledLevels(limits).length > 0) return undefined
  return problem(
    `limits[${index}].condition`,
    '没有启用的高低限，无从预测 / there is no level limit that could be reached',
    'low-low, low, high, high-high',
  )
}

function checkConditions(limits: readonly Limit[], kind: PointKind): LimitProblem | undefined {
  const { valueType } = pointKindInfo(kind)
  for (const [index, { condition, tokens }] of limits.entries()) {
    const field = `limits[${index}].condition`
    if (limits.findIndex((limit) => limit.condition === condition) !== index)
      return problem(field, `${condition} 出现了两次 / ${condition} is there twice`, '每种条件一次 / each condition once')
    const isLevel = isLevelCondition(condition) || condition === 'rate-of-change' || condition === 'time-to-limit'
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
        'low-low, low, high, high-high, rate-of-change, time-to-limit, no-data, sensor-suspect',
      )
    if (condition.startsWith('state') && valueType === 'boolean' && tokens?.some((token) => token !== 'true' && token !== 'false'))
      return problem(`limits[${index}].tokens`, '干接点只有 true 与 false / a contact is true or false', 'true, false')
  }
  return undefined
}

function rangeOf(point: Measured): { low: number; high: number } {
  const range = pointKindInfo(point.kind).range
  return { low: point.low ?? range?.low ?? -Infinity, high: point.high ?? range?.high ?? Infinity }
}

function checkReach(limits: readonly Limit[], point: Measured): LimitProblem | undefined {
  const { low, high } = rangeOf(point)
  for (const [index, limit] of limits.entries()) {
    const value = limit.value
    if (value === undefined) continue
    const field = `limits[${index}].value`
    if (limit.condition === 'rate-of-change' && value <= 0)
      return problem(field, '变化率限值须大于 0 / a rate of change must be above 0', '> 0')
    if (limit.condition === 'time-to-limit' && value <= 0)
      return problem(field, '到限时间须大于 0 分钟 / the minutes to a limit must be above 0', '> 0')
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
