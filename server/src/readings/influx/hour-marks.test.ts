import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WriteAnswer } from '../reading-store.ts'
import type { DeviceHandle, DeviceScan } from '../scan.ts'
import { keyOfDevice } from './device-tags.ts'
import type { MarkRow } from './history-access.ts'
import { HourMarks } from './hour-marks.ts'

const HOUR_MS = 3_600_000
const DEVICE: DeviceHandle = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1 }
const TAGS = { site: 's', node: 'n', device: 'd' }
const KEY = keyOfDevice(DEVICE)

type Fate = 'stored' | 'lost-answer' | 'refused' | 'rejected'

/** A database of one device: rows of marks, and the readings of each hour by number. Requests are taken one after the other. */
class Database {
  readonly rows = new Map<number, { marked?: number; done?: number }>()
  readonly readings = new Map<number, Set<number>>()

  apply(lines: string): void {
    for (const line of lines.split('\n')) {
      const [series = '', field = '', time = ''] = line.split(' ')
      const [name, value] = [field.split('=')[0] ?? '', Number.parseInt(field.split('=')[1] ?? '', 10)]
      if (series.startsWith('history_mark')) this.rows.set(Number(time), { ...this.rows.get(Number(time)), [name]: value })
      else if (series === 'reading') {
        const hourMs = Math.floor(Number(time) / HOUR_MS) * HOUR_MS
        this.readings.set(hourMs, new Set(this.readings.get(hourMs)).add(value))
      }
    }
  }

  markRows(): MarkRow[] {
    return [...this.rows].map(([hourMs, { marked, done }]) => ({ tags: TAGS, hourMs, marked, done }))
  }
}

const fate = fc.constantFrom<Fate>('stored', 'stored', 'stored', 'lost-answer', 'refused', 'rejected')
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('write' as const), hour: fc.integer({ min: 0, max: 2 }), turns: fc.nat(6), fate }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('roll' as const), hour: fc.integer({ min: 0, max: 2 }), turns: fc.nat(6), fate }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), turns: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

it('a stored reading is rolled up or its hour is marked, in memory and in the database', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const database = new Database()
      const rolledUp = new Map<number, Set<number>>()
      const turns = async (count: number): Promise<void> => {
        for (let at = 0; at < count; at++) await new Promise((resolve) => setImmediate(resolve))
      }
      // The fate of the next request, set by the step that makes it.
      let next: { turns: number; fate: Fate } = { turns: 0, fate: 'stored' }
      const post = async (lines: string): Promise<WriteAnswer> => {
        if (lines === '') return { kind: 'stored' }
        const { turns: count, fate: outcome } = next
        await turns(count)
        if (outcome === 'refused') return { kind: 'retry', reason: 'away' }
        if (outcome === 'rejected') return { kind: 'rejected', reason: 'wrong' }
        database.apply(lines)
        return outcome === 'stored' ? { kind: 'stored' } : { kind: 'retry', reason: 'connection closed' }
      }
      const start = (): HourMarks => new HourMarks({ rows: async () => database.markRows(), post, nowMs: () => 5 })
      let marks = start()
      await marks.load()
      let number = 0
      let underWay: Promise<unknown>[] = []
      const roll = async (of: HourMarks, hourMs: number): Promise<void> => {
        const handedOut = await of.handOut([{ key: KEY, hours: [hourMs] }])
        if (handedOut.length === 0) return
        const read = new Set(database.readings.get(hourMs))
        await turns(1)
        rolledUp.set(hourMs, read)
        await of.settle(handedOut)
      }
      for (const one of steps) {
        if (one.kind === 'wait') await turns(one.turns)
        else if (one.kind === 'restart') {
          await Promise.allSettled(underWay)
          underWay = []
          marks = start()
          await marks.load()
        } else if (one.kind === 'write') {
          next = one
          const timeMs = one.hour * HOUR_MS + number
          const scan = { device: DEVICE, timesMs: [timeMs], points: [], values: [] } as unknown as DeviceScan
          underWay.push(marks.write([scan], `reading n=${number++}i ${timeMs}\n`))
          // Marks are chosen and the request leaves before anything else happens.
          await Promise.resolve()
        } else {
          await Promise.allSettled(underWay.filter((_, index) => index % 2 === 0))
          next = one
          underWay.push(roll(marks, one.hour * HOUR_MS).catch(() => undefined))
        }
      }
      await Promise.allSettled(underWay)
      for (const [hourMs, readings] of database.readings) {
        if ([...readings].every((reading) => rolledUp.get(hourMs)?.has(reading))) continue
        expect(marks.hoursIn(DEVICE, { fromMs: hourMs, toMs: hourMs + 1 }), 'in memory').toEqual([hourMs])
        const row = database.rows.get(hourMs)
        expect(row?.marked, 'in the database').not.toBe(row?.done)
      }
    }),
    { numRuns: 300 },
  )
})

it('writes into a stretch that is being deleted wait until it is done', async () => {
  const order: string[] = []
  const post = async (lines: string): Promise<WriteAnswer> => {
    order.push(lines.includes('late') ? 'late' : 'other')
    return { kind: 'stored' }
  }
  const marks = new HourMarks({ rows: async () => [], post, nowMs: () => 5 })
  const scanAt = (timeMs: number): DeviceScan => ({ device: DEVICE, timesMs: [timeMs], points: [], values: [] }) as unknown as DeviceScan
  let late: Promise<WriteAnswer> | undefined
  await marks.whileClosed({ fromMs: 0, toMs: HOUR_MS }, async () => {
    late = marks.write([scanAt(10)], 'late 1 10\n')
    await marks.write([scanAt(HOUR_MS)], 'other 1 1\n')
    order.push('deleted')
  })
  await late
  expect(order).toEqual(['other', 'deleted', 'late'])
})
