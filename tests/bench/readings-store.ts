// Measures the readings stores in one run: sustained writing through the writer (with the ratio to raw line protocol, encoded before the
// clock starts), and one point's year at 10 s as a chart of at most 2,000 buckets. Budgets: docs/decisions/003-readings-model.md.
//   node tests/bench/readings-store.ts [seconds per writing variant, default 5]
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import { Influx1Store } from '../../server/src/readings/influx1/influx1-store.ts'
import type { ReadingStore } from '../../server/src/readings/reading-store.ts'
import type { DeviceHandle, DeviceScan, PointHandle } from '../../server/src/readings/scan.ts'
import { ReadingWriter } from '../../server/src/readings/writer.ts'
import { plainHistory } from '../kit/plain-history.ts'
import { startInfluxd } from '../kit/services/influxd.ts'

const seconds = Number(process.argv[2] ?? 5)
const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const POINTS_PER_DEVICE = 50

interface Rack {
  device: DeviceHandle
  points: PointHandle[]
}

function racks(pointCount: number): Rack[] {
  return Array.from({ length: pointCount / POINTS_PER_DEVICE }, (_, d) => {
    const device = { id: d + 1, site: 'hospital', node: `room-${d % 10}`, device: `device-${d}`, nodeId: d % 10 }
    const points = Array.from({ length: POINTS_PER_DEVICE }, (_, p) => ({
      id: d * POINTS_PER_DEVICE + p + 1,
      key: `temperature-${p}`,
      deviceId: d + 1,
      device,
    }))
    return { device, points }
  })
}

// Each run writes times of its own: rewriting what is there is another, slower matter.
let nextTimeMs = Date.now() - 2 * DAY_MS

function* scans(all: Rack[], offset: { next: number }): Generator<DeviceScan, never> {
  for (;;) {
    const timeMs = nextTimeMs
    nextTimeMs += 1000
    const timesMs = new Float64Array(POINTS_PER_DEVICE).fill(timeMs)
    for (const { device, points } of all) {
      const values = points.map((point) => 20 + ((offset.next + point.id * 7) % 100) / 10)
      yield { device, epoch: 'bench', offset: offset.next++, points, timesMs, values, reasons: undefined, isHistorical: false }
    }
  }
}

/** Keeps the writer's queue filled for some seconds and waits for the last reading to be stored. */
async function throughWriter(store: ReadingStore, pointCount: number, writesInFlight: number): Promise<number> {
  const source = scans(racks(pointCount), { next: 0 })
  let stored = 0
  const writer = new ReadingWriter({
    store,
    writesInFlight,
    onStored: (batch) => {
      for (const scan of batch) stored += scan.points.length
    },
    quarantine: (_scan, _point, reason) => Promise.reject(new Error(reason)),
  })
  const startedMs = performance.now()
  let pending: DeviceScan | undefined
  while (performance.now() - startedMs < seconds * 1000) {
    for (let i = 0; i < 100 && writer.hasRoom(); i++) {
      pending ??= source.next().value
      if (!writer.enqueue(pending)) break
      pending = undefined
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  while (writer.health().pendingReadings > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  return stored / ((performance.now() - startedMs) / 1000)
}

/** What InfluxDB takes in the usual form (one line per reading), two writes in flight, bodies made beforehand. */
async function rawLineProtocol(url: string, pointCount: number): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const source = scans(racks(pointCount), { next: 0 })
  const bodies = Array.from({ length: 400 }, () => {
    let body = ''
    for (let i = 0; i < 100; i++) {
      const scan = source.next().value
      for (const [p, point] of scan.points.entries()) {
        body += `raw,node=${scan.device.node},device=${scan.device.device},point=${point.key} value=${scan.values[p]} ${scan.timesMs[p]}\n`
      }
    }
    return Buffer.from(body)
  })
  const post = (body: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}/write?db=roomkeeper&precision=ms`,
        { method: 'POST', agent, headers: { 'content-length': body.length } },
        (answer) => {
          answer.resume()
          answer.on('end', () => (answer.statusCode === 204 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`))))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  const startedMs = performance.now()
  let next = 0
  const lane = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(body)
  }
  await Promise.all([lane(), lane()])
  agent.destroy()
  return (bodies.length * 5000) / ((performance.now() - startedMs) / 1000)
}

/** Writes one point's year at 10 s and times charts of ranges around a year. */
async function yearChart(name: string, store: ReadingStore, maintain: () => Promise<void>): Promise<void> {
  const device = { id: 9999, site: 'hospital', node: 'year', device: 'year', nodeId: 9999 }
  const points = [{ id: 9999, key: 'temperature', deviceId: 9999, device }]
  const endMs = Math.floor(Date.now() / 10_000) * 10_000
  let batch: DeviceScan[] = []
  const flush = async (): Promise<void> => {
    const answer = await store.write(batch)
    if (answer.kind !== 'stored') throw new Error(JSON.stringify(answer))
    batch = []
  }
  const loadStartedMs = performance.now()
  let offset = 0
  for (let timeMs = endMs - YEAR_MS; timeMs < endMs; timeMs += 10_000) {
    batch.push({
      device,
      epoch: 'bench',
      offset: offset++,
      points,
      timesMs: [timeMs],
      values: [20 + (offset % 97) / 10],
      reasons: undefined,
      isHistorical: true,
    })
    if (batch.length === 10_000) await flush()
  }
  await flush()
  const loadMs = performance.now() - loadStartedMs
  const maintainStartedMs = performance.now()
  await maintain()
  const maintainMs = performance.now() - maintainStartedMs

  const time = async (lengthMs: number): Promise<{ p50: number; p95: number; buckets: number }> => {
    const took: number[] = []
    let buckets = 0
    for (let i = 0; i < 40; i++) {
      const toMs = endMs - i * 1_234_567
      const startedMs = performance.now()
      buckets = (await store.history({ point: points[0] as PointHandle, fromMs: toMs - lengthMs, toMs, maxBuckets: 2000 })).buckets.length
      took.push(performance.now() - startedMs)
    }
    took.sort((a, b) => a - b)
    return { p50: Number(took[20]?.toFixed(1)), p95: Number(took[37]?.toFixed(1)), buckets }
  }
  console.log(
    JSON.stringify({
      store: name,
      readings: offset,
      loadReadingsPerS: Math.round(offset / (loadMs / 1000)),
      maintainMs: Math.round(maintainMs),
      year: await time(YEAR_MS),
      month: await time(30 * DAY_MS),
      week: await time(7 * DAY_MS),
      day: await time(DAY_MS),
    }),
  )
}

const dependencies = { nowMs: Date.now, onMaintenanceFailure: console.error, history: plainHistory() }

/** A fresh influxd each time, so that one part's compactions do not slow the next. */
async function withInflux1(use: (store: Influx1Store, url: string) => Promise<void>): Promise<void> {
  const influxd = await startInfluxd()
  const store = new Influx1Store({ kind: 'influx1', url: influxd.url, database: 'roomkeeper', requestTimeoutMs: 60_000 }, dependencies)
  try {
    await store.start()
    await use(store, influxd.url)
  } finally {
    await store.stop()
    await influxd.dispose()
  }
}

await withInflux1((store) => yearChart('influx1', store, () => store.maintain()))
for (const pointCount of [1000, 10_000]) {
  for (const writesInFlight of [1, 2, 4]) {
    await withInflux1(async (store, url) => {
      const raw = await rawLineProtocol(url, pointCount)
      const readingsPerS = await throughWriter(store, pointCount, writesInFlight)
      const result = { store: 'influx1', points: pointCount, writesInFlight, readingsPerS: Math.round(readingsPerS), raw: Math.round(raw) }
      console.log(JSON.stringify({ ...result, ratioToRaw: Number((readingsPerS / raw).toFixed(2)) }))
    })
  }
}

const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-bench-'))
const path = join(dir, 'readings.db')
const embedded = new EmbeddedStore({ kind: 'embedded', path }, dependencies)
try {
  await embedded.start()
  for (const pointCount of [1000, 10_000]) {
    for (const writesInFlight of [1, 2]) {
      const readingsPerS = await throughWriter(embedded, pointCount, writesInFlight)
      console.log(JSON.stringify({ store: 'embedded', points: pointCount, writesInFlight, readingsPerS: Math.round(readingsPerS) }))
    }
  }
  await yearChart('embedded', embedded, () => embedded.maintain())
  console.log(JSON.stringify({ store: 'embedded', fileMegabytes: Math.round((await stat(path)).size / 1e6) }))
} finally {
  await embedded.stop()
  await rm(dir, { recursive: true, force: true })
}
