import { mkdtemp, rm, stat } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PointEntry } from '../../server/src/ingest/entries.ts'
import type { HistorySettings } from '../../server/src/readings/history/history-settings.ts'
import type { StoredBlock } from '../../server/src/readings/history/rollup-storage.ts'
import type { ReadingStore, TimeRange } from '../../server/src/readings/reading-store.ts'
import type { DeviceScan } from '../../server/src/readings/scan.ts'
import { startChildProgram } from '../kit/services/child-program.ts'
import { cpuSeconds } from '../kit/services/influxd.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { blocksOfShape, DAY_MS, type Fleet, HOUR_MS, INTERVAL_MS, makeFleet, SHAPES, scansAt, shapeOf } from './history-fleet.ts'
import { type BenchStore, openBenchStore } from './history-store.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const ZONE = 'Asia/Shanghai'
const BATCH_READINGS = 5000
const BLOCKS_PER_PUT = 2000
const OVERVIEW_POINTS = 50
const OVERVIEWS = 100
const WARM_UPS = 10
const REPORTS = 3
const FIVE_MINUTES_MS = 5 * 60_000
const BUDGET = {
  embedded: { chart_p95_ms: 100, overview_p95_ms: 300, report_ms: 5000 },
  influx1: { chart_p95_ms: 150, overview_p95_ms: 300, report_ms: 5000 },
} as const

export interface HistoryBenchOptions {
  points: number
  days: number
  rawDays: number
  /** Charts asked for per length of time. */
  asks: number
  stores: readonly BenchStore['kind'][]
  /** Where the server's CPU profile goes. */
  profileDir?: string
  onProgress?(line: string): void
}

interface StoreFigures {
  /** GET /api/history of one point over the whole time, at most 2,000 buckets. */
  chart_p95_ms: number
  /** The same for random ranges. */
  chart_range_p95_ms: { day: number; week: number; month: number }
  /** 50 points at once, the last hour as the dashboard's sparklines ask for it. */
  overview_p95_ms: number
  /** The same of 24 hours in 100 buckets. */
  overview_of_a_day_p95_ms: number
  /** `roomkeeper report monthly` of a room from the oldest whole month, the slowest of three; the program's start included. */
  report_ms: number
  /** CPU of rolling up as a share of the CPU of store.write of the same readings, hour by hour as in a running server. */
  rollup_share: number
  /** Disk per million readings of 10 s: raw readings, and what rolling up leaves of them. */
  bytes_per_million: number
  raw_bytes_per_million: number
  rollup_bytes_per_million: number
  ingest_readings_per_s: number
  chart_buckets: number
  /** CPU of the server and its database for one chart of the whole time, one overview: what a machine that does other things beside does not change. */
  chart_cpu_ms: number
  overview_cpu_ms: number
  within_budget: boolean
}

export type HistoryFigures = Partial<Record<BenchStore['kind'], StoreFigures>> & {
  points: number
  days: number
  /** As raw readings; the days before are held as the blocks that rolling up leaves. */
  raw_days: number
  raw_readings: number
  /** Different courses of values; points share them. */
  shapes: number
  budget: typeof BUDGET
  /** Of the machine at the end, by the minute, and its cores: times are longer where others work beside. */
  load_average: number
  cores: number
  within_budget: boolean
}

/** A year of readings at 10 s and what people ask of it, over the real server's HTTP interface and its report command. */
export async function benchHistory(options: HistoryBenchOptions): Promise<HistoryFigures> {
  const progress = options.onProgress ?? (() => undefined)
  // The hour under way is not rolled up yet, as ever.
  const endMs = Math.floor(Date.now() / FIVE_MINUTES_MS) * FIVE_MINUTES_MS
  const rawFromMs = Math.floor((endMs - options.rawDays * DAY_MS) / DAY_MS) * DAY_MS
  const oldest = { fromMs: Math.floor((endMs - options.days * DAY_MS) / DAY_MS) * DAY_MS, toMs: rawFromMs }
  const rawReadings = ((endMs - rawFromMs) / INTERVAL_MS) * options.points
  const figures: HistoryFigures = {
    points: options.points,
    days: options.days,
    raw_days: options.rawDays,
    raw_readings: rawReadings,
    shapes: SHAPES,
    budget: BUDGET,
    load_average: 0,
    cores: availableParallelism(),
    within_budget: true,
  }
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-bench-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const fleet = await makeFleet(join(folder, 'roomkeeper.db'), options.points, oldest.fromMs)
    undo.push(() => fleet.db.destroy())
    const shapes: StoredBlock[][] = []
    for (let shape = 0; shape < SHAPES; shape++) shapes.push(await blocksOfShape(shape, fleet.points[shape] as PointEntry, oldest, ZONE))
    progress(`rolled up ${SHAPES} courses of ${Math.round((oldest.toMs - oldest.fromMs) / DAY_MS)} days`)
    for (const kind of options.stores) {
      const bench = await openBenchStore(kind, folder)
      try {
        const told = (line: string): void => progress(`${kind}: ${line}`)
        const of = await measureStore({ ...options, bench, fleet, folder, shapes, oldest, endMs, progress: told })
        const budget = BUDGET[kind]
        const isWithin =
          Math.max(of.chart_p95_ms, ...Object.values(of.chart_range_p95_ms)) <= budget.chart_p95_ms &&
          of.overview_p95_ms <= budget.overview_p95_ms &&
          of.report_ms <= budget.report_ms
        figures[kind] = { ...of, within_budget: isWithin }
        figures.within_budget &&= isWithin
      } finally {
        await bench.dispose()
      }
    }
    figures.load_average = loadavg()[0] ?? 0
    return figures
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

interface Measuring extends Pick<HistoryBenchOptions, 'asks' | 'profileDir'> {
  bench: BenchStore
  fleet: Fleet
  folder: string
  shapes: readonly StoredBlock[][]
  oldest: TimeRange
  endMs: number
  progress(line: string): void
}

async function measureStore(measuring: Measuring): Promise<Omit<StoreFigures, 'within_budget'>> {
  const { bench, fleet, folder, oldest, endMs, progress } = measuring
  const filled = await fill(measuring)
  const server = await startServerProcess({
    dataDir: folder,
    startWithinMs: 60_000,
    env: { ...bench.env, ...profiling(measuring.profileDir), ROOMKEEPER_TIME_ZONE: ZONE, ROOMKEEPER_LOG_LEVEL: 'error' },
  })
  try {
    const chart = async (lengthMs: number | undefined): Promise<Asked> => {
      const ask = (): string => {
        const point = fleet.points[Math.floor(Math.random() * fleet.points.length)] as PointEntry
        const length = lengthMs ?? endMs - oldest.fromMs
        const fromMs = oldest.fromMs + Math.floor(Math.random() * (endMs - oldest.fromMs - length))
        return `/api/history?pointIds=${point.id}&fromMs=${fromMs}&toMs=${fromMs + length}&buckets=2000`
      }
      return askMany(measuring, server, () => [ask()], measuring.asks)
    }
    const year = await chart(undefined)
    const ranges = { day: await chart(DAY_MS), week: await chart(7 * DAY_MS), month: await chart(30 * DAY_MS) }
    const sparklines = (lengthMs: number, buckets: number): Promise<Asked> => {
      const ask = (): string => {
        const first = Math.floor(Math.random() * Math.max(1, fleet.points.length - OVERVIEW_POINTS))
        const ids = fleet.points.slice(first, first + OVERVIEW_POINTS).map(({ id }) => id)
        return `/api/history?pointIds=${ids.join()}&fromMs=${endMs - lengthMs}&toMs=${endMs}&buckets=${buckets}`
      }
      return askMany(measuring, server, () => [ask()], OVERVIEWS)
    }
    // As the dashboard asks (use-hour-history.ts), and what a day of them would take.
    const overview = await sparklines(HOUR_MS, 60)
    const dayOverview = await sparklines(DAY_MS, 100)
    progress(`charts ${year.p95Ms} ms, overview ${overview.p95Ms} ms, of a day ${dayOverview.p95Ms} ms`)
    const [{ buckets }] = (await server.get<{ buckets: unknown[] }[]>(year.lastPath)) as [{ buckets: unknown[] }]
    const reportMs = await measureReport(measuring)
    progress(`monthly report ${reportMs} ms`)
    return {
      chart_p95_ms: year.p95Ms,
      chart_range_p95_ms: { day: ranges.day.p95Ms, week: ranges.week.p95Ms, month: ranges.month.p95Ms },
      overview_p95_ms: overview.p95Ms,
      overview_of_a_day_p95_ms: dayOverview.p95Ms,
      report_ms: reportMs,
      ...filled,
      chart_buckets: buckets.length,
      chart_cpu_ms: year.cpuMs,
      overview_cpu_ms: overview.cpuMs,
    }
  } finally {
    await server.dispose()
  }
}

type Filled = Pick<
  StoreFigures,
  'rollup_share' | 'bytes_per_million' | 'raw_bytes_per_million' | 'rollup_bytes_per_million' | 'ingest_readings_per_s'
>

/** Puts the blocks of the older days, writes the readings of the others, and rolls them up hour by hour as their time comes. */
async function fill({ bench, fleet, shapes, oldest, endMs, progress }: Measuring): Promise<Filled> {
  const { points, directory } = fleet
  let nowMs = oldest.toMs
  const settings: HistorySettings = {
    zone: () => ZONE,
    holdMs: () => 2.5 * INTERVAL_MS,
    bandsOf: async () => [{ fromMs: 0, band: { low: 18, high: 27 } }],
    pointById: (id) => directory.points.get(id),
    pointsOfDevice: ({ site, node, device }) => [...(directory.nodes.get(`${site}/${node}`)?.devices.get(device)?.points.values() ?? [])],
  }
  const openStore = () => bench.open(() => nowMs, settings)
  let store = await openStore()
  const emptyBytes = await closed(store, bench)
  const { rollups, close } = await bench.rollups()
  await rollups.raiseKeptSince({ rawSinceMs: oldest.toMs, minuteSinceMs: 0 })
  for (const [index, point] of points.entries()) {
    const blocks = shapes[shapeOf(index)] as StoredBlock[]
    for (let at = 0; at < blocks.length; at += BLOCKS_PER_PUT) await rollups.putBlocks(point, blocks.slice(at, at + BLOCKS_PER_PUT))
  }
  await close()
  const blockBytes = (await bench.bytesOnDisk()) - emptyBytes
  progress(`put ${points.length} × ${shapes[0]?.length} blocks, ${Math.round(blockBytes / 1e6)} MB`)

  store = await openStore()
  const cpu = { ingest: 0, rollUp: 0 }
  let ingestMs = 0
  let offset = 0
  for (let hourMs = oldest.toMs; hourMs < endMs; hourMs += HOUR_MS) {
    const batches = batchesOf(points, { fromMs: hourMs, toMs: Math.min(hourMs + HOUR_MS, endMs) }, offset)
    offset += (HOUR_MS / INTERVAL_MS) * points.length
    const [startedMs, cpuBefore] = [performance.now(), await storingCpuSeconds(bench)]
    await writeAll(store, batches)
    const cpuBetween = await storingCpuSeconds(bench)
    ingestMs += performance.now() - startedMs
    // Due a little after its end.
    nowMs = hourMs + HOUR_MS + FIVE_MINUTES_MS
    if (nowMs > endMs) nowMs = endMs
    await maintain(store)
    cpu.ingest += cpuBetween - cpuBefore
    cpu.rollUp += (await storingCpuSeconds(bench)) - cpuBetween
    if ((hourMs - oldest.toMs) % DAY_MS === 0 && hourMs > oldest.toMs) progress(`${(hourMs - oldest.toMs) / DAY_MS} days written`)
  }
  const rawBytes = (await closed(store, bench)) - emptyBytes - blockBytes
  const readings = ((endMs - oldest.toMs) / INTERVAL_MS) * points.length
  const oldReadings = ((oldest.toMs - oldest.fromMs) / INTERVAL_MS) * points.length
  const rollupPerMillion = (blockBytes / oldReadings) * 1e6
  const rawPerMillion = (rawBytes / readings) * 1e6 - rollupPerMillion
  progress(`${readings} readings, CPU ${cpu.ingest.toFixed(1)} s written, ${cpu.rollUp.toFixed(1)} s rolled up`)
  return {
    rollup_share: Math.round((cpu.rollUp / cpu.ingest) * 1000) / 1000,
    bytes_per_million: Math.round(rawPerMillion + rollupPerMillion),
    raw_bytes_per_million: Math.round(rawPerMillion),
    rollup_bytes_per_million: Math.round(rollupPerMillion),
    ingest_readings_per_s: Math.round(readings / (ingestMs / 1000)),
  }
}

/** Of everything that stores: this process and the database's. */
async function storingCpuSeconds(bench: BenchStore): Promise<number> {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + (await bench.databaseCpuSeconds())
}

async function closed(store: ReadingStore, bench: BenchStore): Promise<number> {
  await store.stop()
  return bench.bytesOnDisk()
}

function maintain(store: ReadingStore): Promise<void> {
  const upkeep = store as unknown as { maintain?(): Promise<void>; rollUp?(): Promise<void> }
  const run = upkeep.maintain ?? upkeep.rollUp
  if (run === undefined) throw new Error(`${store.kind} has no upkeep`)
  return run.call(store)
}

function batchesOf(points: readonly PointEntry[], { fromMs, toMs }: TimeRange, firstOffset: number): DeviceScan[][] {
  const batches: DeviceScan[][] = []
  let [room, offset] = [0, firstOffset]
  for (let timeMs = fromMs; timeMs < toMs; timeMs += INTERVAL_MS) {
    for (const scan of scansAt(points, timeMs, offset)) {
      if (room < scan.points.length) {
        batches.push([])
        room = BATCH_READINGS
      }
      batches.at(-1)?.push(scan)
      room -= scan.points.length
      offset++
    }
  }
  return batches
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

interface Asked {
  p95Ms: number
  /** Of the server and the database, for one ask. */
  cpuMs: number
  lastPath: string
}

/** Asks one after the other, the paths of one ask at once, until the last byte is there. */
async function askMany({ bench }: Measuring, server: ServerProcess, paths: () => string[], asks: number): Promise<Asked> {
  const headers = { cookie: await server.signIn() }
  const took: number[] = []
  let lastPath = ''
  let cpuBefore = 0
  const cpu = async (): Promise<number> => (await cpuSeconds(server.pid() as number)) + (await bench.databaseCpuSeconds())
  for (let n = -WARM_UPS; n < asks; n++) {
    if (n === 0) cpuBefore = await cpu()
    const all = paths()
    lastPath = all[0] as string
    const startedMs = performance.now()
    await Promise.all(
      all.map(async (path) => {
        const answer = await fetch(server.url + path, { headers })
        const text = await answer.text()
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`)
      }),
    )
    if (n >= 0) took.push(performance.now() - startedMs)
  }
  const cpuMs = Math.round((((await cpu()) - cpuBefore) / asks) * 10_000) / 10
  took.sort((a, b) => a - b)
  return {
    cpuMs,
    p95Ms: Math.round((took[Math.min(took.length - 1, Math.ceil(took.length * 0.95) - 1)] ?? Number.NaN) * 10) / 10,
    lastPath,
  }
}

async function measureReport({ bench, fleet, folder, oldest, profileDir }: Measuring): Promise<number> {
  const out = join(folder, 'report.pdf')
  // The first whole month by the hospital's clock.
  const month = new Date(oldest.fromMs + 32 * DAY_MS).toISOString().slice(0, 7)
  const args = ['report', 'monthly', '--room', fleet.roomName, '--month', month, '--out', out]
  let slowestMs = 0
  for (let n = 0; n < REPORTS; n++) {
    const startedMs = performance.now()
    const child = startChildProgram(process.execPath, [SERVER_CLI, ...args], {
      ...bench.env,
      ...profiling(profileDir),
      ROOMKEEPER_DATA_DIR: folder,
      ROOMKEEPER_TIME_ZONE: ZONE,
    })
    const code = await new Promise<number | null>((resolve) => child.process.once('close', resolve))
    slowestMs = Math.max(slowestMs, performance.now() - startedMs)
    if (code !== 0 || (await stat(out)).size < 1000) throw new Error(`the report ended with ${code}: ${child.output()}`)
  }
  return Math.round(slowestMs)
}

function profiling(profileDir: string | undefined): Record<string, string> {
  return profileDir === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${profileDir}` }
}
