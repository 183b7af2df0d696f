import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { waitFor } from '../kit/services/child-program.ts'
import { cpuSeconds, startInfluxd } from '../kit/services/influxd.ts'
import { startMosquitto } from '../kit/services/mosquitto.ts'
import { startServerProcess } from '../kit/services/server-process.ts'
import type { GeneratorReport, GeneratorSettings } from './generator-process.ts'
import { startLoadGenerator } from './load-generator.ts'
import { rawIngest } from './raw-ingest.ts'

const DEVICES = 20
const POINTS_PER_DEVICE = 50
const WARM_UP_MS = 3000
const NODE = { site: 'bench', node: 'generator' }
/** About two commits' worth at the budget's rate: the generator never waits for a commit alone. */
const MAX_UNCOMMITTED_READINGS = 350_000

export interface IngestFigures {
  readings_per_s: number
  raw_points_per_s: number
  /** Raw ingest of the same data as one line per scan, the shape the server writes. */
  raw_scans_readings_per_s: number
  ratio_to_raw: number
  lost: number
  cpu_s_per_million: { server: number; influxd: number; mosquitto: number }
  server_peak_mb: number
  replays: number
}

/** Sustained ingest through mosquitto and the server into InfluxDB, and the raw ingest of the same InfluxDB, in one run. */
export async function benchIngest(options: { seconds: number; readingsPerSecond: number; profileDir?: string }): Promise<IngestFigures> {
  const mosquitto = await startMosquitto()
  const influxd = await startInfluxd()
  const server = await startServerProcess({
    env: {
      ...(options.profileDir ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=2000 --cpu-prof-dir=${options.profileDir}` } : {}),
      ROOMKEEPER_MQTT_URL: mosquitto.adminUrl,
      ROOMKEEPER_INFLUX_URL: influxd.url,
      ROOMKEEPER_INFLUX_VERSION: '1',
      ROOMKEEPER_LOG_LEVEL: 'warn',
    },
  })
  try {
    const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
    const settings: GeneratorSettings = {
      url: mosquitto.url,
      username,
      password,
      ...NODE,
      devices: DEVICES,
      pointsPerDevice: POINTS_PER_DEVICE,
      maxUncommittedReadings: MAX_UNCOMMITTED_READINGS,
      // Judged by the five default limits of a temperature, its silence and its truth.
      kind: 'temperature',
      epoch: randomUUID(),
    }
    const generator = startLoadGenerator(settings)
    await waitFor('the generator is ready', 20_000, async () => (generator.last()?.ready ? true : undefined))
    generator.rate(options.readingsPerSecond)
    await sleep(WARM_UP_MS)
    const pids = { server: server.pid() as number, influxd: influxd.pid() as number, mosquitto: mosquitto.pid() as number }
    const cpuBefore = await cpuOf(pids)
    const before = generator.last() as GeneratorReport
    await sleep(options.seconds * 1000)
    const after = generator.last() as GeneratorReport
    const cpuAfter = await cpuOf(pids)
    generator.rate(0)
    const end = await waitFor('everything is committed', 60_000, async () => {
      const report = generator.last()
      return report && report.committedOffset >= report.nextOffset - 1 ? report : undefined
    })
    const serverPeakMb = await peakMemoryMb(pids.server)
    await generator.stop()

    const readings = (after.committedOffset - before.committedOffset) * POINTS_PER_DEVICE
    const readingsPerS = (readings * 1000) / (after.atMs - before.atMs)
    const lost = end.nextOffset - 1 - (await storedRecords(influxd.url))
    await server.stop()
    const raw = await rawIngest(influxd.url, { series: DEVICES * POINTS_PER_DEVICE, points: 2_000_000 })
    const perMillion = (part: keyof typeof pids): number => round(((cpuAfter[part] - cpuBefore[part]) * 1e6) / readings)
    return {
      readings_per_s: Math.round(readingsPerS),
      raw_points_per_s: Math.round(raw.pointsPerS),
      raw_scans_readings_per_s: Math.round(raw.scanReadingsPerS),
      ratio_to_raw: round(readingsPerS / raw.pointsPerS),
      lost,
      cpu_s_per_million: { server: perMillion('server'), influxd: perMillion('influxd'), mosquitto: perMillion('mosquitto') },
      server_peak_mb: serverPeakMb,
      replays: end.replays,
    }
  } finally {
    await server.dispose()
    await influxd.dispose()
    await mosquitto.dispose()
  }
}

/** Records in InfluxDB: each is one point of the field `log:offset`, and times are unique per device. */
async function storedRecords(url: string): Promise<number> {
  const query = new URLSearchParams({ db: 'roomkeeper', q: 'SELECT count("log:offset") FROM "reading"' })
  const answer = (await (await fetch(`${url}/query?${query}`)).json()) as { results: { series?: { values: [string, number][] }[] }[] }
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0
}

async function cpuOf<Name extends string>(pids: Record<Name, number>): Promise<Record<Name, number>> {
  const entries = await Promise.all(
    (Object.entries(pids) as [Name, number][]).map(async ([name, pid]) => [name, await cpuSeconds(pid)] as const),
  )
  return Object.fromEntries(entries) as Record<Name, number>
}

async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
