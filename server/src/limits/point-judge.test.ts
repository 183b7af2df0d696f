import { type Limit, type LimitCondition, limitSchema, type ReadingValue } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JudgeEvent, PointJudge } from './point-judge.ts'

const limit = (condition: LimitCondition, more: Partial<Limit> = {}): Limit =>
  limitSchema.parse({ condition, priority: 'high', ...(condition === 'high' && { value: 10 }), ...more })

/** Events as short texts: `raise@3000`. */
function collect() {
  const told: string[] = []
  const sink = (event: JudgeEvent): void => {
    told.push(`${event.kind}@${event.atMs}${event.kind === 'excursion' ? `–${event.endedAtMs}` : ''}`)
  }
  return { told, sink }
}

function judge(limits: Limit[], readings: readonly [timeMs: number, value: ReadingValue, bad?: 'bad'][]): string[] {
  const { told, sink } = collect()
  const judge = new PointJudge(limits)
  for (const [timeMs, value, bad] of readings) bad ? judge.bad(value, timeMs, sink) : judge.good(value, timeMs, sink)
  return told
}

describe('PointJudge', () => {
  it('raises and clears with a deadband', () => {
    const readings = [10, 10.1, 9.5, 8.9, 9.5, 10.1].map((value, i) => [i, value] as [number, number])
    expect(judge([limit('high', { deadband: 1 })], readings)).toEqual(['raise@1', 'clear@3', 'raise@5'])
  })

  it('takes low limits the other way round', () => {
    const readings = [11, 9, 10.5, 11.5].map((value, i) => [i, value] as [number, number])
    expect(judge([limit('low', { value: 10, deadband: 1 })], readings)).toEqual(['raise@1', 'clear@3'])
  })

  it('waits for the on-delay and the off-delay, and tells the time they ran out', () => {
    const slow = limit('high', { onDelayMs: 2000, offDelayMs: 3000 })
    expect(
      judge(
        [slow],
        [
          [0, 11],
          [1500, 11],
          [1800, 9],
          [2000, 11],
          [5000, 11],
          [6000, 9],
          [7000, 11],
          [8000, 9],
          [12_000, 9],
        ],
      ),
    ).toEqual(['raise@4000', 'clear@11000'])
  })

  it('neither raises nor clears by readings that cannot be true', () => {
    const suspect = limit('sensor-suspect', { onDelayMs: 1000 })
    expect(
      judge(
        [limit('high'), suspect],
        [
          [0, 99, 'bad'],
          [1000, 11],
          [2000, -40, 'bad'],
          [3500, -40, 'bad'],
          [4000, 11],
          [5000, 9],
        ],
      ),
    ).toEqual(['raise@1000', 'raise@3000', 'clear@4000', 'clear@5000'])
  })

  it('follows the tokens of a state, and tells when a further one comes', () => {
    const state = limit('state', { tokens: ['OB', 'OVER'] })
    expect(
      judge(
        [state],
        [
          [0, 'OL'],
          [1, 'OB DISCHRG'],
          [2, 'OB OVER'],
          [3, 'OB OVER'],
          [4, 'OVER'],
          [5, 'OL CHRG'],
        ],
      ),
    ).toEqual(['raise@1', 're-alarm@2', 'clear@5'])
    expect(
      judge(
        [limit('state-critical', { tokens: ['true'] })],
        [
          [0, false],
          [1, true],
          [2, false],
        ],
      ),
    ).toEqual(['raise@1', 'clear@2'])
  })

  it('finds a rate of change within its window, and not by two noisy readings', () => {
    const rate = limit('rate-of-change', { value: 20, deadband: 4 })
    const warming = Array.from({ length: 8 }, (_, minute) => [minute * 60_000, 20 + minute] as [number, number])
    expect(judge([rate], warming)).toEqual([`raise@${6 * 60_000}`])
    expect(
      judge(
        [rate],
        [
          [0, 20],
          [1000, 24],
        ],
      ),
    ).toEqual([])
  })

  it('tells a rate of change as the change per hour', () => {
    const told: unknown[] = []
    const judge = new PointJudge([limit('rate-of-change', { value: 20, deadband: 4 })])
    for (let minute = 0; minute < 8; minute++) judge.good(20 + minute, minute * 60_000, ({ kind, value }) => told.push([kind, value]))
    expect(told).toEqual([['raise', 24]])
  })

  it('does not wait for hours when the clock is set back', () => {
    const slow = limit('high', { onDelayMs: 2000 })
    const hour = 3_600_000
    expect(
      judge(
        [slow],
        [
          [hour, 11],
          [0, 11],
          [2000, 11],
        ],
      ),
    ).toEqual(['raise@2000'])
  })

  it('leaves out limits that are off', () => {
    expect(judge([limit('high', { enabled: false })], [[0, 99]])).toEqual([])
  })

  it('stands by the database after a start', () => {
    const { told, sink } = collect()
    const judge = new PointJudge([limit('high'), limit('low', { value: 1 })], { low: { phase: 'active', sinceMs: 5, tokens: '' } })
    judge.alignWith(new Map([['high', { raisedAtMs: 7, value: 11 }]]))
    judge.good(5, 10, sink)
    judge.good(0, 11, sink)
    expect(told).toEqual(['clear@10', 'raise@11'])
    expect(judge.isDirty).toBe(true)
  })

  it('forgets what a snapshot knows from later than the replay begins', () => {
    const { told, sink } = collect()
    const snapshot = { high: { phase: 'active', sinceMs: 50, tokens: '', untold: { atMs: 50, value: 11 } } } as const
    const history = new PointJudge([limit('high')], snapshot, 'historical')
    for (const [timeMs, value] of [
      [10, 5],
      [50, 11],
      [60, 5],
    ] as const)
      history.good(value, timeMs, sink)
    expect(told).toEqual(['excursion@50–60'])
  })
})

type Stretch = { fromMs: number; toMs: number }

/** What a judge told, as stretches in which the alarm stood; a stretch that stands at the end has no end. */
function stretchesOf(run: (sink: (event: JudgeEvent) => void) => void): Stretch[] {
  const stretches: Stretch[] = []
  run((event) => {
    const last = stretches.at(-1)
    if (event.kind === 'raise') stretches.push({ fromMs: event.atMs, toMs: Infinity })
    else if (event.kind === 'clear' && last?.toMs === Infinity) last.toMs = event.atMs
    else if (event.kind === 'began-earlier' && last?.toMs === Infinity) last.fromMs = Math.min(last.fromMs, event.atMs)
    else if (event.kind === 'began-earlier') stretches.push({ fromMs: event.atMs, toMs: Infinity })
    // Learnt of late: put before what stands.
    else if (event.kind === 'excursion') stretches.unshift({ fromMs: event.atMs, toMs: event.endedAtMs })
  })
  return stretches
}

describe('a judge whose stretch was missed', () => {
  const conditions = fc.record({
    values: fc.array(fc.boolean(), { minLength: 3, maxLength: 30 }),
    cuts: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)),
    onDelayMs: fc.constantFrom(0, 0, 1500, 3000),
    offDelayMs: fc.constantFrom(0, 0, 1500),
    restarts: fc.boolean(),
  })

  it('tells every excursion that one who saw everything in order tells, wherever it is cut into seen, missed and live', () => {
    fc.assert(
      fc.property(conditions, ({ values, cuts, onDelayMs, offDelayMs, restarts }) => {
        // In the end it is normal for longer than any delay.
        const readings = [...values, ...Array<boolean>(5).fill(false)].map((isOver, i) => ({
          timeMs: (i + 1) * 1000,
          value: isOver ? 11 : 5,
        }))
        const [missedFrom, liveFrom, joinedAt] = cuts.map((cut) => cut % (readings.length + 1)).sort((a, b) => a - b) as [
          number,
          number,
          number,
        ]
        const limits = [limit('high', { onDelayMs, offDelayMs })]
        const all = stretchesOf((sink) => {
          const judge = new PointJudge(limits)
          for (const { timeMs, value } of readings) judge.good(value, timeMs, sink)
        })
        const told = stretchesOf((sink) => {
          let judge = new PointJudge(limits)
          for (const { timeMs, value } of readings.slice(0, missedFrom)) judge.good(value, timeMs, sink)
          // A restart of the server keeps nothing but the snapshot.
          if (restarts) judge = new PointJudge(limits, JSON.parse(JSON.stringify(judge.snapshot())))
          const history = judge.forkHistory()
          judge.restart()
          for (const { timeMs, value } of readings.slice(liveFrom, joinedAt)) judge.good(value, timeMs, sink)
          for (const { timeMs, value } of readings.slice(missedFrom, liveFrom)) history.good(value, timeMs, sink)
          judge.joinHistory(history, sink)
          for (const { timeMs, value } of readings.slice(joinedAt)) judge.good(value, timeMs, sink)
        })
        for (const one of all)
          expect(
            told.some(({ fromMs, toMs }) => fromMs <= one.toMs && toMs >= one.fromMs),
            `${JSON.stringify(one)} in ${JSON.stringify(told)}`,
          ).toBe(true)
        expect(told.filter(({ toMs }) => toMs === Infinity)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps delays and states over a snapshot', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 20 }), fc.nat(20), (values, cut) => {
        const limits = [limit('high', { onDelayMs: 1500, offDelayMs: 1500 })]
        const fold = (isCut: boolean): string[] => {
          const { told, sink } = collect()
          let judge = new PointJudge(limits)
          for (const [i, isOver] of values.entries()) {
            if (isCut && i === cut % values.length) judge = new PointJudge(limits, JSON.parse(JSON.stringify(judge.snapshot())))
            judge.good(isOver ? 11 : 5, (i + 1) * 1000, sink)
          }
          return told
        }
        expect(fold(true)).toEqual(fold(false))
      }),
    )
  })
})
