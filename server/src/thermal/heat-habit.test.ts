import { describe, expect, it } from 'vitest'
import { NAMED_ROOMS, simulatedLoss } from '../../../tests/kit/simulated-losses.ts'
import type { PointEntry } from '../ingest/entries.ts'
import { emptySlot } from '../readings/history/slot.ts'
import { HABIT_STRETCH_MS, heatHabit } from './heat-habit.ts'
import { readHeat } from './stored-history.ts'

const COUNT = 144
const heat = (wattsOf: (index: number) => number) =>
  Array.from({ length: COUNT }, (_, index) => ({ atMs: (5_900_000 + index) * HABIT_STRETCH_MS, watts: wattsOf(index) }))

describe('the habit of a heat', () => {
  it('is what the simulated load wanders around, within 1 %, and how long it stays away', () => {
    for (const settings of Object.values(NAMED_ROOMS).slice(0, 2)) {
      const { heatBefore, parameters } = simulatedLoss(settings, 101)
      const ratedWatts = parameters.rackCount * parameters.rackWatts
      const habit = heatHabit(heatBefore)
      expect(Math.abs((habit?.usualWatts ?? 0) / ratedWatts - 1)).toBeLessThan(0.01)
      // Drawn anew each ten minutes, by 3 %, and even between: 400 s and 2.6 %.
      expect(habit?.fadeSeconds).toBeGreaterThan(250)
      expect(habit?.fadeSeconds).toBeLessThan(650)
      expect((habit?.deviationWatts ?? 0) / ratedWatts).toBeGreaterThan(0.015)
      expect((habit?.deviationWatts ?? 0) / ratedWatts).toBeLessThan(0.035)
    }
  })

  it('of work that goes with the hours is to stay away for long', () => {
    const habit = heatHabit(heat((index) => 5000 + 500 * Math.sin((2 * Math.PI * index) / COUNT)))
    expect(habit?.fadeSeconds).toBeGreaterThan(4000)
    expect(habit?.deviationWatts).toBeCloseTo(500 / Math.SQRT2, 0)
  })

  it('does not mind the order, holes, and a meter that was dark', () => {
    const whole = heat((index) => 5000 + 100 * Math.sin(index))
    const holey = whole.filter((_, index) => index % 10 !== 0).map((each, index) => (index === 5 ? { ...each, watts: 0 } : each))
    const { usualWatts = 0, deviationWatts = 0, fadeSeconds = 0 } = heatHabit(whole) ?? {}
    expect(heatHabit([...whole].reverse())).toEqual({
      usualWatts: expect.closeTo(usualWatts, 6),
      deviationWatts: expect.closeTo(deviationWatts, 6),
      fadeSeconds: expect.closeTo(fadeSeconds, 6),
    })
    expect(Math.abs((heatHabit(holey)?.usualWatts ?? 0) - usualWatts)).toBeLessThan(20)
  })

  it('is unknown from less than three hours', () => {
    expect(heatHabit(heat(() => 5000).slice(0, 35))).toBeUndefined()
    expect(heatHabit(heat(() => 5000))).toEqual({ usualWatts: 5000, deviationWatts: 0, fadeSeconds: HABIT_STRETCH_MS / 2000 })
  })
})

describe('the heat of the hours before', () => {
  it('is read in stretches, of all points together, and only where each of them tells', async () => {
    const nowMs = 5_900_000 * HABIT_STRETCH_MS + 70_000
    const asked: unknown[] = []
    const store: Parameters<typeof readHeat>[0] = {
      history: async ({ point, fromMs, toMs, maxBuckets }) => {
        asked.push({ fromMs, toMs, maxBuckets })
        const mean = 1000 * point.id
        const buckets = [0, 1, 2].map((index) => ({
          ...emptySlot(),
          timeMs: fromMs + index * HABIT_STRETCH_MS,
          mean: index === 1 && point.id === 2 ? null : mean,
        }))
        return { bucketMs: HABIT_STRETCH_MS, buckets }
      },
    }
    const points = [{ id: 1 }, { id: 2 }] as PointEntry[]
    const toMs = 5_900_000 * HABIT_STRETCH_MS
    const fromMs = toMs - COUNT * HABIT_STRETCH_MS
    expect(await readHeat(store, { heat: { source: 'racks', points } }, nowMs)).toEqual([
      { atMs: fromMs, watts: 3000 },
      { atMs: fromMs + 2 * HABIT_STRETCH_MS, watts: 3000 },
    ])
    expect(asked).toEqual([1, 2].map(() => ({ fromMs, toMs, maxBuckets: COUNT })))
    expect(await readHeat(store, { heat: null }, nowMs)).toEqual([])
  })
})
