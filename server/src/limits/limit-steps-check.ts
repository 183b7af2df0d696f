import { ALARM_PRIORITIES, type Limit } from '@roomkeeper/shared/model'
import type { LimitProblem } from './limit-check.ts'
import { rankOf } from './severity.ts'

/** Checks the further severity of one limit; `field` of a problem is within the limit. */
export function checkSteps(limit: Limit, range: { low: number; high: number }): LimitProblem | undefined {
  const { condition, steps = [] } = limit
  if (steps.length > 0 && condition === 'no-data') return problem('steps', '无数据告警没有升级 / no-data has no steps', '[]')
  // Smaller is worse below a low limit, and when less time is left.
  const sign = condition.startsWith('low') || condition === 'time-to-limit' ? -1 : 1
  let rank = rankOf(limit)
  let value = limit.value
  let afterMs = 0
  for (const [index, step] of steps.entries()) {
    const field = `steps[${index}]`
    if (rankOf(step) <= rank)
      return problem(
        `${field}.priority`,
        '升级须比前一级更严重 / a step must be more severe than what is before it',
        ALARM_PRIORITIES.slice(rank + 1).join(', '),
      )
    rank = rankOf(step)
    if (step.afterMs !== undefined) {
      if (step.afterMs <= afterMs)
        return problem(`${field}.afterMs`, '持续时间须比前一级更长 / it must be longer than in the step before', `> ${afterMs}`)
      afterMs = step.afterMs
    }
    if (step.value === undefined) continue
    if (value === undefined) return problem(`${field}.value`, `${condition} 没有数值 / has no value`, 'afterMs')
    if (sign * step.value <= sign * value)
      return problem(`${field}.value`, `升级值须比 ${value} 更远 / a step must lie beyond ${value}`, sign > 0 ? `> ${value}` : `< ${value}`)
    const isLevel = condition !== 'rate-of-change' && condition !== 'time-to-limit'
    if (isLevel && (step.value < range.low || step.value > range.high))
      return problem(`${field}.value`, `${step.value} 超出测点量程 / is outside what the point can measure`, `${range.low} … ${range.high}`)
    if (condition === 'time-to-limit' && step.value <= 0)
      return problem(`${field}.value`, '到限时间须大于 0 分钟 / the minutes to a limit must be above 0', '> 0')
    value = step.value
  }
  return undefined
}

function problem(field: string, message: string, allowed: string): LimitProblem {
  return { field, message, allowed }
}
