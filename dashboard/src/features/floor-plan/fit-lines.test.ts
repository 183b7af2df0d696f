import { describe, expect, it } from 'vitest'
import { fitLines, fitText } from './fit-lines.ts'

describe('a label in its box', () => {
  it.each([
    ['R01', 40, 1, ['R01']],
    ['Air conditioner', 90, 3, ['Air', 'conditioner']],
    ['精密空调', 26, 2, ['精密', '空调']],
    ['精密空调（模拟）', 50, 1, ['精密空…']],
    ['精密空调（模拟）', 70, 2, ['精密空调', '（模拟）']],
    ['UPS 主机（模拟）', 66, 2, ['UPS 主机', '（模拟）']],
    ['空调（机柜）', 36, 3, ['空调', '（机', '柜）']],
    ['UPS (simulated)', 80, 2, ['UPS', '(simulated)']],
    ['UPS 主机', 40, 2, ['UPS', '主机']],
    ['漏水/烟雾', 40, 2, ['漏水/', '烟雾']],
    ['conditioner', 40, 2, ['cond…']],
    ['R01', 4, 1, []],
    ['', 40, 1, []],
  ] as const)('%j in %i px and %i lines is %j', (text, width, most, lines) => expect(fitLines(text, width, 12, most)).toEqual(lines))

  it('is smaller rather than cut off', () => {
    expect(fitText('R01', 20, 40, [12, 11, 10])).toEqual({ lines: ['R01'], fontPx: 11 })
    expect(fitText('R0001', 20, 40, [12, 10])).toEqual({ lines: ['R0…'], fontPx: 10 })
  })
  it('goes without the bracket at its end rather than cut off', () => {
    expect(fitText('UPS 主机（模拟）', 30, 30, [12, 10])).toEqual({ lines: ['UPS', '主机'], fontPx: 12 })
    expect(fitText('UPS 主机（模拟）', 40, 30, [12, 10])).toEqual({ lines: ['UPS', '主机'], fontPx: 12 })
  })
})
