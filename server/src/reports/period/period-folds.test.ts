import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptySlot } from '../../readings/history/slot.ts'
import type { HistoryBucket } from '../../readings/reading-store.ts'
import { foldSpells, means, type TransitionRow } from './alarm-spells.ts'
import { inspectionFigures } from './inspection-figures.ts'
import { counterGrowth, dischargesOf } from './power-figures.ts'
import { addPoint, coveredOf, curveOf, inLimitsOf, meanOf, type Slot, takeBlocks, tallyOf, unclearRuns } from './slot-fold.ts'

const PERIOD = { fromMs: 1000, toMs: 2000 }
const about = { roomId: 1, deviceName: 'a', condition: 'high', source: 'point', kind: 'temperature', priority: 'high' } as const
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length

it('MTTA and MTTR are those of anybody who follows each alarm from its raise to the next', () => {
  const event = fc.record({
    alarmId: fc.integer({ min: 1, max: 3 }),
    event: fc.constantFrom('raise', 'acknowledge', 'clear'),
    step: fc.nat(200),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let atMs = 800
      const rows: TransitionRow[] = events.map(({ alarmId, event: name, step }) => {
        atMs += step
        return { ...about, alarmId, event: name, atMs }
      })
      const [ack, clear]: [number[], number[]] = [[], []]
      let raised = 0
      for (const [index, row] of rows.entries()) {
        if (row.event !== 'raise' || row.atMs < PERIOD.fromMs || row.atMs >= PERIOD.toMs) continue
        raised++
        const own = rows.slice(index + 1).filter(({ alarmId }) => alarmId === row.alarmId)
        const again = own.findIndex((one) => one.event === 'raise')
        const spell = again < 0 ? own : own.slice(0, again)
        for (const [name, spans] of [
          ['acknowledge', ack],
          ['clear', clear],
        ] as const) {
          const first = spell.find((one) => one.event === name)
          if (first) spans.push(first.atMs - row.atMs)
        }
      }
      const spells = foldSpells(rows, PERIOD)
      expect(spells).toHaveLength(raised)
      expect(means(spells)).toEqual({ mttaMs: mean(ack), mttrMs: mean(clear) })
    }),
  )
})

const grid = { slotMs: 100, fromMs: 1000 }
const bucketAt = (atMs: number, value: number, times: Partial<HistoryBucket> = {}): HistoryBucket => ({
  ...emptySlot(),
  timeMs: atMs,
  ...{ min: value, mean: value, max: value, count: 1 },
  ...times,
})

it('shares and mean are those of counting every reading', () => {
  const reading = fc.record({ atMs: fc.integer({ min: 0, max: 999 }), value: fc.integer({ min: 0, max: 40 }) })
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
      const slots = new Map<number, Slot>()
      // Each holds for a millisecond.
      const times = (value: number) => ({ goodMs: 1, limitedMs: 1, insideMs: value >= 10 && value <= 30 ? 1 : 0 })
      const buckets = readings.map(({ atMs, value }) => bucketAt(1000 + atMs, value, times(value)))
      addPoint(slots, 7, buckets, grid)
      const tally = tallyOf(slots, grid, 10)
      const read = Array.from({ length: 10 }, (_, slot) => readings.filter(({ atMs }) => Math.floor(atMs / 100) === slot)).filter(
        (own) => own.length > 0,
      )
      const good = readings.filter(({ value }) => value >= 10 && value <= 30)
      expect(coveredOf(tally)).toBe(read.length / 10)
      expect(inLimitsOf(tally)).toBe(read.length === 0 ? null : 1 - (readings.length - good.length) / readings.length)
      const expected = mean(readings.map(({ value }) => value))
      if (expected === null) expect(meanOf(tally)).toBeNull()
      else expect(meanOf(tally)).toBeCloseTo(expected, 9)
      expect(tally.max?.value ?? null).toBe(readings.length === 0 ? null : Math.max(...readings.map(({ value }) => value)))
      expect(tally.min?.pointId ?? 7).toBe(7)
    }),
  )
})

const known = (atMs: number, value: number, insideMs: number, goodMs = 50) => bucketAt(atMs, value, { goodMs, limitedMs: goodMs, insideMs })

it('time in limits is what the store measured by the limits of the time, of the point that was out longest', () => {
  const slots = new Map<number, Slot>()
  addPoint(slots, 1, [known(1000, 20, 50), known(1050, 20, 40), known(1100, 20, 50)], grid)
  addPoint(slots, 2, [known(1000, 25, 20), known(1050, 20, 50)], grid)
  // Without limits at the time it is not counted at all.
  addPoint(slots, 3, [bucketAt(1200, 15, { goodMs: 100 })], grid)
  const tally = tallyOf(slots, grid, 3)
  expect(tally).toMatchObject({ limitedMs: 150, outMs: 30, min: { value: 15, pointId: 3, atMs: 1200 }, max: { value: 25, pointId: 2 } })
  expect(inLimitsOf(tally)).toBe(0.8)
})

it('points out of their limits one after the other are out together, block by block; those out at the same time count once', () => {
  const slots = new Map<number, Slot>()
  // Slot 0: both out for 40 of 100; slot 1: only the first; slot 2: the first all the time; slot 4: both, at the same time.
  const hours = (outs: readonly [number, number][]) => outs.map(([slot, out]) => known(1000 + slot * 100, 20, 100 - out, 100))
  addPoint(
    slots,
    1,
    hours([
      [0, 40],
      [1, 30],
      [2, 100],
      [3, 0],
      [4, 20],
    ]),
    grid,
  )
  addPoint(
    slots,
    2,
    hours([
      [0, 40],
      [1, 0],
      [2, 60],
      [3, 0],
      [4, 20],
    ]),
    grid,
  )
  addPoint(slots, 3, hours([[0, 0]]), grid)
  const runs = unclearRuns(slots, grid.slotMs, 9)
  expect(runs).toEqual([
    { first: 0, count: 1, pointIds: new Set([1, 2]) },
    { first: 4, count: 1, pointIds: new Set([1, 2]) },
  ])
  const blocksOf = (fromMs: number, outs: readonly (readonly number[])[]): Map<number, Slot> => {
    const blocks = new Map<number, Slot>()
    for (const [id, own] of outs.entries()) {
      const times = own.map((out, at) => known(fromMs + at * 25, 20, 25 - out, 25))
      addPoint(blocks, id, times, { slotMs: 25, fromMs })
    }
    return blocks
  }
  takeBlocks(
    slots,
    0,
    blocksOf(1000, [
      [25, 15, 0, 0],
      [0, 0, 15, 25],
    ]),
    4,
  )
  takeBlocks(
    slots,
    4,
    blocksOf(1400, [
      [0, 20, 0, 0],
      [0, 20, 0, 0],
    ]),
    4,
  )
  expect([...slots.values()].map(({ outMs }) => outMs)).toEqual([80, 30, 100, 0, 20])
  expect(slots.get(0)?.limitedMs).toBe(100)
})

it('a reading that holds into a slot without one counts for its time in limits, and for nothing else', () => {
  const slots = new Map<number, Slot>()
  const held = { ...emptySlot(), timeMs: 1100, goodMs: 80, limitedMs: 80, insideMs: 0 }
  addPoint(slots, 1, [known(1000, 20, 0, 100), held], grid)
  const tally = tallyOf(slots, grid, 2)
  expect(tally).toMatchObject({ limitedMs: 180, outMs: 180, read: 1, slots: 2, count: 1, min: { value: 20 }, max: { value: 20 } })
  expect(curveOf(slots, 1)).toEqual([{ index: 0, min: 20, mean: 20, max: 20 }])
})

it('neighbouring unclear slots are looked at together, as many as one answer holds', () => {
  const slots = new Map<number, Slot>()
  for (const id of [1, 2])
    addPoint(
      slots,
      id,
      [0, 1, 2, 5].map((slot) => known(1000 + slot * 100, 20, 50, 100)),
      grid,
    )
  expect(unclearRuns(slots, grid.slotMs, 2).map(({ first, count }) => [first, count])).toEqual([
    [0, 2],
    [2, 1],
    [5, 1],
  ])
})

it('discharges last from OL to OB until OB is gone, cut to the period', () => {
  const changes = [
    { timeMs: 900, value: 'OB DISCHRG' },
    { timeMs: 1100, value: 'OL CHRG' },
    { timeMs: 1200, value: 'OB' },
    { timeMs: 1250, value: 'OB LB' },
    { timeMs: 1300, value: 'OL' },
    { timeMs: 1900, value: 'OB' },
  ]
  expect(dischargesOf('u', changes, PERIOD)).toEqual([
    { deviceName: 'u', atMs: 1000, lastedMs: 100, beganBefore: true, goesOn: false },
    { deviceName: 'u', atMs: 1200, lastedMs: 100, beganBefore: false, goesOn: false },
    { deviceName: 'u', atMs: 1900, lastedMs: 100, beganBefore: false, goesOn: true },
  ])
})

it('a counter of energy that begins anew goes on counting', () => {
  const bucket = (min: number, max: number) => ({ ...emptySlot(), timeMs: 0, min, mean: min, max, count: 2 })
  expect(counterGrowth([bucket(100, 103), bucket(104, 110), bucket(0, 2), bucket(3, 5)])).toBe(15)
  expect(counterGrowth([])).toBeNull()
})

it('an inspection that made up for a missed time is late, not on time', () => {
  const done = [
    { id: 1, roomId: 1, whenMs: 1100 },
    { id: 2, roomId: 1, whenMs: 1500 },
    { id: 3, roomId: 2, whenMs: 1500 },
  ]
  const misses = [
    { roomId: 1, dueAtMs: 1400, doneAtMs: 1500, recordId: 2 },
    { roomId: 1, dueAtMs: 1900, doneAtMs: 2100, recordId: 9 },
    { roomId: 1, dueAtMs: 900, doneAtMs: null, recordId: null },
  ]
  expect(inspectionFigures({ done, misses }, PERIOD, 1)).toEqual({ onTime: 1, late: 1, missed: 1 })
  expect(inspectionFigures({ done, misses }, PERIOD)).toEqual({ onTime: 2, late: 1, missed: 1 })
})
