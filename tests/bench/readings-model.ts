// Measures, on a real influxd and in one run: one line per device scan against one line per reading, writes in flight 1/2/4,
// and our own POST against the package's writePoints. Figures of docs/decisions/003-readings-model.md.
//   node tests/bench/readings-model.ts [seconds per variant, default 4]
import { Agent, request } from 'node:http'
import { InfluxDB } from 'influx'
import { batchLines } from '../../server/src/readings/line-protocol.ts'
import type { DeviceHandle, DeviceScan, PointHandle } from '../../server/src/readings/scan.ts'
import { cpuSeconds, startInfluxd } from '../kit/services/influxd.ts'

const seconds = Number(process.argv[2] ?? 4)
const READINGS_PER_BATCH = 5000
const POINTS_PER_DEVICE = 50

const influxd = await startInfluxd()
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const influx = new InfluxDB(`${influxd.url}/bench`)

async function query(q: string): Promise<string> {
  const answer = await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
  return answer.text()
}

function post(database: string, body: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${influxd.url}/write?db=${database}&precision=ms`,
      { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        answer.resume()
        answer.on('end', () => (answer.statusCode === 204 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`))))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function devices(pointCount: number): { device: DeviceHandle; points: PointHandle[] }[] {
  return Array.from({ length: pointCount / POINTS_PER_DEVICE }, (_, d) => {
    const device = { id: d, site: 'hospital', node: `room-${d % 10}`, device: `device-${d}`, nodeId: d % 10 }
    const points = Array.from({ length: POINTS_PER_DEVICE }, (_, p) => ({ id: d * 50 + p, key: `temperature-${p}`, deviceId: d, device }))
    return { device, points }
  })
}

let offset = 0
function* scans(all: ReturnType<typeof devices>): Generator<DeviceScan> {
  for (let timeMs = Date.now() - 86_400_000; ; timeMs += 1000) {
    for (const { device, points } of all) {
      const timesMs = new Float64Array(points.length).fill(timeMs)
      const values = points.map((point) => 20 + ((offset + point.id * 7) % 100) / 10)
      yield { device, epoch: 'e', offset: offset++, points, timesMs, values, reasons: undefined, isHistorical: false }
    }
  }
}

function batch(source: Generator<DeviceScan>): DeviceScan[] {
  return Array.from({ length: READINGS_PER_BATCH / POINTS_PER_DEVICE }, () => source.next().value as DeviceScan)
}

function linePerReading(all: DeviceScan[]): string {
  let body = ''
  for (const scan of all) {
    const prefix = `reading,site=${scan.device.site},node=${scan.device.node},device=${scan.device.device},point=`
    for (let i = 0; i < scan.points.length; i++) body += `${prefix}${scan.points[i]?.key} value=${scan.values[i]} ${scan.timesMs[i]}\n`
  }
  return body
}

async function measure(
  name: string,
  pointCount: number,
  inFlight: number,
  write: (database: string, all: DeviceScan[]) => Promise<void>,
): Promise<void> {
  const database = `bench_${Math.random().toString(36).slice(2)}`
  await query(`CREATE DATABASE ${database}`)
  const source = scans(devices(pointCount))
  const pid = influxd.pid() ?? 0
  const cpuBefore = { influxd: await cpuSeconds(pid), own: process.cpuUsage() }
  const startedMs = performance.now()
  let readings = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1000) {
      const all = batch(source)
      await write(database, all)
      readings += READINGS_PER_BATCH
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  const elapsed = (performance.now() - startedMs) / 1000
  const own = process.cpuUsage(cpuBefore.own)
  const millions = readings / 1e6
  const result = {
    variant: name,
    points: pointCount,
    inFlight,
    readingsPerS: Math.round(readings / elapsed),
    influxdCpuPerMillion: Number((((await cpuSeconds(pid)) - cpuBefore.influxd) / millions).toFixed(2)),
    ownCpuPerMillion: Number(((own.user + own.system) / 1e6 / millions).toFixed(2)),
  }
  console.log(JSON.stringify(result))
  await query(`DROP DATABASE ${database}`)
}

try {
  for (const pointCount of [1000, 10_000]) {
    for (const inFlight of [1, 2, 4]) {
      await measure('line per scan', pointCount, inFlight, (database, all) => post(database, batchLines(all)))
      await measure('line per reading', pointCount, inFlight, (database, all) => post(database, linePerReading(all)))
    }
    await measure('package writePoints', pointCount, 1, (database, all) =>
      influx.writePoints(
        all.map((scan) => ({
          measurement: 'reading',
          tags: { site: scan.device.site, node: scan.device.node, device: scan.device.device },
          fields: Object.fromEntries(scan.points.map((point, i) => [point.key, scan.values[i]])),
          timestamp: scan.timesMs[0] as number,
        })),
        { database, precision: 'ms' },
      ),
    )
  }
} finally {
  await influxd.dispose()
  agent.destroy()
}
