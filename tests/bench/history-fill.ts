import type { HistorySettings } from '../../server/src/readings/history/history-settings.ts'
import type { StoredBlock } from '../../server/src/readings/history/rollup-storage.ts'
import type { ReadingStore, TimeRange } from '../../server/src/readings/reading-store.ts'
import type { DeviceScan } from '../../server/src/readings/scan.ts'
import { DAY_MS, type Fleet, HOUR_MS, INTERVAL_MS, POINTS_PER_DEVICE, scansAt, shapeOf, ZONE } from './history-fleet.ts'
import type { BenchStore } from './history-store.ts'

/** As the server's writer puts them. */
const BATCH_READINGS = 5000
/** Of the days that are only there to be read: fewer waits for the disk. */
const BULK_BATCH_READINGS = 25_000
const BLOCKS_PER_PUT = 2000
const FIVE_MINUTES_MS = 5 * 60_000

/** The days of a store, oldest first. */
export interface HistoryDays {
  /** From here on the blocks that rolling up leaves. */
  fromMs: number
  /** From here on also the readings. */
  rawFromMs: number
  /** From here on blocks are made by the store itself, as the hours end. */
  rolledFromMs: number
}

/** How far a store is filled; kept beside it, so that filling goes on where it ended. */
export interface FilledSoFar {
  emptyBytes: number
  /** undefined: the blocks of the older days are not all there yet. */
  blockBytes: number | undefined
  /** Readings are written up to here. */
  writtenToMs: number
  figures: FillFigures | undefined
}

/** Of the run that filled the store first. */
export interface FillFigures {
  /** CPU of rolling up as a share of the CPU of store.write of the same readings, hour by hour as in a running server. */
  rollup_share: number
  /** Disk per million readings of 10 s: raw readings, and what rolling up leaves of them. */
  bytes_per_million: number
  raw_bytes_per_million: number
  rollup_bytes_per_million: number
  /** Of the days that are rolled up as they are written. */
  ingest_readings_per_s: number
}

interface Filling {
  bench: BenchStore
  fleet: Fleet
  days: HistoryDays
  endMs: number
  /** Blocks of each course of values from fromMs to rolledFromMs; computing them takes a while. */
  shapes(): Promise<readonly StoredBlock[][]>
  /** undefined: the store is empty. */
  soFar: FilledSoFar | undefined
  save(soFar: FilledSoFar): Promise<void>
  progress(line: string): void
}

/**
 * Puts the blocks of the older days, writes the readings of the others through the store, and rolls up the last days hour by hour as their
 * time comes. A store that was filled before is brought up to `endMs`.
 */
export async function fillHistory(filling: Filling): Promise<FillFigures> {
  const { bench, days, endMs, save } = filling
  const writer = new StoreWriter(filling)
  let soFar = filling.soFar
  if (soFar === undefined) {
    soFar = { emptyBytes: await writer.close(), blockBytes: undefined, writtenToMs: days.rawFromMs, figures: undefined }
    await save(soFar)
  }
  if (soFar.blockBytes === undefined) {
    await putBlocks(filling)
    soFar = { ...soFar, blockBytes: (await bench.bytesOnDisk()) - soFar.emptyBytes }
    await save(soFar)
    filling.progress(`blocks take ${Math.round((soFar.blockBytes ?? 0) / 1e6)} MB`)
  }
  if (soFar.writtenToMs < days.rolledFromMs) {
    for (let dayMs = soFar.writtenToMs; dayMs < days.rolledFromMs; dayMs += DAY_MS) {
      await writer.write({ fromMs: dayMs, toMs: dayMs + DAY_MS }, BULK_BATCH_READINGS)
      soFar = { ...soFar, writtenToMs: dayMs + DAY_MS }
      await save(soFar)
      filling.progress(`${(dayMs + DAY_MS - days.rawFromMs) / DAY_MS} days written`)
    }
    // Their blocks are there.
    await writer.close()
    await bench.forgetMarks(days.rolledFromMs)
  }
  const rolled = await writeAndRollUp(filling, writer, soFar.writtenToMs)
  const bytes = await writer.close()
  const figures = soFar.figures ?? { ...rolled, ...sizesOf(filling, bytes - soFar.emptyBytes, soFar.blockBytes ?? 0) }
  await save({ ...soFar, writtenToMs: endMs, figures })
  return figures
}

async function putBlocks({ bench, fleet, days, shapes, progress }: Filling): Promise<void> {
  const blocksOfShapes = await shapes()
  const { rollups, close } = await bench.rollups()
  await rollups.raiseKeptSince({ rawSinceMs: days.rawFromMs, minuteSinceMs: 0 })
  for (const [index, point] of fleet.points.entries()) {
    const blocks = blocksOfShapes[shapeOf(index)] as StoredBlock[]
    for (let at = 0; at < blocks.length; at += BLOCKS_PER_PUT) await rollups.putBlocks(point, blocks.slice(at, at + BLOCKS_PER_PUT))
  }
  await close()
  progress(`put ${fleet.points.length} × ${blocksOfShapes[0]?.length} blocks`)
}

async function writeAndRollUp(
  { bench, fleet, endMs, progress }: Filling,
  writer: StoreWriter,
  fromMs: number,
): Promise<Pick<FillFigures, 'rollup_share' | 'ingest_readings_per_s'>> {
  const cpu = { ingest: 0, rollUp: 0 }
  let ingestMs = 0
  for (let atMs = fromMs; atMs < endMs; ) {
    const hourEndMs = Math.floor(atMs / HOUR_MS) * HOUR_MS + HOUR_MS
    const toMs = Math.min(hourEndMs, endMs)
    const [startedMs, cpuBefore] = [performance.now(), await storingCpuSeconds(bench)]
    await writer.write({ fromMs: atMs, toMs }, BATCH_READINGS)
    const cpuBetween = await storingCpuSeconds(bench)
    ingestMs += performance.now() - startedMs
    // Due a little after its end.
    await writer.rollUp(Math.min(hourEndMs + FIVE_MINUTES_MS, endMs))
    cpu.ingest += cpuBetween - cpuBefore
    cpu.rollUp += (await storingCpuSeconds(bench)) - cpuBetween
    atMs = toMs
    if (atMs % DAY_MS === 0) progress(`rolled up to ${new Date(atMs).toISOString()}`)
  }
  const readings = ((endMs - fromMs) / INTERVAL_MS) * fleet.points.length
  progress(`${readings} readings, CPU ${cpu.ingest.toFixed(1)} s written, ${cpu.rollUp.toFixed(1)} s rolled up`)
  return {
    rollup_share: Math.round((cpu.rollUp / cpu.ingest) * 1000) / 1000,
    ingest_readings_per_s: Math.round(readings / (ingestMs / 1000)),
  }
}

function sizesOf(
  { fleet, days, endMs }: Filling,
  bytes: number,
  blockBytes: number,
): Omit<FillFigures, 'rollup_share' | 'ingest_readings_per_s'> {
  const readingsIn = (fromMs: number, toMs: number): number => ((toMs - fromMs) / INTERVAL_MS) * fleet.points.length
  const rollup = (blockBytes / readingsIn(days.fromMs, days.rolledFromMs)) * 1e6
  const rolledBytes = (rollup * readingsIn(days.rolledFromMs, endMs)) / 1e6
  const raw = ((bytes - blockBytes - rolledBytes) / readingsIn(days.rawFromMs, endMs)) * 1e6
  return {
    bytes_per_million: Math.round(raw + rollup),
    raw_bytes_per_million: Math.round(raw),
    rollup_bytes_per_million: Math.round(rollup),
  }
}

/** Of everything that stores: this process and the database's. */
async function storingCpuSeconds(bench: BenchStore): Promise<number> {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + (await bench.databaseCpuSeconds())
}

/** The store, opened when something is written. Its clock stands at the first reading until hours are rolled up. */
class StoreWriter {
  readonly #filling: Filling
  #store: ReadingStore | undefined
  #nowMs: number

  constructor(filling: Filling) {
    this.#filling = filling
    this.#nowMs = filling.days.rawFromMs
  }

  async write({ fromMs, toMs }: TimeRange, batchReadings: number): Promise<void> {
    const store = await this.#opened()
    for (let atMs = fromMs; atMs < toMs; atMs += HOUR_MS) {
      await writeAll(store, this.#batchesOf({ fromMs: atMs, toMs: Math.min(atMs + HOUR_MS, toMs) }, batchReadings))
    }
  }

  async rollUp(nowMs: number): Promise<void> {
    this.#nowMs = nowMs
    const upkeep = (await this.#opened()) as unknown as { maintain?(): Promise<void> }
    if (upkeep.maintain === undefined) throw new Error('the store has no upkeep')
    await upkeep.maintain()
  }

  /** Answers the bytes on disk. */
  async close(): Promise<number> {
    await (await this.#opened()).stop()
    this.#store = undefined
    return this.#filling.bench.bytesOnDisk()
  }

  async #opened(): Promise<ReadingStore> {
    this.#store ??= await this.#filling.bench.open(() => this.#nowMs, settingsOf(this.#filling.fleet))
    return this.#store
  }

  #batchesOf({ fromMs, toMs }: TimeRange, batchReadings: number): DeviceScan[][] {
    const { points } = this.#filling.fleet
    const batches: DeviceScan[][] = []
    let room = 0
    // Counted from the first reading: the same scans carry the same offsets, however often they are written.
    let offset = ((fromMs - this.#filling.days.rawFromMs) / INTERVAL_MS) * (points.length / POINTS_PER_DEVICE)
    for (let timeMs = fromMs; timeMs < toMs; timeMs += INTERVAL_MS) {
      for (const scan of scansAt(points, timeMs, offset)) {
        if (room < scan.points.length) {
          batches.push([])
          room = batchReadings
        }
        batches.at(-1)?.push(scan)
        room -= scan.points.length
        offset++
      }
    }
    return batches
  }
}

function settingsOf({ directory }: Fleet): HistorySettings {
  return {
    zone: () => ZONE,
    holdMs: () => 2.5 * INTERVAL_MS,
    bandsOf: async () => [{ fromMs: 0, band: { low: 18, high: 27 } }],
    pointById: (id) => directory.points.get(id),
    pointsOfDevice: ({ site, node, device }) => [...(directory.nodes.get(`${site}/${node}`)?.devices.get(device)?.points.values() ?? [])],
  }
}

/** Two writes in flight, as the server's writer. */
async function writeAll(store: ReadingStore, batches: readonly DeviceScan[][]): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const answer = await store.write(batch)
      if (answer.kind !== 'stored') throw new Error(JSON.stringify(answer))
    }
  }
  await Promise.all([lane(), lane()])
}
