import { BLOCK_SLOTS, type BlockResolution, decodeBlock, encodeBlock } from '../history/block.ts'
import { type LocalDays, nextYearStartDay, yearStartDay } from '../history/local-days.ts'
import { MAX_HOLD_MS } from '../history/minute-slots.ts'
import type { StoredBlock } from '../history/rollup-storage.ts'
import { emptySlot, isEmptySlot, type Slot } from '../history/slot.ts'
import { daySlots, SLOT_GRID, type SlotMap } from '../history/slot-reading.ts'
import { DAY_MS, HOUR_MS } from '../hours.ts'
import type { TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { KeptSince, RollupSource, RollupTarget } from './rollup-copying.ts'

/** Blocks of a point held at a time: a week of minutes, two months of quarters. */
const STEP_MS = { '1m': 7 * DAY_MS, '15m': 60 * DAY_MS } as const

export interface RollupCopy {
  source: RollupSource
  target: RollupTarget
  days: LocalDays
}

/** The part of a range whose readings may be gone in a store: there its blocks are all that is left. */
export function goneRange({ rawSinceMs }: KeptSince, { fromMs, toMs }: TimeRange): TimeRange {
  // The hour that begins before readings are complete was rolled up from more than is left.
  const completeFromMs = rawSinceMs === 0 ? 0 : Math.ceil((rawSinceMs + MAX_HOLD_MS) / HOUR_MS) * HOUR_MS
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, completeFromMs)) }
}

/**
 * Copies a point's minutes and quarters of a range whose readings are gone, then makes the days of the years it touched. A slot that the
 * target has already is replaced only by one that counts more readings, so copying again changes nothing. Answers the blocks put.
 */
export async function copyRollups(
  { source, target, days }: RollupCopy,
  point: PointHandle,
  kept: KeptSince,
  range: TimeRange,
): Promise<number> {
  let blocks = await copyBlocks(source, target, point, '1m', { ...range, fromMs: Math.max(range.fromMs, kept.minuteSinceMs) })
  const quarters = await copyBlocks(source, target, point, '15m', range)
  blocks += quarters
  if (quarters === 0) return blocks
  for (let day = yearStartDay(days.dayOf(range.fromMs)); days.startOf(day) < range.toMs; day = nextYearStartDay(day)) {
    const block = await yearBlock(target, point, days, day)
    if (block === undefined) continue
    await target.putBlocks(point, [block])
    blocks++
  }
  return blocks
}

async function copyBlocks(
  source: RollupSource,
  target: RollupTarget,
  point: PointHandle,
  resolution: '1m' | '15m',
  range: TimeRange,
): Promise<number> {
  const { slotMs, blockMs } = SLOT_GRID[resolution]
  const startMs = Math.floor(range.fromMs / blockMs) * blockMs
  let put = 0
  for (let fromMs = startMs; fromMs < range.toMs; fromMs += STEP_MS[resolution]) {
    const step = { fromMs, toMs: Math.min(range.toMs, fromMs + STEP_MS[resolution]) }
    // Ctrl-C is heard between steps, also where both stores are files.
    await new Promise((resolve) => setImmediate(resolve))
    const blocks = await source.readBlocks(point, resolution, step)
    if (blocks.length === 0) continue
    const there = new Map((await target.readBlocks(point, resolution, step)).map((block) => [block.startMs, block]))
    const changed = blocks.flatMap((block) => mergedBlock(block, there.get(block.startMs), range, slotMs) ?? [])
    if (changed.length > 0) await target.putBlocks(point, changed)
    put += changed.length
  }
  return put
}

/** The source's slots of a range, unless the target's count as much; undefined: nothing to change. */
function mergedBlock(block: StoredBlock, there: StoredBlock | undefined, range: TimeRange, slotMs: number): StoredBlock | undefined {
  const endMs = block.startMs + BLOCK_SLOTS[block.resolution] * slotMs
  if (there === undefined && block.startMs >= range.fromMs && endMs <= range.toMs) return block
  const content = decodeBlock(block.bytes)
  const slots = there === undefined ? content.slots.map(emptySlot) : decodeBlock(there.bytes).slots
  let isChanged = false
  content.slots.forEach((slot, index) => {
    const timeMs = block.startMs + index * slotMs
    if (timeMs < range.fromMs || timeMs >= range.toMs || isEmptySlot(slot) || weightOf(slots[index]) >= weightOf(slot)) return
    slots[index] = slot
    isChanged = true
  })
  return isChanged ? { ...block, bytes: encodeBlock({ ...content, slots }) } : undefined
}

/** By readings first; a slot into which a reading only holds counts by its time. */
function weightOf(slot: Slot | undefined): number {
  return slot === undefined ? 0 : slot.count + slot.badCount + slot.goodMs / DAY_MS
}

/** Days of a year from the target's quarters, as rolling up makes them. */
async function yearBlock(target: RollupSource, point: PointHandle, days: LocalDays, day: number): Promise<StoredBlock | undefined> {
  const endDay = nextYearStartDay(day)
  const [fromMs, toMs] = [days.startOf(day), days.startOf(endDay)]
  const quarters: SlotMap = new Map()
  const resolution: BlockResolution = '15m'
  for (const block of await target.readBlocks(point, resolution, { fromMs: Math.floor(fromMs / DAY_MS) * DAY_MS, toMs })) {
    decodeBlock(block.bytes).slots.forEach((slot, index) => {
      const timeMs = block.startMs + index * SLOT_GRID[resolution].slotMs
      if (timeMs >= fromMs && timeMs < toMs && !isEmptySlot(slot)) quarters.set(timeMs, slot)
    })
  }
  if (quarters.size === 0) return undefined
  const slots = daySlots(quarters, days, day, endDay)
  while (slots.length < BLOCK_SLOTS['1d']) slots.push(emptySlot())
  return { resolution: '1d', startMs: day * DAY_MS, bytes: encodeBlock({ resolution: '1d', zone: days.zone, slots }) }
}
