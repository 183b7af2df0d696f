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
