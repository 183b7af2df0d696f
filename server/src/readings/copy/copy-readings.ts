import { deliverBatch } from '../batch-delivery.ts'
import type { LocalDays } from '../history/local-days.ts'
import type { RawQuery, ReadingStore, StoredReading, TimeRange } from '../reading-store.ts'
import { type DeviceHandle, type DeviceScan, type PointHandle, scanWeight } from '../scan.ts'
import { backoffMs } from '../write-step.ts'
import { copyRollups, goneRange } from './copy-rollups.ts'
import type { CopyState } from './copy-state.ts'
import { devicePartsOf, scansOf } from './device-readings.ts'
import { addReadings, type ReadingSum } from './reading-sum.ts'
import { type KeptSince, keptSince, type RollupSource, type RollupTarget } from './rollup-copying.ts'

export interface DeviceToCopy {
  device: DeviceHandle
  points: PointHandle[]
}

export interface CopySource {
  store: Pick<ReadingStore, 'raw'>
  rollups: RollupSource
}

export interface CopyTarget {
  store: Pick<ReadingStore, 'write' | 'probe' | 'raw'>
  rollups: RollupTarget
}

export interface CopyJob {
  source: CopySource
  /** undefined: readings are only counted. */
  target: CopyTarget | undefined
  devices: readonly DeviceToCopy[]
  days: LocalDays
  /** Changed while it goes on; `save` makes it durable. */
  state: CopyState
  save(): Promise<void>
  signal: AbortSignal
  /** Told after each part: readings so far in this run, and the share that is done. */
  onProgress(progress: { readings: number; share: number }): void
  /** The target does not take readings now, or the source does not answer; it is tried again. */
  onWait(reason: string): void
}

export interface CopyOutcome {
  readings: number
  blocks: number
  /** Refused by the target whatever was tried. */
  refused: { point: PointHandle | undefined; reason: string; readings: number }[]
}

/** The copy was stopped, or a store stayed away too long; it goes on from the state when it is started again. */
export class CopyInterrupted extends Error {
  override readonly name = 'CopyInterrupted'
}

/** As the server's writer: where InfluxDB's gain levels off, and two keep the store busy. */
const BATCH_READINGS = 5000
const WRITES_IN_FLIGHT = 2
/** A store that is away this long does not come back by waiting. */
const MAX_AWAY_MS = 120_000

/** Copies what is left to copy. Rejects with CopyInterrupted; whatever the state says is done is durable in the target. */
export async function copyReadings(job: CopyJob): Promise<CopyOutcome> {
  const outcome: CopyOutcome = { readings: 0, blocks: 0, refused: [] }
  await copyAllRollups(job, outcome)
  const spanMs = Math.max(1, job.state.toMs - job.state.fromMs)
  const allPoints = job.devices.reduce((sum, { points }) => sum + points.length, 0)
  let pointsDone = 0
  for (const { device, points } of job.devices) {
    const done = job.state.devices[device.id] ?? { doneToMs: job.state.fromMs, isDone: false }
    job.state.devices[device.id] = done
    if (!done.isDone && points.length > 0) {
      const range = { fromMs: done.doneToMs, toMs: job.state.toMs }
      const firstMs = done.doneToMs === job.state.fromMs ? await firstReadingMs(job, points, range) : job.state.fromMs
      const parts = ahead(devicePartsOf(steadily(job), points, range))
      for await (const part of parts) {
        stopIfAsked(job)
        if (job.target !== undefined) await writeAll(job, job.target, scansOf(device, points, part), outcome)
        part.readings.forEach((readings, index) => {
          const { id } = points[index] as PointHandle
          const sum = job.state.sums[id] ?? { count: 0, hash: 0 }
          job.state.sums[id] = sum
          addReadings(sum, readings)
          outcome.readings += readings.length
        })
        done.doneToMs = part.untilMs
        await job.save()
        const share = Math.min(1, Math.max(0, (part.untilMs - firstMs) / Math.max(1, Math.min(spanMs, job.state.toMs - firstMs))))
        job.onProgress({ readings: outcome.readings, share: (pointsDone + points.length * share) / Math.max(1, allPoints) })
      }
    }
    done.isDone = true
    await job.save()
    pointsDone += points.length
  }
  return outcome
}

/** Before the readings: slots whose readings are gone must be there before late readings of their hours are rolled up. */
async function copyAllRollups(
  { source, target, devices, days, state, save, signal, onWait }: CopyJob,
  outcome: CopyOutcome,
): Promise<void> {
  if (target === undefined) return
  const kept = await keptSince(source.rollups)
  const range = goneRange(kept, state)
  if (range.fromMs >= range.toMs) return
  await target.rollups.raiseKeptSince(kept)
  const copied = new Set(state.rollups)
  for (const point of devices.flatMap(({ points }) => points)) {
    if (copied.has(point.id)) continue
    outcome.blocks += await persistently({ signal, onWait }, () =>
      copyRollups({ source: source.rollups, target: target.rollups, days }, point, kept, range),
    )
    state.rollups.push(point.id)
    await save()
  }
}

/** Readings of a point's range in a store. */
export async function sumOf(
  job: Pick<CopyJob, 'signal' | 'onWait'>,
  store: CopySource['store'],
  point: PointHandle,
  range: TimeRange,
): Promise<ReadingSum> {
  const sum: ReadingSum = { count: 0, hash: 0 }
  const raw = (query: RawQuery): Promise<StoredReading[]> => persistently(job, () => store.raw(query))
  for await (const { readings } of devicePartsOf(raw, [point], range)) for (const page of readings) addReadings(sum, page)
  return sum
}

/** Whether readings were deleted from the source while they were copied: then some may be in neither part. */
export async function sourceWasPurged(source: CopySource, before: KeptSince): Promise<boolean> {
  return (await keptSince(source.rollups)).rawSinceMs > before.rawSinceMs
}

async function firstReadingMs({ source }: CopyJob, points: readonly PointHandle[], range: TimeRange): Promise<number> {
  const firsts = await Promise.all(points.map(async (point) => (await source.store.raw({ ...range, point, limit: 1 }))[0]?.timeMs))
  return Math.min(range.toMs, ...firsts.filter((timeMs) => timeMs !== undefined))
}

function steadily(job: CopyJob): (query: RawQuery) => Promise<StoredReading[]> {
  return (query) => persistently(job, () => job.source.store.raw(query))
}

/** Asks for the next part while this one is written. */
async function* ahead<T>(parts: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = parts.next()
  for (;;) {
    const { done, value } = await next
    if (done) return
    next = parts.next()
    // Whoever takes the part after this one hears of its failure; nobody may take it.
    next.catch(() => undefined)
    yield value
  }
}

async function writeAll(job: CopyJob, target: CopyTarget, scans: readonly DeviceScan[], outcome: CopyOutcome): Promise<void> {
  const batches: DeviceScan[][] = []
  let room = 0
  for (const scan of scans) {
    if (room < scanWeight(scan)) {
      batches.push([])
      room = BATCH_READINGS
    }
    batches.at(-1)?.push(scan)
    room -= scanWeight(scan)
  }
  const write = async (batch: readonly DeviceScan[]): Promise<void> => {
    let awaySinceMs: number | undefined
    const guilty = await deliverBatch(batch, {
      store: target.store,
      onWait: (reason) => {
        awaySinceMs ??= performance.now()
        if (performance.now() - awaySinceMs > MAX_AWAY_MS) throw new CopyInterrupted(reason)
        job.onWait(reason)
      },
      onProgress: () => {
        awaySinceMs = undefined
      },
      sleep: (ms) => pause(ms, job.signal),
    })
    for (const { scan, pointIndex, reason } of guilty) {
      const isWhole = pointIndex === 'all'
      outcome.refused.push({ point: isWhole ? undefined : scan.points[pointIndex], reason, readings: isWhole ? scan.points.length : 1 })
    }
  }
  let next = 0
  const lane = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) await write(batch)
  }
  await Promise.all(Array.from({ length: WRITES_IN_FLIGHT }, lane))
}

/** Tries again while a store is away, for two minutes; then CopyInterrupted. */
async function persistently<T>({ signal, onWait }: Pick<CopyJob, 'signal' | 'onWait'>, act: () => Promise<T>): Promise<T> {
  const sinceMs = performance.now()
  for (let attempt = 0; ; attempt++) {
    stopIfAsked({ signal })
    try {
      return await act()
    } catch (error) {
      if (error instanceof CopyInterrupted) throw error
      const reason = error instanceof Error ? error.message : String(error)
      if (performance.now() - sinceMs > MAX_AWAY_MS) throw new CopyInterrupted(reason, { cause: error })
      onWait(reason)
      await pause(backoffMs(attempt), signal)
    }
  }
}

function stopIfAsked({ signal }: { signal: AbortSignal }): void {
  if (signal.aborted) throw new CopyInterrupted('已请求停止 / stopped as asked')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    stopIfAsked({ signal })
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    const stop = (): void => {
      clearTimeout(timer)
      reject(new CopyInterrupted('已请求停止 / stopped as asked'))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
