import type { PointKind } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from './default-limits.ts'
import { checkLimitSet } from './limit-check.ts'

/** The levels in force for a point, `low…high`. */
function levels(kind: PointKind, line: { key?: string; nominal?: number | null }): string {
  const limits = defaultLimits(kind, 'computer-room', line).map(({ limit }) => limit)
  expect(checkLimitSet(limits, { kind, low: null, high: null })).toBeUndefined()
  const value = (condition: string) => limits.find((limit) => limit.condition === condition)?.value ?? ''
  return `${value('low')}…${value('high')}`
}

describe('default limits of a power line', () => {
  it.each<[string, PointKind, { key?: string; nominal?: number | null }, string]>([
    ['China’s mains, said or not', 'voltage', { key: 'input.voltage' }, '198…235.4'],
    ['220 V', 'voltage', { key: 'input.voltage', nominal: 220 }, '198…235.4'],
    ['230 V', 'voltage', { key: 'output.voltage', nominal: 230 }, '197.8…253'],
    ['120 V', 'voltage', { key: 'output.voltage', nominal: 120 }, '103.2…132'],
    ['100 V', 'voltage', { key: 'input.voltage', nominal: 100 }, '86…110'],
    ['48 V DC', 'voltage', { key: 'output.voltage', nominal: 48 }, '…'],
    ['an outlet, which may be off', 'voltage', { key: 'outlet.4.voltage' }, '…235.4'],
    ['a bank of outlets', 'voltage', { key: 'device.2.outlet.group.1.voltage' }, '…235.4'],
    ['all outlets: the inlet', 'voltage', { key: 'outlet.voltage' }, '198…235.4'],
    ['a bypass, which may not be wired', 'voltage', { key: 'input.bypass.L1-N.voltage', nominal: 230 }, '…253'],
    ['between lines', 'line-to-line-voltage', { key: 'input.L1-L2.voltage' }, '353.4…406.6'],
    ['between lines of 220 V', 'line-to-line-voltage', { key: 'input.L1-L2.voltage', nominal: 381 }, '353.4…406.6'],
    ['between lines of 230 V', 'line-to-line-voltage', { key: 'input.L1-L2.voltage', nominal: 398 }, '342.3…437.8'],
    ['between lines of 690 V', 'line-to-line-voltage', { key: 'input.L1-L2.voltage', nominal: 690 }, '593.4…759'],
    ['50 Hz', 'frequency', { key: 'input.frequency' }, '49.5…50.5'],
    ['60 Hz', 'frequency', { key: 'input.frequency', nominal: 60 }, '59.5…60.5'],
  ])('%s', (_name, kind, line, expected) => {
    expect(levels(kind, line)).toBe(expected)
  })

  it('name the standard they come from, and the voltage', () => {
    const sourceOf = (nominal: number) => defaultLimits('voltage', 'computer-room', { nominal })[0]?.source
    expect(sourceOf(220)).toBe('GB 12325 (220 V +7/−10 %)')
    expect(sourceOf(120)).toBe('IEC 60038 (120 V +10/−14 %)')
  })
})
