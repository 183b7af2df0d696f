import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RawQuery, StoredReading } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import { devicePartsOf, scansOf } from './device-readings.ts'
import { addReadings } from './reading-sum.ts'

const DEVICE = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1 }

it('gives every reading once, in order, whatever the intervals of the points, in scans of one time', async () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { maxLength: 500 })
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 6 }), async (all) => {
      const points: PointHandle[] = all.map((_, index) => ({ id: index, key: `p${index}`, deviceId: 1, device: DEVICE }))
      const readings = all.map((one) => one.sort((a, b) => a - b).map((timeMs): StoredReading => ({ timeMs, value: timeMs / 7 })))
      const raw = async ({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> =>
        (readings[point.id] ?? []).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs).slice(0, Math.min(limit, 100))
      const found = all.map((): StoredReading[] => [])
      let beforeMs = 0
      // Pages of 100 at most, as devicePartsOf asks for of a thousand points.
      const many = { length: 1000 }
      const asked = (query: RawQuery) => raw({ ...query, limit: 100 })
      const padded = Array.from(many, (_, index) => points[index] ?? { id: index, key: `p${index}`, deviceId: 1, device: DEVICE })
      for await (const part of devicePartsOf(asked, padded, { fromMs: 0, toMs: 2500 })) {
        for (const scan of scansOf(DEVICE, padded, part)) {
          expect(new Set(scan.timesMs).size).toBe(1)
          expect(scan.timesMs[0]).toBeGreaterThanOrEqual(beforeMs)
          expect(scan.timesMs[0]).toBeLessThan(part.untilMs)
          scan.points.forEach((point, index) => {
            found[point.id]?.push({ timeMs: scan.timesMs[index] as number, value: scan.values[index] as number })
          })
        }
        beforeMs = part.untilMs
      }
      expect(found).toEqual(readings.map((one) => one.filter(({ timeMs }) => timeMs < 2500)))
    }),
    { numRuns: 30 },
  )
})

it('sums of parts add up, and tell a changed value, a changed reason and a lost reading apart', () => {
  const all: StoredReading[] = [
    { timeMs: 1, value: 20.5 },
    { timeMs: 2, value: 'OL' },
    { timeMs: 3, value: -999, bad: 'sentinel' },
  ]
  const sumOf = (...parts: StoredReading[][]) => {
    const sum = { count: 0, hash: 0 }
    for (const part of parts) addReadings(sum, part)
    return sum
  }
  expect(sumOf(all.slice(1), all.slice(0, 1))).toEqual(sumOf(all))
  for (const [index, other] of [
    { timeMs: 1, value: 20.6 },
    { timeMs: 2, value: 'OB' },
    { timeMs: 3, value: -999, bad: 'frozen' as const },
  ].entries())
    expect(sumOf(all.with(index, other)).hash).not.toBe(sumOf(all).hash)
  expect(sumOf(all.slice(1)).count).toBe(2)
})
