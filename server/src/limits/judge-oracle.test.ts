import { ALARM_PRIORITIES, type Limit, type LimitVariant, limitSchema } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localMinuteOf } from './local-minute.ts'
import { type JudgeEvent, PointJudge } from './point-judge.ts'

// The judge with its flat numbers and remembered answers, against the plainest way to say the same.

/** The weekend on which its clocks go forward lies within the readings. */
const ZONE = 'Europe/Berlin'
const START_MS = Date.UTC(2026, 2, 27, 12)
const MINUTE = 60_000
const localMinute = localMinuteOf(ZONE)
const format = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'short', hour: '2-digit', minute: '2-digit' })
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

type Reading = { timeMs: number; value: number }

function holds({ days, from, to }: LimitVariant, timeMs: number): boolean {
  const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, value]))
  const day = DAYS.indexOf(parts.weekday ?? '') + 1
  const yesterday = day === 1 ? 7 : day - 1
  const time = `${parts.hour}:${parts.minute}`
  if (from < to) return days.includes(day) && time >= from && time < to
  return (days.includes(day) && time >= from) || (days.includes(yesterday) && time < to)
}

function textOf(
  event: JudgeEvent | (Pick<JudgeEvent, 'kind' | 'atMs' | 'value'> & { limit: { priority: string; value?: number } }),
): string {
  return `${event.kind}@${event.atMs} ${event.value} ${event.limit.priority} ${event.limit.value}`
}

/** What one limit tells of readings, worked out from its words. */
function expected(limit: Limit, readings: readonly Reading[]): string[] {
  const told: string[] = []
  const sign = limit.condition === 'high' ? 1 : -1
  const rank = (priority: string): number => (ALARM_PRIORITIES as readonly string[]).indexOf(priority)
  let alarm: { raisedAtMs: number; priority: string; normalSinceMs: number | undefined; steps: boolean[] } | undefined
  let overSinceMs: number | undefined
  for (const { timeMs, value } of readings) {
    const now = { ...limit, ...limit.variants?.find((variant) => holds(variant, timeMs)) }
    const bound = now.value ?? 0
    const isOver = now.enabled && (sign > 0 ? value > bound - (alarm ? now.deadband : 0) : value < bound + (alarm ? now.deadband : 0))
    let isNew = false
    if (!alarm) {
      overSinceMs = isOver ? (overSinceMs ?? timeMs) : undefined
      if (overSinceMs === undefined || timeMs - overSinceMs < now.onDelayMs) continue
      alarm = { raisedAtMs: overSinceMs + now.onDelayMs, priority: '', normalSinceMs: undefined, steps: [] }
      overSinceMs = undefined
      isNew = true
    } else if (!isOver) {
      alarm.normalSinceMs ??= timeMs
      const offDelayMs = now.enabled ? now.offDelayMs : 0
      if (timeMs - alarm.normalSinceMs >= offDelayMs) {
        told.push(`clear@${alarm.normalSinceMs + offDelayMs}`)
        alarm = undefined
        continue
      }
    } else alarm.normalSinceMs = undefined

    let [priority, shown, atMs] = [now.priority as string, bound, timeMs]
    for (const [index, step] of (limit.steps ?? []).entries()) {
      const was = alarm.steps[index] ?? false
      const back = was ? now.deadband : 0
      const isReached =
        step.afterMs !== undefined
          ? was || timeMs >= alarm.raisedAtMs + step.afterMs
          : sign > 0
            ? value > (step.value ?? 0) - back
            : value < (step.value ?? 0) + back
      alarm.steps[index] = isReached
      if (isReached !== was) atMs = isReached && step.afterMs !== undefined ? alarm.raisedAtMs + step.afterMs : timeMs
      if (!isReached) continue
      if (rank(step.priority) > rank(priority)) priority = step.priority
      shown = step.value ?? bound
    }
    if (isNew)
      told.push(textOf({ kind: 'raise', atMs: alarm.raisedAtMs, value, limit: { priority: priority as Limit['priority'], value: shown } }))
    else if (priority !== alarm.priority) {
      const kind = rank(priority) > rank(alarm.priority) ? 're-alarm' : 'step-down'
      told.push(textOf({ kind, atMs, value, limit: { priority: priority as Limit['priority'], value: shown } }))
    }
    alarm.priority = priority
  }
  return told
}

const clockTime = fc
  .tuple(fc.nat(23), fc.constantFrom(0, 1, 30, 59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
const priority = fc.constantFrom(...ALARM_PRIORITIES)
const variant = fc.record(
  {
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: clockTime,
    to: clockTime,
    value: fc.integer({ min: 8, max: 14 }),
    deadband: fc.constantFrom(0, 1, 2),
    onDelayMs: fc.constantFrom(0, 10 * MINUTE),
    priority,
    enabled: fc.boolean(),
  },
  { requiredKeys: ['days', 'from', 'to'] },
)
const steps = fc.constantFrom<NonNullable<Limit['steps']>[]>(
  [],
  [{ value: 3, priority: 'critical' }],
  [{ afterMs: 60 * MINUTE, priority: 'critical' }],
  [
    { value: 2, priority: 'medium' },
    { value: 4, priority: 'high' },
    { afterMs: 120 * MINUTE, priority: 'critical' },
  ],
)
/** Values of steps are written as distances from the limit; a low limit mirrors a high one. */
const limits = fc
  .record({
    condition: fc.constantFrom('high' as const, 'low' as const),
    deadband: fc.constantFrom(0, 1),
    onDelayMs: fc.constantFrom(0, 0, 7 * MINUTE),
    offDelayMs: fc.constantFrom(0, 0, 13 * MINUTE),
    priority: fc.constantFrom('low' as const, 'medium' as const),
    variants: fc.array(variant, { maxLength: 3 }),
    steps,
  })
  .map((limit) => {
    const far = limit.condition === 'high' ? 1 : -1
    const placed = limit.steps.map((step) => (step.value === undefined ? step : { ...step, value: 10 + far * step.value }))
    return limitSchema.parse({ ...limit, value: 10, steps: placed })
  })
const readings = fc
  .array(fc.record({ gap: fc.constantFrom(1, 1, 5, 5, 30, 120, 700), value: fc.integer({ min: 4, max: 16 }) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let timeMs = START_MS
    return steps.map(({ gap, value }) => {
      timeMs += gap * MINUTE
      return { timeMs, value }
    })
  })

function tell(into: string[]): (event: JudgeEvent) => void {
  return (event) => into.push(event.kind === 'clear' ? `clear@${event.atMs}` : textOf(event))
}

describe('a limit with day, night and steps', () => {
  it('tells what its words say', () => {
    fc.assert(
      fc.property(limits, readings, (limit, readings) => {
        const told: string[] = []
        const judge = new PointJudge([limit], {}, 'live', localMinute)
        for (const { timeMs, value } of readings) judge.good(value, timeMs, tell(told))
        expect(told).toEqual(expected(limit, readings))
      }),
      { numRuns: 2000 },
    )
  })

  it('tells the same when the server starts anew in between', () => {
    fc.assert(
      fc.property(limits, readings, fc.nat(60), (limit, readings, cut) => {
        const told: string[] = []
        let judge = new PointJudge([limit], {}, 'live', localMinute)
        for (const [index, { timeMs, value }] of readings.entries()) {
          if (index === cut) judge = new PointJudge([limit], JSON.parse(JSON.stringify(judge.snapshot())), 'live', localMinute)
          judge.good(value, timeMs, tell(told))
        }
        expect(told).toEqual(expected(limit, readings))
      }),
      { numRuns: 1000 },
    )
  })
})

/** What the alarm's row would say, and the worst that was told of each stretch. */
function rowOf() {
  const rank = ({ priority }: { priority: string }): number => (ALARM_PRIORITIES as readonly string[]).indexOf(priority)
  const stretches: { fromMs: number; toMs: number; worst: number }[] = []
  let row: { priority: number; stretch: { fromMs: number; toMs: number; worst: number } } | undefined
  const raise = (event: JudgeEvent): void => {
    const stretch = { fromMs: event.atMs, toMs: Infinity, worst: rank(event.limit) }
    stretches.push(stretch)
    row = { priority: rank(event.limit), stretch }
  }
  const sink = (event: JudgeEvent): void => {
    if (event.kind === 'excursion') stretches.push({ fromMs: event.atMs, toMs: event.endedAtMs, worst: rank(event.limit) })
    else if (event.kind === 'clear' && row) {
      row.stretch.toMs = event.atMs
      row = undefined
    } else if (event.kind === 'raise' || (event.kind === 'began-earlier' && !row)) raise(event)
    else if (event.kind === 'began-earlier' && row) row.stretch.fromMs = Math.min(row.stretch.fromMs, event.atMs)
    else if (row) {
      row.priority = rank(event.limit)
      row.stretch.worst = Math.max(row.stretch.worst, row.priority)
    }
  }
  return { sink, stretches, standing: () => row?.priority }
}

describe('a missed stretch', () => {
  it('leaves the alarm as severe as if nothing had been missed, and tells how severe it was', () => {
    // Where the judge does not know yet that the alarm stands, it can have no deadband for it.
    const prompt = limits.map((limit) => ({ ...limit, deadband: 0, onDelayMs: 0, offDelayMs: 0, variants: [] }))
    fc.assert(
      fc.property(prompt, readings, fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)), (limit, readings, cuts) => {
        const [missedFrom, liveFrom, joinedAt] = cuts.map((cut) => cut % readings.length).sort((a, b) => a - b) as [number, number, number]
        const newJudge = () => new PointJudge([limit], {}, 'live', localMinute)
        const whole = rowOf()
        const all = newJudge()
        for (const { timeMs, value } of readings) all.good(value, timeMs, whole.sink)

        const cut = rowOf()
        const judge = newJudge()
        const fold = (judge: PointJudge, from: number, to: number): void => {
          for (const { timeMs, value } of readings.slice(from, to)) judge.good(value, timeMs, cut.sink)
        }
        fold(judge, 0, missedFrom)
        const history = judge.forkHistory()
        judge.restart()
        fold(judge, liveFrom, joinedAt)
        fold(history, missedFrom, liveFrom)
        judge.joinHistory(history, cut.sink)
        fold(judge, joinedAt, readings.length)
        expect(cut.standing()).toBe(whole.standing())
        // What went on in live readings while the stretch was missing is told as it was then; what lay within the stretch, at its worst.
        const missed = { fromMs: readings[missedFrom]?.timeMs ?? 0, toMs: readings[liveFrom]?.timeMs ?? 0 }
        for (const { fromMs, toMs, worst } of whole.stretches.filter((one) => one.fromMs > missed.fromMs && one.toMs < missed.toMs)) {
          const told = cut.stretches.filter((one) => one.fromMs <= toMs && one.toMs >= fromMs)
          expect(Math.max(...told.map((one) => one.worst))).toBeGreaterThanOrEqual(worst)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
