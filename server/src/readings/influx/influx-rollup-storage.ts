import type { BlockResolution } from '../history/block.ts'
import type { HistorySettings } from '../history/history-settings.ts'
import type { DueHour, DueQuery, RolledUp, RollupStorage, StoredBlock } from '../history/rollup-storage.ts'
import { DAY_MS, HOUR_MS } from '../hours.ts'
import { type StoredReading, StoreUnavailableError, type TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import { AskedTogether } from './asked-together.ts'
import { type DeviceTags, keyOfDevice, namesOf } from './device-tags.ts'
import { prepareHistory } from './first-marks.ts'
import type { BlockRow, HistoryAccess } from './history-access.ts'
import { blockLine, keptLine } from './history-lines.ts'
import { type HourMarks, isBeyondRetention } from './hour-marks.ts'

/** Marks that are settled are swept away once a day; until then they only take room. */
const SWEEP_INTERVAL_MS = DAY_MS
/** Blocks go out in bodies of about this size: far under the server's limit of 25 MB, and short for those who wait behind them. */
const MAX_BODY_LENGTH = 1_000_000

/** Readings of longer stretches come page by page, point by point; those of a day, late after an outage, for all points of a device at once. */
const MAX_TOGETHER_MS = DAY_MS

export interface InfluxRollupStorageDependencies {
  access: HistoryAccess
  marks: HourMarks
  settings: Pick<HistorySettings, 'pointsOfDevice'>
  nowMs(): number
}

/** Marks, blocks and purging in an InfluxDB of either generation. One per database and process; rejects with StoreUnavailableError. */
export class InfluxRollupStorage implements RollupStorage {
  readonly #dependencies: InfluxRollupStorageDependencies
  #kept: { rawSinceMs: number; minuteSinceMs: number } | undefined
  #sweptMs = Number.NEGATIVE_INFINITY
  #purgedCopiesDay = Number.NaN

  readonly #blocks: AskedTogether<{ point: PointHandle; resolution: BlockResolution; range: TimeRange }, BlockRow[]>
  readonly #numbers: AskedTogether<{ point: PointHandle; range: TimeRange }, StoredReading[]>

  constructor(dependencies: InfluxRollupStorageDependencies) {
    this.#dependencies = dependencies
    const { access } = dependencies
    this.#blocks = new AskedTogether(async (items) => {
      const [{ resolution, range }] = items as [(typeof items)[number]]
      const byPoint = await access.blocks(pointsOf(items), resolution, range)
      return new Map(items.map((item) => [item, byPoint.get(item.point) ?? []]))
    })
    this.#numbers = new AskedTogether(async (items) => {
      const [{ range }] = items as [(typeof items)[number]]
      const byPoint = await access.numbersOfDevice(pointsOf(items), range)
      return new Map(items.map((item) => [item, byPoint.get(item.point) ?? []]))
    })
  }

  /** Reads what a previous run left; `prepare`: also marks every hour of a database that has had no history so far. */
  async load({ prepare }: { prepare: boolean }): Promise<void> {
    const { access, marks, nowMs } = this.#dependencies
    const kept = await access.keptSince()
    if (kept === undefined && prepare) {
      await prepareHistory(access, marks, nowMs())
      await this.#raiseKept({ rawSinceMs: 0, minuteSinceMs: 0 })
    }
    this.#kept = kept ?? { rawSinceMs: 0, minuteSinceMs: 0 }
    await marks.load()
  }

  async dirtyHours(point: PointHandle, range: TimeRange): Promise<number[]> {
    await this.#dependencies.marks.load()
    return this.#dependencies.marks.hoursIn(point.device, range)
  }

  async readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]> {
    const rows = await this.#blocks.ask(`${resolution} ${range.fromMs} ${range.toMs}`, { point, resolution, range })
    return storedBlocks(resolution, rows)
  }

  async *readRaw(point: PointHandle, range: TimeRange): AsyncGenerator<StoredReading[]> {
    if (range.toMs - range.fromMs > MAX_TOGETHER_MS) yield* this.#dependencies.access.stream(point, range)
    else yield await this.#numbersOf(point, range)
  }

  async lastBefore(point: PointHandle, timeMs: number, withinMs: number): Promise<StoredReading | undefined> {
    const readings = await this.#numbersOf(point, { fromMs: timeMs - withinMs, toMs: timeMs })
    return readings.at(-1)
  }

  #numbersOf(point: PointHandle, range: TimeRange): Promise<StoredReading[]> {
    if (range.fromMs >= range.toMs) return Promise.resolve([])
    return this.#numbers.ask(`${keyOfDevice(point.device)} ${range.fromMs} ${range.toMs}`, { point, range })
  }

  async rawSinceMs(): Promise<number> {
    return (await this.#keptSince()).rawSinceMs
  }

  async minuteSinceMs(): Promise<number> {
    return (await this.#keptSince()).minuteSinceMs
  }

  /** Device by device, the one first whose oldest day waits longest. Hours of devices that are not known (any more) stay marked. */
  async dueHours(query: DueQuery): Promise<DueHour[]> {
    const { marks, settings } = this.#dependencies
    await marks.load()
    const waiting: { key: string; tags: DeviceTags; hours: number[]; firstMs: number }[] = []
    for (const [key, { tags, hours }] of marks.devices()) {
      let firstMs = Number.POSITIVE_INFINITY
      const due: number[] = []
      for (const [hourMs, { writtenMs }] of hours) {
        if (!isDue(hourMs, writtenMs, query)) continue
        due.push(hourMs)
        firstMs = Math.min(firstMs, hourMs)
      }
      if (due.length > 0) waiting.push({ key, tags, hours: due, firstMs })
    }
    waiting.sort((a, b) => dayOf(a.firstMs) - dayOf(b.firstMs))
    const taken: { key: string; hours: number[] }[] = []
    const pointsOf = new Map<string, readonly PointHandle[]>()
    let room = query.limit
    for (const { key, tags, hours } of waiting) {
      if (room <= 0) break
      const points = settings.pointsOfDevice(namesOf(tags))
      // The device's mark goes as a whole, so one point that cannot be rolled up keeps it.
      if (points.length === 0 || points.some(({ id }) => query.withoutPoints.has(id))) continue
      taken.push({ key, hours: hours.sort((a, b) => a - b).slice(0, room) })
      room -= hours.length
      pointsOf.set(key, points)
    }
    if (taken.length === 0) {
      await this.#sweep()
      return []
    }
    return (await marks.handOut(taken)).map(({ key, hourMs, mark }) => ({ points: pointsOf.get(key) ?? [], hourMs, mark }))
  }

  async rolledUp({ due, blocks }: RolledUp): Promise<void> {
    let lines = ''
    for (const { point, resolution, startMs, bytes } of blocks) {
      lines += blockLine(point, resolution, startMs, bytes)
      if (lines.length < MAX_BODY_LENGTH) continue
      await this.#put(lines)
      lines = ''
    }
    await this.#put(lines)
    await this.#dependencies.marks.settle(
      due.flatMap(({ points: [point], hourMs, mark }) => (point === undefined ? [] : [{ key: keyOfDevice(point.device), hourMs, mark }])),
    )
  }

  /** For `roomkeeper readings copy`: moves forward from when on everything is there; nothing is deleted. */
  raiseKeptSince(to: { rawSinceMs: number; minuteSinceMs: number }): Promise<void> {
    return this.#raiseKept(to)
  }

  async purgeRaw(beforeMs: number): Promise<void> {
    const { access, marks } = this.#dependencies
    await marks.load()
    await this.#raiseKept({ rawSinceMs: beforeMs, minuteSinceMs: 0 })
    const firstMs = Math.min(beforeMs, (await access.firstReadingMs()) ?? beforeMs)
    // What was copied there from another store is not found by its offset. Deleting looks through every shard, so it is looked for once a day.
    if (firstMs > 0 && dayOf(beforeMs) !== this.#purgedCopiesDay) {
      const range = { fromMs: 0, toMs: firstMs }
      await marks.whileClosed(range, () => this.#purgeRawStep(range))
      this.#purgedCopiesDay = dayOf(beforeMs)
    }
    for (const range of dailySteps(firstMs, beforeMs)) await marks.whileClosed(range, () => this.#purgeRawStep(range))
  }

  /** Hours in which a device is marked keep its readings, and those of devices that are not known. */
  async #purgeRawStep(range: TimeRange): Promise<void> {
    const { access, marks } = this.#dependencies
    const marked = new Map<number, Set<string>>()
    for (const [key, { hours }] of marks.devices()) {
      for (const hourMs of hours.keys()) {
        if (hourMs + HOUR_MS <= range.fromMs || hourMs >= range.toMs) continue
        const keys = marked.get(hourMs) ?? new Set()
        marked.set(hourMs, keys.add(key))
      }
    }
    let fromMs = range.fromMs
    for (const [hourMs, keys] of [...marked].sort(([a], [b]) => a - b)) {
      if (hourMs > fromMs) await access.deleteReadings({ fromMs, toMs: hourMs })
      fromMs = hourMs + HOUR_MS
      for (const [key, { tags }] of marks.devices()) {
        if (!keys.has(key)) await access.deleteReadings({ fromMs: hourMs, toMs: fromMs }, tags)
      }
    }
    if (fromMs < range.toMs) await access.deleteReadings({ fromMs, toMs: range.toMs })
  }

  async purgeMinutes(beforeMs: number): Promise<void> {
    const { access } = this.#dependencies
    await this.#raiseKept({ rawSinceMs: 0, minuteSinceMs: beforeMs })
    const firstMs = await access.firstMinuteBlockMs(beforeMs)
    if (firstMs === undefined) return
    for (const range of dailySteps(firstMs, beforeMs)) await access.deleteMinuteBlocks(range)
  }

  /** Deletes the rows of marks before the oldest one that still counts. */
  async #sweep(): Promise<void> {
    const { access, marks, nowMs } = this.#dependencies
    if (nowMs() - this.#sweptMs < SWEEP_INTERVAL_MS) return
    const toMs = Math.floor(Math.min(marks.oldestMs(), nowMs() - DAY_MS) / HOUR_MS) * HOUR_MS
    const range = { fromMs: 0, toMs }
    await marks.whileClosed(range, async () => {
      // A write that came while those under way were waited for.
      if (marks.oldestMs() >= toMs) await access.deleteMarks(range)
    })
    this.#sweptMs = nowMs()
  }

  async #keptSince(): Promise<{ rawSinceMs: number; minuteSinceMs: number }> {
    this.#kept ??= (await this.#dependencies.access.keptSince()) ?? { rawSinceMs: 0, minuteSinceMs: 0 }
    return this.#kept
  }

  /** Durable before anything is deleted; never moves back. */
  async #raiseKept(to: { rawSinceMs: number; minuteSinceMs: number }): Promise<void> {
    const before = await this.#keptSince()
    const kept = {
      rawSinceMs: Math.max(before.rawSinceMs, to.rawSinceMs),
      minuteSinceMs: Math.max(before.minuteSinceMs, to.minuteSinceMs),
    }
    await this.#put(keptLine(kept, this.#dependencies.nowMs()))
    this.#kept = kept
  }

  async #put(lines: string): Promise<void> {
    const answer = await this.#dependencies.access.post(lines)
    if (answer.kind === 'stored' || isBeyondRetention(answer)) return
    throw new StoreUnavailableError(`history was not stored: ${'reason' in answer ? answer.reason : answer.kind}`)
  }
}

function pointsOf(items: readonly { point: PointHandle }[]): PointHandle[] {
  return [...new Set(items.map(({ point }) => point))]
}

function isDue(hourMs: number, writtenMs: number, { endedByMs, quiet }: DueQuery): boolean {
  return hourMs + HOUR_MS <= endedByMs && (hourMs >= quiet.beforeMs || writtenMs < quiet.sinceMs)
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}

export function storedBlocks(resolution: BlockResolution, rows: readonly BlockRow[]): StoredBlock[] {
  return rows.map(({ startMs, text }) => ({ resolution, startMs, bytes: Buffer.from(text, 'base64') }))
}

/** A day at a time: each step is short. None when nothing is that old. */
function* dailySteps(firstMs: number, beforeMs: number): Generator<TimeRange> {
  for (let fromMs = dayOf(firstMs) * DAY_MS; fromMs < beforeMs; fromMs += DAY_MS) {
    yield { fromMs, toMs: Math.min(fromMs + DAY_MS, beforeMs) }
  }
}
