import { type Limit, limitSchema, type PointKind, type RoomClass } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from './default-limits.ts'
import { checkLimitSet } from './limit-check.ts'

const temperature = { kind: 'temperature', low: null, high: null } as const
const contact = { kind: 'leak', low: null, high: null } as const

function limit(values: Partial<Limit> & Pick<Limit, 'condition'>): Limit {
  return limitSchema.parse({ priority: 'high', ...values })
}

describe('checkLimitSet', () => {
  it('takes an ordered set, and the empty one', () => {
    const set = [
      limit({ condition: 'high-high', value: 32 }),
      limit({ condition: 'low', value: 18, deadband: 0.5 }),
      limit({ condition: 'high', value: 27, deadband: 0.5 }),
      limit({ condition: 'low-low', value: 10 }),
      limit({ condition: 'no-data' }),
    ]
    expect(checkLimitSet(set, temperature)).toBeUndefined()
    expect(checkLimitSet([], temperature)).toBeUndefined()
  })

  it('takes every set of defaults', () => {
    const kinds: PointKind[] = ['temperature', 'humidity', 'dew-point', 'voltage', 'load', 'battery-charge', 'ups-status', 'leak', 'door']
    const classes: RoomClass[] = ['computer-room', 'auxiliary', 'ups-battery-room']
    for (const kind of kinds)
      for (const roomClass of classes) {
        const set = defaultLimits(kind, roomClass).map((one) => one.limit)
        expect(checkLimitSet(set, { kind, low: null, high: null }), `${kind} in ${roomClass}`).toBeUndefined()
      }
  })

  it.each([
    ['low above high', [limit({ condition: 'low', value: 30 }), limit({ condition: 'high', value: 27 })], 'limits[1].value', '> 30'],
    [
      'low equal to low-low',
      [limit({ condition: 'low-low', value: 18 }), limit({ condition: 'low', value: 18 })],
      'limits[1].value',
      '> 18',
    ],
    [
      'high-high below low without a high',
      [limit({ condition: 'high-high', value: 10 }), limit({ condition: 'low', value: 18 })],
      'limits[0].value',
      '> 18',
    ],
    [
      'a deadband as wide as the span',
      [limit({ condition: 'low', value: 18 }), limit({ condition: 'high', value: 27, deadband: 9 })],
      'limits[1].deadband',
      '< 9',
    ],
    ['a rate of nothing', [limit({ condition: 'rate-of-change', value: 0 })], 'limits[0].value', '> 0'],
    ['a rate that never clears', [limit({ condition: 'rate-of-change', value: 5, deadband: 5 })], 'limits[0].deadband', '< 5'],
    ['a value the sensor cannot reach', [limit({ condition: 'high', value: 500 })], 'limits[0].value', '-40 … 84.9'],
    [
      'the same condition twice',
      [limit({ condition: 'high', value: 27 }), limit({ condition: 'high', value: 28 })],
      'limits[1].condition',
      'once',
    ],
    ['a state on a number', [limit({ condition: 'state', tokens: ['OB'] })], 'limits[0].condition', 'high-high'],
  ])('refuses %s', (_what, set, field, allowed) => {
    const problem = checkLimitSet(set, temperature)
    expect(problem?.field).toBe(field)
    expect(problem?.allowed).toContain(allowed)
  })

  it('refuses levels and foreign tokens on a contact', () => {
    expect(checkLimitSet([limit({ condition: 'high', value: 1 })], contact)?.field).toBe('limits[0].condition')
    expect(checkLimitSet([limit({ condition: 'state', tokens: ['OB'] })], contact)?.field).toBe('limits[0].tokens')
    expect(checkLimitSet([limit({ condition: 'state', tokens: ['true'] })], contact)).toBeUndefined()
  })

  it('leaves limits that are switched off out of the order', () => {
    const set = [limit({ condition: 'low', value: 30, enabled: false }), limit({ condition: 'high', value: 27 })]
    expect(checkLimitSet(set, temperature)).toBeUndefined()
  })

  it('uses the narrower range of the device', () => {
    expect(checkLimitSet([limit({ condition: 'high', value: 70 })], { kind: 'temperature', low: 0, high: 60 })?.allowed).toBe('0 … 60')
  })
})

describe('day and night', () => {
  const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', to: '07:00' }

  it('takes limits that are in order at every hour', () => {
    const set = [
      limit({ condition: 'low', value: 18, variants: [{ ...night, value: 15 }] }),
      limit({
        condition: 'high',
        value: 27,
        variants: [
          { ...night, value: 30, priority: 'low' },
          { ...night, days: [6, 7], enabled: false },
        ],
      }),
    ]
    expect(checkLimitSet(set, temperature)).toBeUndefined()
  })

  it.each([
    [
      'a high below the low at night',
      [limit({ condition: 'low', value: 18 }), limit({ condition: 'high', value: 27, variants: [{ ...night, value: 17 }] })],
      'limits[1].variants[0].value',
      '> 18',
    ],
    [
      'two variants that meet in the wrong order',
      [
        limit({ condition: 'low', value: 18, variants: [{ ...night, value: 26 }] }),
        limit({ condition: 'high', value: 27, variants: [{ ...night, days: [7], from: '22:00', value: 25 }] }),
      ],
      'limits[1].variants[0].value',
      '> 26',
    ],
    [
      'a value the sensor cannot reach',
      [limit({ condition: 'high', value: 27, variants: [{ ...night, value: 270 }] })],
      'limits[0].variants[0].value',
      '84.9',
    ],
    [
      'a deadband that never clears',
      [limit({ condition: 'low', value: 18 }), limit({ condition: 'high', value: 27, variants: [{ ...night, deadband: 9 }] })],
      'limits[1].variants[0].deadband',
      '< 9',
    ],
    ['a variant that changes nothing', [limit({ condition: 'high', value: 27, variants: [night] })], 'limits[0].variants[0]', 'priority'],
    [
      'a value of what has none',
      [limit({ condition: 'sensor-suspect', variants: [{ ...night, value: 3 }] })],
      'limits[0].variants[0].value',
      'enabled',
    ],
    ['times of silence', [limit({ condition: 'no-data', variants: [{ ...night, enabled: false }] })], 'limits[0].variants', '[]'],
    [
      'no level left to be heading for',
      [limit({ condition: 'time-to-limit', value: 15 }), limit({ condition: 'high', value: 27, variants: [{ ...night, enabled: false }] })],
      'limits[0].condition',
      'high',
    ],
  ])('refuses %s', (_what, set, field, allowed) => {
    const problem = checkLimitSet(set, temperature)
    expect(problem?.field).toBe(field)
    expect(problem?.allowed).toContain(allowed)
  })

  it('says when', () => {
    const set = [
      limit({ condition: 'low', value: 18 }),
      limit({ condition: 'high', value: 27, variants: [{ ...night, value: 17, days: [6] }] }),
    ]
    expect(checkLimitSet(set, temperature)?.message).toContain('周六 / Sat 20:00')
  })
})

describe('steps and time to limit', () => {
  it('takes steps that rise, by value and by duration', () => {
    const set = [
      limit({
        condition: 'low',
        value: 18,
        priority: 'low',
        steps: [
          { value: 15, priority: 'medium' },
          { afterMs: 3_600_000, priority: 'critical' },
        ],
      }),
      limit({
        condition: 'high',
        value: 27,
        priority: 'medium',
        steps: [
          { value: 29, priority: 'high' },
          { value: 31, priority: 'critical' },
        ],
      }),
      limit({ condition: 'time-to-limit', value: 15, deadband: 5, steps: [{ value: 5, priority: 'critical' }] }),
    ]
    expect(checkLimitSet(set, temperature)).toBeUndefined()
    expect(
      checkLimitSet([limit({ condition: 'state', tokens: ['true'], steps: [{ afterMs: 60_000, priority: 'critical' }] })], contact),
    ).toBeUndefined()
  })

  it.each([
    [
      'a step that is no more severe',
      [limit({ condition: 'high', value: 27, steps: [{ value: 30, priority: 'high' }] })],
      'limits[0].steps[0].priority',
      'critical',
    ],
    [
      'a step on the wrong side',
      [limit({ condition: 'low', value: 18, steps: [{ value: 20, priority: 'critical' }] })],
      'limits[0].steps[0].value',
      '< 18',
    ],
    [
      'steps in the wrong order',
      [
        limit({
          condition: 'high',
          value: 27,
          priority: 'low',
          steps: [
            { value: 31, priority: 'high' },
            { value: 29, priority: 'critical' },
          ],
        }),
      ],
      'limits[0].steps[1].value',
      '> 31',
    ],
    [
      'a step nothing can reach',
      [limit({ condition: 'high', value: 27, steps: [{ value: 99, priority: 'critical' }] })],
      'limits[0].steps[0].value',
      '84.9',
    ],
    [
      'durations in the wrong order',
      [
        limit({
          condition: 'high',
          value: 27,
          priority: 'low',
          steps: [
            { afterMs: 600_000, priority: 'high' },
            { afterMs: 300_000, priority: 'critical' },
          ],
        }),
      ],
      'limits[0].steps[1].afterMs',
      '> 600000',
    ],
    [
      'a value of what has none',
      [limit({ condition: 'sensor-suspect', steps: [{ value: 3, priority: 'critical' }] })],
      'limits[0].steps[0].value',
      'afterMs',
    ],
    ['steps of silence', [limit({ condition: 'no-data', steps: [{ afterMs: 60_000, priority: 'critical' }] })], 'limits[0].steps', '[]'],
    ['no time', [limit({ condition: 'time-to-limit', value: 0 }), limit({ condition: 'high', value: 27 })], 'limits[0].value', '> 0'],
    ['nothing to be heading for', [limit({ condition: 'time-to-limit', value: 15 })], 'limits[0].condition', 'high'],
  ])('refuses %s', (_what, set, field, allowed) => {
    const problem = checkLimitSet(set, temperature)
    expect(problem?.field).toBe(field)
    expect(problem?.allowed).toContain(allowed)
  })
})
