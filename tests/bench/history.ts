import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PointEntry } from '../../server/src/ingest/entries.ts'
import type { StoredBlock } from '../../server/src/readings/history/rollup-storage.ts'
import { startChildProgram } from '../kit/services/child-program.ts'
import { cpuSeconds } from '../kit/services/influxd.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { type FillFigures, fillHistory, type HistoryDays } from './history-fill.ts'
import { blocksOfShape, DAY_MS, type Fleet, HOUR_MS, INTERVAL_MS, openFleet, SHAPES, ZONE } from './history-fleet.ts'
import { HistoryMade } from './history-made.ts'
import { type BenchStore, openBenchStore } from './history-store.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
/** Whole days whose blocks the store makes itself; those before are put, as computing 90 days takes longer than writing them. */
const ROLLED_DAYS = 3
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
  /** Where what is made stays; a later run with the same folder only writes what came since, and measures. */
  keepDir?: string
  /** Make the stores and do not ask anything. */
  isOnlyMade?: boolean
  /** Where the server's CPU profile goes. */
  profileDir?: string
  onProgress?(line: string): void
}

interface StoreFigures extends FillFigures {
  /** GET /api/history of one point over the whole time, at most 2,000 buckets. */
  chart_p95_ms: number
  /** The same for random ranges; raw_hour: of the days that have readings, by the ten seconds. */
  chart_range_p95_ms: { raw_hour: number; day: number; week: number; month: number }
  /** 50 points at once, the last hour as the dashboard's sparklines ask for it. */
  overview_p95_ms: number
  /** The same of 24 hours in 100 buckets. */
  overview_of_a_day_p95_ms: number
  /** `roomkeeper report monthly` of a room from the oldest whole month, the slowest of three; the program's start included. */
  report_ms: number
  chart_buckets: number
  /** CPU of the server and its database for one chart of the whole time, one overview, one of a day: what a machine that does other things beside does not change. */
  chart_cpu_ms: number
  overview_cpu_ms: number
  overview_of_a_day_cpu_ms: number
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
  const undo: (() => Promise<unknown>)[] = []
  const folder = options.keepDir ?? (await mkdtemp(join(tmpdir(), 'roomkeeper-bench-')))
  if (options.keepDir === undefined) undo.push(() => rm(folder, { recursive: true, force: true }))
  else await mkdir(folder, { recursive: true })
  try {
    const { points, days, rawDays } = options
    const made = await HistoryMade.of(folder, { points, days, rawDays, times: timesOf(endMs, { days, rawDays }) })
    const { times } = made
    const fleet = await openFleet(join(folder, 'roomkeeper.db'), points, times.fromMs)
    undo.push(() => fleet.db.destroy())
    const figures: HistoryFigures = {
      points,
      days,
      raw_days: rawDays,
      raw_readings: ((endMs - times.rawFromMs) / INTERVAL_MS) * points,
      shapes: SHAPES,
      budget: BUDGET,
      load_average: 0,
      cores: availableParallelism(),
      within_budget: true,
    }
    let shapes: Promise<StoredBlock[][]> | undefined
    for (const kind of options.stores) {
      const bench = await openBenchStore(kind, folder, options.keepDir !== undefined)
      try {
        const told = (line: string): void => progress(`${kind}: ${line}`)
        const filled = await fillHistory({
          bench,
          fleet,
          days: times,
          endMs,
          shapes: () => (shapes ??= blocksOfShapes(fleet, times)),
          soFar: made.soFar(kind),
          save: (soFar) => made.save(kind, soFar),
          progress: told,
        })
        if (options.isOnlyMade === true) continue
        const asked = await measureStore({ ...options, bench, fleet, folder, times, endMs, progress: told })
        const budget = BUDGET[kind]
        const isWithin =
          Math.max(asked.chart_p95_ms, ...Object.values(asked.chart_range_p95_ms)) <= budget.chart_p95_ms &&
          asked.overview_p95_ms <= budget.overview_p95_ms &&
          asked.report_ms <= budget.report_ms
        figures[kind] = { ...asked, ...filled, within_budget: isWithin }
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

function timesOf(endMs: number, { days, rawDays }: Pick<HistoryBenchOptions, 'days' | 'rawDays'>): HistoryDays {
  const daysBefore = (count: number): number => Math.floor((endMs - count * DAY_MS) / DAY_MS) * DAY_MS
  return { fromMs: daysBefore(days), rawFromMs: daysBefore(rawDays), rolledFromMs: daysBefore(Math.min(rawDays, ROLLED_DAYS)) }
}

async function blocksOfShapes(fleet: Fleet, { fromMs, rolledFromMs }: HistoryDays): Promise<StoredBlock[][]> {
  const blocks: StoredBlock[][] = []
  for (let shape = 0; shape < SHAPES; shape++) {
    blocks.push(await blocksOfShape(shape, fleet.points[shape] as PointEntry, { fromMs, toMs: rolledFromMs }, ZONE))
  }
  return blocks
}

interface Measuring extends Pick<HistoryBenchOptions, 'asks' | 'profileDir' | 'rawDays'> {
  bench: BenchStore
  fleet: Fleet
  folder: string
  times: HistoryDays
  endMs: number
  progress(line: string): void
}

type AskedFigures = Omit<StoreFigures, 'within_budget' | keyof FillFigures>

async function measureStore(measuring: Measuring): Promise<AskedFigures> {
  const { bench, fleet, folder, times, endMs, progress } = measuring
  const server = await startServerProcess({
    dataDir: folder,
    startWithinMs: 60_000,
    env: {
      ...bench.env,
      ...profiling(measuring.profileDir),
      ROOMKEEPER_TIME_ZONE: ZONE,
      ROOMKEEPER_LOG_LEVEL: 'error',
      // A kept store stays as it was made.
      ROOMKEEPER_KEEP_RAW_DAYS: String(measuring.rawDays + 365),
    },
  })
  try {
    const chart = async (lengthMs: number, sinceMs = times.fromMs): Promise<Asked> => {
      const ask = (): string => {
        const point = fleet.points[Math.floor(Math.random() * fleet.points.length)] as PointEntry
        const fromMs = sinceMs + Math.floor(Math.random() * (endMs - sinceMs - lengthMs))
        return `/api/history?pointIds=${point.id}&fromMs=${fromMs}&toMs=${fromMs + lengthMs}&buckets=2000`
      }
      return askMany(measuring, server, () => [ask()], measuring.asks)
    }
    const year = await chart(endMs - times.fromMs)
    const rawHour = await chart(HOUR_MS, times.rawFromMs)
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
      chart_range_p95_ms: { raw_hour: rawHour.p95Ms, day: ranges.day.p95Ms, week: ranges.week.p95Ms, month: ranges.month.p95Ms },
      overview_p95_ms: overview.p95Ms,
      overview_of_a_day_p95_ms: dayOverview.p95Ms,
      report_ms: reportMs,
      chart_buckets: buckets.length,
      chart_cpu_ms: year.cpuMs,
      overview_cpu_ms: overview.cpuMs,
      overview_of_a_day_cpu_ms: dayOverview.cpuMs,
    }
  } finally {
    await server.dispose()
  }
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

async function measureReport({ bench, fleet, folder, times, profileDir }: Measuring): Promise<number> {
  const out = join(folder, 'report.pdf')
  // The first whole month by the hospital's clock.
  const month = new Date(times.fromMs + 32 * DAY_MS).toISOString().slice(0, 7)
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
