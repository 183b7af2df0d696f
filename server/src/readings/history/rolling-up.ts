import { DAY_MS, HOUR_MS, hourOf } from '../hours.ts'
import type { PointHandle } from '../scan.ts'
import { BLOCK_SLOTS, type BlockResolution, decodeBlock, encodeBlock } from './block.ts'
import type { PointSettings } from './history-settings.ts'
import { type LocalDays, nextYearStartDay, yearStartDay } from './local-days.ts'
import { MAX_HOLD_MS, MINUTE_MS, minuteEdges, QUARTER_MS } from './minute-slots.ts'
import type { RollupReads, StoredBlock } from './rollup-storage.ts'
import { emptySlot, isEmptySlot, mergeSlots, type Slot } from './slot.ts'
import { daySlots, readSlots, SLOT_GRID, type SlotMap, slotsFromRaw } from './slot-reading.ts'
import { joinRanges } from './time-ranges.ts'

export interface RollingUp {
  reads: RollupReads
  settings: PointSettings
  days: LocalDays
  /** From here on raw readings, and those that hold into them, are all kept. */
  rawCompleteFromMs: number
  minuteSinceMs: number
}

/**
 * The blocks that marked hours of a point change: their minutes; the quarter after each, into which its last reading may hold, unless that
 * hour is marked itself and comes in its turn; their quarters; their days. Where raw readings are no longer complete, slots that hold
 * something are kept and only empty ones are filled: a late reading never replaces what cannot be counted again, and the same reading
 * again never counts twice.
 */
export async function blocksOfHours(rollingUp: RollingUp, point: PointHandle, hours: readonly number[]): Promise<StoredBlock[]> {
  const { reads, settings, rawCompleteFromMs, minuteSinceMs } = rollingUp
  const [firstMs, lastMs] = [Math.min(...hours), Math.max(...hours)]
  const marked = new Set([...hours, ...(await reads.dirtyHours(point, { fromMs: firstMs, toMs: lastMs + 2 * HOUR_MS }))])
  const stretches = joinRanges(
    hours.map((hourMs) => ({ fromMs: hourMs, toMs: hourMs + HOUR_MS + (marked.has(hourMs + HOUR_MS) ? 0 : MAX_HOLD_MS) })),
  )

  const blocks: StoredBlock[] = []
  const quarters: SlotMap = new Map()
  for (const { fromMs, toMs } of stretches) {
    const endMs = Math.ceil(toMs / HOUR_MS) * HOUR_MS
    const edges = minuteEdges(fromMs, toMs)
    const fresh = await slotsFromRaw(reads, settings, point, edges)
    const minutes = await readSlots(reads, point, '1m', { fromMs, toMs: endMs })
    // An hour in which nothing is known has no block, unless it had one.
    const filled = new Set([...minutes.keys()].map(hourOf))
    fresh.forEach((slot, index) => {
      const timeMs = edges[index] as number
      if (!isEmptySlot(slot)) filled.add(hourOf(timeMs))
      if (hourOf(timeMs) >= rawCompleteFromMs || !minutes.has(timeMs)) setSlot(minutes, timeMs, slot)
    })
    for (let hourMs = fromMs; hourMs < endMs; hourMs += HOUR_MS) {
      if (hourMs >= minuteSinceMs && filled.has(hourMs)) blocks.push(clockBlock('1m', hourMs, minutes))
    }
    for (let timeMs = fromMs; timeMs < toMs; timeMs += QUARTER_MS) {
      quarters.set(timeMs, mergeSlots(slotsFrom(minutes, timeMs, 15, MINUTE_MS)))
    }
  }
  blocks.push(...(await quarterAndDayBlocks(rollingUp, point, quarters)))
  return blocks
}

/** `fresh`: quarters as the minutes say now, empty ones included. */
async function quarterAndDayBlocks(
  { reads, days, rawCompleteFromMs, minuteSinceMs }: RollingUp,
  point: PointHandle,
  fresh: SlotMap,
): Promise<StoredBlock[]> {
  const times = [...fresh.keys()].sort((a, b) => a - b)
  const blocks: StoredBlock[] = []
  const utcDays = new Set(times.map((timeMs) => Math.floor(timeMs / DAY_MS)))
  const localDays = [...new Set(times.map((timeMs) => days.dayOf(timeMs)))]
  const quarters: SlotMap = new Map()
  // Whole UTC days: as blocks are made of them, and all that the local days touch.
  for (const { fromMs, toMs } of joinRanges([
    ...[...utcDays].map((day) => ({ fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS })),
    ...localDays.map((day) => ({ fromMs: days.startOf(day), toMs: days.startOf(day + 1) })),
  ])) {
    for (const [timeMs, slot] of await readSlots(reads, point, '15m', { fromMs, toMs })) quarters.set(timeMs, slot)
  }
  for (const [timeMs, slot] of fresh) {
    const canCountAgain = hourOf(timeMs) >= rawCompleteFromMs || hourOf(timeMs) >= minuteSinceMs
    if (canCountAgain || !quarters.has(timeMs)) setSlot(quarters, timeMs, slot)
  }
  for (const day of utcDays) blocks.push(clockBlock('15m', day * DAY_MS, quarters))

  for (const firstDay of new Set(localDays.map(yearStartDay))) {
    const touched = localDays.filter((day) => yearStartDay(day) === firstDay)
    const slots = (await yearSlots(reads, point, days, firstDay)) ?? (await yearFromQuarters(reads, point, days, firstDay))
    for (const day of touched) slots[day - firstDay] = daySlots(quarters, days, day, day + 1)[0] ?? emptySlot()
    blocks.push({ resolution: '1d', startMs: firstDay * DAY_MS, bytes: encodeBlock({ resolution: '1d', zone: days.zone, slots }) })
  }
  return blocks
}

/** undefined: there is none, or it is of another zone. */
async function yearSlots(reads: RollupReads, point: PointHandle, days: LocalDays, firstDay: number): Promise<Slot[] | undefined> {
  const [block] = await reads.readBlocks(point, '1d', { fromMs: firstDay * DAY_MS, toMs: firstDay * DAY_MS + 1 })
  const content = block === undefined ? undefined : decodeBlock(block.bytes)
  return content?.zone === days.zone ? content.slots : undefined
}

async function yearFromQuarters(reads: RollupReads, point: PointHandle, days: LocalDays, firstDay: number): Promise<Slot[]> {
  const endDay = nextYearStartDay(firstDay)
  const range = { fromMs: days.startOf(firstDay), toMs: days.startOf(endDay) }
  const slots = daySlots(await readSlots(reads, point, '15m', range), days, firstDay, endDay)
  while (slots.length < BLOCK_SLOTS['1d']) slots.push(emptySlot())
  return slots
}

function setSlot(slots: SlotMap, timeMs: number, slot: Slot): void {
  if (isEmptySlot(slot)) slots.delete(timeMs)
  else slots.set(timeMs, slot)
}

function slotsFrom(slots: SlotMap, fromMs: number, count: number, slotMs: number): Slot[] {
  return Array.from({ length: count }, (_, index) => slots.get(fromMs + index * slotMs) ?? emptySlot())
}

function clockBlock(resolution: Exclude<BlockResolution, '1d'>, startMs: number, slots: SlotMap): StoredBlock {
  const content = slotsFrom(slots, startMs, BLOCK_SLOTS[resolution], SLOT_GRID[resolution].slotMs)
  return { resolution, startMs, bytes: encodeBlock({ resolution, zone: '', slots: content }) }
}
