import { existsSync } from 'node:fs'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import type { PointEntry } from '../../server/src/ingest/entries.ts'
import { LocalDays } from '../../server/src/readings/history/local-days.ts'
import { blocksOfHours } from '../../server/src/readings/history/rolling-up.ts'
import type { RollupReads, StoredBlock } from '../../server/src/readings/history/rollup-storage.ts'
import type { StoredReading, TimeRange } from '../../server/src/readings/reading-store.ts'
import type { DeviceScan, PointHandle } from '../../server/src/readings/scan.ts'

export const INTERVAL_MS = 10_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const POINTS_PER_DEVICE = 10
export const ZONE = 'Asia/Shanghai'
const POINTS_PER_ROOM = 20
/** Kinds of one device, in the shares of a machine room. */
const KINDS = [
  { kind: 'temperature', unit: 'Cel', mean: 23, swing: 2 },
  { kind: 'humidity', unit: '%', mean: 48, swing: 6 },
  { kind: 'voltage', unit: 'V', mean: 228, swing: 3 },
  { kind: 'load', unit: '%', mean: 42, swing: 9 },
  { kind: 'power', unit: 'W', mean: 1800, swing: 260 },
] as const
/** Different courses of values; points share them, as computing a year of each would take hours. */
export const SHAPES = KINDS.length

export interface Fleet {
  db: Db
  directory: Directory
  points: PointEntry[]
  roomName: string
}

/** A hospital's database with rooms of 20 points; one that was made before is taken as it is. */
export async function openFleet(location: string, pointCount: number, bornAtMs: number): Promise<Fleet> {
  const isNew = !existsSync(location)
  const db = await openDatabase(location)
  if (isNew) await makeFleet(db, pointCount, bornAtMs)
  const directory = new Directory(db)
  await directory.load()
  const points = [...directory.points.values()].sort((a, b) => a.id - b.id)
  if (points.length !== pointCount) throw new Error(`${location} has ${points.length} points, not ${pointCount}`)
  return { db, directory, points, roomName: '机房1' }
}

async function makeFleet(db: Db, pointCount: number, bornAtMs: number): Promise<void> {
  const named = { nameEn: '', nameByPerson: 0 }
  const { id: nodeId } = await db
    .insertInto('edgeNode')
    .values({ site: '本部', node: 'bench', version: null, lastSeenMs: null, online: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  let roomId = 0
  for (let n = 0; n < pointCount; n += POINTS_PER_DEVICE) {
    if (n % POINTS_PER_ROOM === 0) {
      const room = { site: '本部', name: `机房${n / POINTS_PER_ROOM + 1}`, class: 'computer-room', createdAtMs: bornAtMs }
      roomId = (await db.insertInto('room').values(room).returning('id').executeTakeFirstOrThrow()).id
    }
    const device = `device-${n / POINTS_PER_DEVICE}`
    const { id: deviceId } = await db
      .insertInto('device')
      .values({ ...named, nodeId, device, name: device, maker: '', model: '', roomId, online: 1, bornAtMs })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (let index = 0; index < Math.min(POINTS_PER_DEVICE, pointCount - n); index++) {
      const { kind, unit } = KINDS[index % SHAPES] as (typeof KINDS)[number]
      const point = { ...named, name: '', deviceId, key: `${kind}.${index}`, kind, unit, intervalMs: INTERVAL_MS, low: null, high: null }
      await db.insertInto('point').values(point).execute()
    }
  }
}

export function shapeOf(index: number): number {
  return index % SHAPES
}

/** A course through the day with noise, to one decimal as sensors give it; some readings in a hundred thousand are bad. */
export function readingAt(shape: number, timeMs: number): StoredReading {
  const { mean, swing } = KINDS[shape] as (typeof KINDS)[number]
  const n = Math.floor(timeMs / INTERVAL_MS)
  // Same time, same value, without keeping any: a multiplicative hash stands for the noise.
  const noise = ((Math.imul(n ^ (shape << 20), 0x9e3779b1) >>> 8) / 2 ** 24 - 0.5) * 0.1 * swing
  const day = Math.sin((timeMs / DAY_MS) * 2 * Math.PI + shape) * 0.7 + Math.sin((timeMs / DAY_MS / 29) * 2 * Math.PI) * 0.3
  const value = Math.round((mean + swing * day + noise) * 10) / 10
  return n % 50_021 === shape ? { timeMs, value: -999, bad: 'sentinel' } : { timeMs, value }
}

/** The scans of all devices at one time. */
export function* scansAt(points: readonly PointEntry[], timeMs: number, offset: number): Generator<DeviceScan> {
  const readings = Array.from({ length: SHAPES }, (_, shape) => readingAt(shape, timeMs))
  const hasBad = readings.some(({ bad }) => bad !== undefined)
  for (let first = 0; first < points.length; first += POINTS_PER_DEVICE) {
    const own = points.slice(first, first + POINTS_PER_DEVICE)
    const [{ device }] = own as [PointEntry]
    const ofPoints = own.map((_, index) => readings[shapeOf(index)] as StoredReading)
    yield {
      device,
      epoch: 'bench',
      offset: offset++,
      points: own,
      timesMs: new Float64Array(own.length).fill(timeMs),
      values: ofPoints.map(({ value }) => value),
      reasons: hasBad ? ofPoints.map(({ bad }) => bad) : undefined,
      isHistorical: false,
    }
  }
}

/** What rolling up leaves of a shape's readings of whole days: computed by the engine's own function, day after day. */
export async function blocksOfShape(shape: number, point: PointHandle, { fromMs, toMs }: TimeRange, zone: string): Promise<StoredBlock[]> {
  const blocks = new Map<string, StoredBlock>()
  const reads: RollupReads = {
    dirtyHours: async () => [],
    readBlocks: async (_point, resolution, range) =>
      resolution === '1d'
        ? [...blocks.values()].filter((block) => block.resolution === '1d' && isIn(block.startMs, range))
        : blocksIn(blocks, resolution, range),
    readRaw: async function* (_point, range) {
      const readings: StoredReading[] = []
      const endMs = Math.min(range.toMs, toMs)
      for (let timeMs = Math.ceil(Math.max(range.fromMs, fromMs) / INTERVAL_MS) * INTERVAL_MS; timeMs < endMs; timeMs += INTERVAL_MS)
        readings.push(readingAt(shape, timeMs))
      yield readings
    },
    lastBefore: async (_point, timeMs) => (timeMs > fromMs ? readingAt(shape, timeMs - INTERVAL_MS) : undefined),
    rawSinceMs: async () => 0,
    minuteSinceMs: async () => 0,
  }
  const settings = { holdMs: () => 2.5 * INTERVAL_MS, bandsOf: async () => [{ fromMs: 0, band: { low: 18, high: 27 } }] }
  const rollingUp = { reads, settings, days: new LocalDays(zone), rawCompleteFromMs: 0, minuteSinceMs: 0 }
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    const hours = Array.from({ length: Math.min(24, (toMs - dayMs) / HOUR_MS) }, (_, hour) => dayMs + hour * HOUR_MS)
    for (const block of await blocksOfHours(rollingUp, point, hours)) blocks.set(keyOf(block), block)
  }
  return [...blocks.values()]
}

function keyOf({ resolution, startMs }: Pick<StoredBlock, 'resolution' | 'startMs'>): string {
  return `${resolution} ${startMs}`
}

function blocksIn(blocks: ReadonlyMap<string, StoredBlock>, resolution: '1m' | '15m', { fromMs, toMs }: TimeRange): StoredBlock[] {
  const stepMs = resolution === '1m' ? HOUR_MS : DAY_MS
  const found: StoredBlock[] = []
  for (let startMs = Math.ceil(fromMs / stepMs) * stepMs; startMs < toMs; startMs += stepMs) {
    const block = blocks.get(keyOf({ resolution, startMs }))
    if (block !== undefined) found.push(block)
  }
  return found
}

function isIn(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs
}
