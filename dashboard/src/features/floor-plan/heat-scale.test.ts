import { describe, expect, it } from 'vitest'
import { heatScale, MAP_KINDS, type Rgb } from './heat-scale.ts'

/** Relative luminance (WCAG 2.1). */
function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('the scale of the heat map', () => {
  const limits = { low: 18, high: 27 }

  it.each(MAP_KINDS.flatMap((kind) => [false, true].map((isDark) => [kind, isDark] as const)))(
    'of %s, dark %s: the farther from the middle, the stronger, by lightness alone',
    (kind, isDark) => {
      const scale = heatScale(kind, limits, isDark)
      const sign = isDark ? 1 : -1
      const values = (from: number, to: number) => Array.from({ length: 20 }, (_, n) => from + ((to - from) * n) / 19)
      for (const side of [values(22.5, scale.to), values(22.5, scale.from)]) {
        const strengths = side.map((value) => sign * luminance(scale.colourOf(value)))
        for (const [index, strength] of strengths.entries())
          if (index > 0) expect(strength).toBeGreaterThanOrEqual((strengths[index - 1] ?? 0) - 0.004)
      }
    },
  )

  it('jumps at the limits, and nowhere else', () => {
    const scale = heatScale('temperature', limits, false)
    const step = (a: number, b: number) => {
      const [one, other] = [scale.colourOf(a), scale.colourOf(b)]
      return Math.max(...one.map((part, index) => Math.abs(part - (other[index] ?? 0))))
    }
    expect(step(26.9, 27.05)).toBeGreaterThan(30)
    expect(step(18.05, 17.9)).toBeGreaterThan(30)
    for (let value = scale.from; value < scale.to - 0.1; value += 0.1) {
      const isLimit = [18, 27].some((limit) => value - 0.11 <= limit && limit <= value + 0.21)
      if (!isLimit) expect(step(value, value + 0.1), String(value)).toBeLessThan(12)
    }
  })

  it('ends where it ends, and shows nothing strong on a side without a limit', () => {
    const scale = heatScale('temperature', limits, false)
    expect([scale.from, scale.to]).toEqual([15, 30])
    expect(scale.colourOf(99)).toEqual(scale.colourOf(30))
    expect(scale.colourOf(-40)).toEqual(scale.colourOf(15))
    const open = heatScale('humidity', { low: null, high: 60 }, false)
    expect(open.colourOf(5)).toEqual(open.colourOf(25))
    expect(luminance(open.colourOf(61))).toBeLessThan(luminance(open.colourOf(59)))
    const none = heatScale('temperature', { low: null, high: null }, false)
    expect(none.colourOf(40)).toEqual(none.colourOf(27))
    expect(none.low).toBeNull()
  })

  it('does not fall over limits in the wrong order', () => {
    const scale = heatScale('temperature', { low: 30, high: 20 }, false)
    expect(scale.to).toBeGreaterThan(scale.from)
  })
})
