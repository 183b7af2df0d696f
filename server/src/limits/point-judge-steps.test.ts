import { type Limit, type LimitCondition, limitSchema, type ReadingValue } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { localMinuteOf } from './local-minute.ts'
import { type JudgeEvent, PointJudge } from './point-judge.ts'

const MINUTE = 60_000
const limit = (condition: LimitCondition, more: Partial<Limit> = {}): Limit => limitSchema.parse({ condition, priority: 'medium', ...more })

/** Events as short texts: `raise@3000 medium 27`. */
function collect() {
  const told: string[] = []
  const sink = ({ kind, atMs, limit, value }: JudgeEvent): void => {
    told.push(`${kind}@${atMs / MINUTE} ${limit.priority} ${limit.value ?? limit.tokens} (${value})`)
  }
  return { told, sink }
}

function tell(limits: Limit[], readings: readonly [minute: number, value: ReadingValue][]): string[] {
  const { told, sink } = collect()
  const judge = new PointJudge(limits)
  for (const [minute, value] of readings) judge.good(value, minute * MINUTE, sink)
  return told
}

describe('steps', () => {
  const high = limit('high', {
    value: 27,
    deadband: 1,
    steps: [
      { value: 30, priority: 'high' },
      { afterMs: 60 * MINUTE, priority: 'critical' },
    ],
  })

  it('rise with the value and fall by the deadband; one by time stays', () => {
    expect(
      tell(
        [high],
        [
          [0, 28],
          [1, 30.5],
          [2, 29.5],
          [3, 29],
          [4, 31],
          [90, 28],
          [91, 26.5],
          [92, 26],
        ],
      ),
    ).toEqual([
      'raise@0 medium 27 (28)',
      're-alarm@1 high 30 (30.5)',
      'step-down@3 medium 27 (29)',
      're-alarm@4 high 30 (31)',
      // Told by the reading of minute 90; it stood for an hour at minute 60.
      're-alarm@60 critical 27 (28)',
      'clear@92 critical 27 (26)',
    ])
  })

  it('raise at once as severe as it is', () => {
    expect(tell([high], [[0, 33]])).toEqual(['raise@0 high 30 (33)'])
  })

  it('go with a state by how long it stands', () => {
    const onBattery = limit('state', { tokens: ['OB', 'OVER'], steps: [{ afterMs: 10 * MINUTE, priority: 'critical' }] })
    expect(
      tell(
        [onBattery],
        [
          [0, 'OB'],
          [5, 'OB OVER'],
          [12, 'OB OVER'],
          [13, 'OL'],
        ],
      ),
    ).toEqual([
      'raise@0 medium OB,OVER (OB)',
      're-alarm@5 medium OB,OVER (OB OVER)',
      're-alarm@10 critical OB,OVER (OB OVER)',
      'clear@13 critical OB,OVER (OL)',
    ])
  })

  it('tell an excursion of a replay at its worst, and of an alarm that stood before, what it was in between', () => {
    const { told, sink } = collect()
    const judge = new PointJudge([high])
    judge.good(28, 0, sink)
    const history = judge.forkHistory()
    judge.restart()
    for (const [minute, value] of [
      [1, 31],
      [2, 28],
      [3, 20],
      [4, 28],
      [5, 32],
      [6, 28],
      [7, 20],
    ] as const)
      history.good(value, minute * MINUTE, sink)
    expect(told).toEqual(['raise@0 medium 27 (28)', 'excursion@4 high 30 (28)'])
    judge.joinHistory(history, sink)
    expect(told.slice(2)).toEqual(['re-alarm@1 high 30 (31)', 'clear@7 medium 27 (null)'])
  })

  it('follow a priority that a person changed while the alarm stood', () => {
    const { told, sink } = collect()
    const judge = new PointJudge([limit('high', { value: 27 })])
    judge.good(28, 0, sink)
    const changed = judge.withLimits([limit('high', { value: 27, priority: 'critical' }), limit('low', { value: 18 })])
    changed.good(28, MINUTE, sink)
    const gone = changed.withLimits([limit('low', { value: 18 })])
    gone.good(28, 2 * MINUTE, sink)
    expect(gone.isDirty).toBe(true)
    expect(gone.snapshot()).toEqual({})
    expect(told).toEqual(['raise@0 medium 27 (28)', 're-alarm@1 critical 27 (28)'])
  })

  it('go on after a start from what was told by the database', () => {
    const { told, sink } = collect()
    const judge = new PointJudge([high])
    judge.alignWith(new Map([['high', { raisedAtMs: 0, value: 28, priority: 'high' as const }]]))
    judge.good(29.5, MINUTE, sink)
    judge.good(28, 2 * MINUTE, sink)
    expect(told).toEqual(['step-down@2 medium 27 (28)'])
  })
})

describe('day and night', () => {
  it('switches an alarm off with the first reading of the night, and on again', () => {
    const shanghai = localMinuteOf('Asia/Shanghai')
    const door = limit('state-notice', {
      tokens: ['true'],
      offDelayMs: 5 * MINUTE,
      variants: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '18:00', enabled: false }],
    })
    const { told, sink } = collect()
    const judge = new PointJudge([door], {}, 'live', shanghai)
    const at = (clock: string): number => Date.parse(`2026-03-02T${clock}:00+08:00`)
    for (const [clock, value] of [
      ['07:50', true],
      ['08:00', true],
      ['17:59', true],
      ['18:00', true],
    ] as const)
      judge.good(value, at(clock), sink)
    const minute = (clock: string) => at(clock) / MINUTE
    expect(told).toEqual([
      `raise@${minute('07:50')} medium true (true)`,
      `clear@${minute('08:00')} medium true (true)`,
      `raise@${minute('18:00')} medium true (true)`,
    ])
  })
})

describe('time to limit', () => {
  const soon = limit('time-to-limit', { value: 10, deadband: 5, priority: 'high', steps: [{ value: 3, priority: 'critical' }] })
  const high = limit('high', { value: 27, priority: 'medium' })

  it('warns before the room is too warm, more so when little time is left, and hands over to the limit', () => {
    const heating = Array.from({ length: 20 }, (_, minute) => [minute, 20 + minute * 0.5] as [number, number])
    expect(tell([soon, { ...high, onDelayMs: MINUTE }], heating)).toEqual([
      'raise@5 high 10 (9)',
      're-alarm@12 critical 3 (2)',
      'raise@16 medium 27 (28)',
      'clear@17 critical 3 (null)',
    ])
  })

  it('is silent in a room that is warm and steady, and without a reading that is a number', () => {
    const steady = Array.from({ length: 60 }, (_, minute) => [minute, 26.8 + (minute % 2) / 10] as [number, number])
    expect(tell([soon, high], steady)).toEqual([])
    expect(tell([soon], [[0, 'OB']])).toEqual([])
  })

  it('is known for the page of the room without a limit of its own', () => {
    const judge = new PointJudge([high, limit('low', { value: 18 })])
    for (let minute = 0; minute < 10; minute++) judge.good(24 - minute * 0.5, minute * MINUTE, () => undefined)
    expect(judge.forecast(9 * MINUTE)).toEqual({ condition: 'low', limit: 18, atMs: 12 * MINUTE, perHour: -30 })
    expect(judge.withLimits([high]).forecast(9 * MINUTE)).toBeUndefined()
  })
})
