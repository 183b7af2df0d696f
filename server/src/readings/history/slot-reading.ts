import { DAY_MS, HOUR_MS } from '../hours.ts'
import type { StoredReading, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import { decodeBlock, visitBlock } from './block.ts'
import type { PointSettings } from './history-settings.ts'
import { type LocalDays, nextYearStartDay, yearStartDay } from './local-days.ts'
import { MINUTE_MS, QUARTER_MS, SlotWindows } from './minute-slots.ts'
import type { RollupReads } from './rollup-storage.ts'
import { isEmptySlot, mergeSlots, type Slot } from './slot.ts'

/** Slots that are not empty, by their start. */
export type SlotMap = Map<number, Slot>

export const SLOT_GRID = {
  '1m': { slotMs: MINUTE_MS, blockMs: HOUR_MS },
  '15m': { slotMs: QUARTER_MS, blockMs: DAY_MS },
} as const

/** A year of blocks takes tens of milliseconds to decode: on a thread that has other work it gets a turn after so many. */
const BLOCKS_PER_TURN = 50

/** Visits the slots of minutes or quarters that begin within a range and are not empty; block by block, each in order. */
export async function visitSlots(
  reads: Pick<RollupReads, 'readBlocks'>,
  point: PointHandle,
  resolution: '1m' | '15m',
  range: TimeRange,
  visit: (timeMs: number, slot: Slot) => void,
): Promise<void> {
  const { slotMs, blockMs } = SLOT_GRID[resolution]
  const fromMs = Math.floor(range.fromMs / blockMs) * blockMs
  let decoded = 0
  for (const block of await reads.readBlocks(point, resolution, { fromMs, toMs: range.toMs })) {
    if (++decoded % BLOCKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    visitBlock(block.bytes, (index, slot) => {
      const timeMs = block.startMs + index * slotMs
      if (timeMs >= range.fromMs && timeMs < range.toMs) visit(timeMs, slot)
    })
  }
}

/** Slots of minutes or quarters that begin within a range. */
export async function readSlots(reads: RollupReads, point: PointHandle, resolution: '1m' | '15m', range: TimeRange): Promise<SlotMap> {
  const slots: SlotMap = new Map()
  await visitSlots(reads, point, resolution, range, (timeMs, slot) => slots.set(timeMs, slot))
  return slots
}

/** Slots of whole local days; years whose block is missing or of another zone are made from quarters. */
export async function readDays(reads: RollupReads, point: PointHandle, days: LocalDays, range: TimeRange): Promise<SlotMap> {
  const slots: SlotMap = new Map()
  const endDay = days.dayOf(range.toMs - 1) + 1
  for (let day = days.dayOf(range.fromMs); day < endDay; ) {
    const firstDay = yearStartDay(day)
    const toDay = Math.min(endDay, nextYearStartDay(day))
    const blocks = await reads.readBlocks(point, '1d', { fromMs: firstDay * DAY_MS, toMs: firstDay * DAY_MS + 1 })
    const block = blocks[0] === undefined ? undefined : decodeBlock(blocks[0].bytes)
    const ofYear =
      block?.zone === days.zone
        ? block.slots.slice(day - firstDay, toDay - firstDay)
        : await daysFromQuarters(reads, point, days, day, toDay)
    ofYear.forEach((slot, index) => {
      if (!isEmptySlot(slot)) slots.set(days.startOf(day + index), slot)
    })
    day = toDay
  }
  return slots
}

async function daysFromQuarters(reads: RollupReads, point: PointHandle, days: LocalDays, fromDay: number, toDay: number): Promise<Slot[]> {
  const range = { fromMs: days.startOf(fromDay), toMs: days.startOf(toDay) }
  return daySlots(await readSlots(reads, point, '15m', range), days, fromDay, toDay)
}

/** Merges quarters into the days [fromDay, toDay). The clock of every zone in use is a whole number of quarters from UTC. */
export function daySlots(quarters: SlotMap, days: LocalDays, fromDay: number, toDay: number): Slot[] {
  const parts: Slot[][] = Array.from({ length: toDay - fromDay }, () => [])
  for (const [timeMs, slot] of quarters) parts[days.dayOf(timeMs) - fromDay]?.push(slot)
  return parts.map(mergeSlots)
}

/** Slots between neighbouring edges, from the readings. */
export async function slotsFromRaw(
  reads: RollupReads,
  settings: PointSettings,
  point: PointHandle,
  edges: readonly number[],
): Promise<Slot[]> {
  const range = { fromMs: edges[0] ?? 0, toMs: edges.at(-1) ?? 0 }
  const holdMs = settings.holdMs(point)
  const [bands, carriedIn] = await Promise.all([settings.bandsOf(point, range), reads.lastBefore(point, range.fromMs, holdMs)])
  const windows = new SlotWindows(edges, { holdMs, bands })
  if (carriedIn !== undefined) windows.add(carriedIn)
  for await (const chunk of reads.readRaw(point, range)) for (const reading of chunk as StoredReading[]) windows.add(reading)
  return windows.finish()
}
