import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RateWindow } from './rate-window.ts'

const MINUTE = 60_000

it('is the largest change to a sample of the last quarter of an hour, one sample a minute', () => {
  const readings = fc.array(fc.record({ gapMs: fc.integer({ min: 1, max: 200_000 }), value: fc.integer({ min: -50, max: 50 }) }), {
    minLength: 1,
    maxLength: 120,
  })
  fc.assert(
    fc.property(readings, (readings) => {
      const window = new RateWindow()
      let samples: { timeMs: number; value: number }[] = []
      let timeMs = 1_770_000_000_000
      for (const { gapMs, value } of readings) {
        timeMs += gapMs
        samples = samples.filter((sample) => timeMs - sample.timeMs <= 15 * MINUTE)
        if (timeMs - (samples.at(-1)?.timeMs ?? -Infinity) >= MINUTE) samples.push({ timeMs, value })
        window.push(timeMs, value)
        expect(window.ratePerHour(value)).toBe(Math.max(...samples.map((sample) => Math.abs(value - sample.value))) * 4)
        expect(window.copy().ratePerHour(value)).toBe(window.ratePerHour(value))
      }
    }),
  )
})

it('begins anew when the clock is set back', () => {
  const window = new RateWindow()
  window.push(60 * MINUTE, 40)
  window.push(10 * MINUTE, 20)
  expect(window.ratePerHour(20)).toBe(0)
  window.push(11 * MINUTE, 21)
  expect(window.ratePerHour(22)).toBe(8)
})
