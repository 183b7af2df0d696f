import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { ServerConfig } from '../../config/settings.ts'
import { storeConfigOf } from '../../config/store-config.ts'
import type { Db } from '../../database/schema.ts'
import { Directory } from '../../ingest/directory.ts'
import { withDatabase } from '../../reports/beside-server.ts'
import { dayStart, nextDayStart, type Period } from '../../reports/pack/period.ts'
import type { ReadingStoreConfig } from '../config.ts'
import { LocalDays } from '../history/local-days.ts'
import { CopyInterrupted, type CopySource, type CopyTarget, copyReadings, type DeviceToCopy } from './copy-readings.ts'
import { type CopyState, CopyStateFile } from './copy-state.ts'
import { openSource, openTarget, type Problem } from './open-side.ts'
import { number, ProgressLine } from './progress-line.ts'
import { keptSince } from './rollup-copying.ts'
import { STORE_FORMS, StoreAddressError, storeOfAddress, storeText } from './store-address.ts'
import { problemOfFile } from './target-file.ts'
import { tellEnd } from './tell-end.ts'

interface CopyOptions {
  from: string
  to?: string
  since?: string
  until?: string
  dryRun?: boolean
  verify: boolean
  state?: string
}

/** Readings come with the clocks of their agents; those that are up to a day ahead are copied too. */
const AHEAD_MS = 86_400_000
const SAVE_EACH_MS = 1000

/** `roomkeeper readings copy`. Exit codes: 0 copied and the same, 1 interrupted, away or different, 2 wrong input. */
export function addReadingsCommand(program: Command): void {
  const readings = program.command('readings').description('历史读数 / readings of the past')
  readings
    .command('copy')
    .description('把历史读数从一个读数库复制到另一个 / copy the history from one readings store to another')
    .requiredOption('--from <store>', STORE_FORMS)
    .option('--to <store>', `${STORE_FORMS}（--dry-run 时可不写 / not needed with --dry-run）`)
    .option('--since <date>', '首日 / first day, 2026-01-01')
    .option('--until <date>', '末日 / last day, 2026-12-31')
    .option('--dry-run', '只计数，不复制 / only count what would be copied')
    .option('--no-verify', '复制后不核对 / do not compare both stores afterwards')
    .option('--state <file>', '进度文件，中断后凭它继续；默认在数据目录 / where the progress is kept, to go on from after an interruption')
    .addHelpText('after', HELP)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (options: CopyOptions) => {
      process.exitCode = await withDatabase((db, config) => runCopy(db, config, options))
    })
}

const HELP = `
密码和令牌只从环境变量读取 / Passwords and tokens come from the environment only:
  ROOMKEEPER_COPY_FROM_USERNAME, _PASSWORD, _TOKEN, _PASSWORD_FILE, _TOKEN_FILE   (--from)
  ROOMKEEPER_COPY_TO_USERNAME, …                                                 (--to)
configured：服务器设置中的读数库 / the store of the server's settings`

async function runCopy(db: Db, config: ServerConfig, options: CopyOptions): Promise<number> {
  const wrong = (text: string): number => {
    console.error(text)
    return 2
  }
  let [from, to]: [ReadingStoreConfig | undefined, ReadingStoreConfig | undefined] = [undefined, undefined]
  try {
    const about = { env: process.env, configured: storeConfigOf(config) }
    from = storeOfAddress(options.from, 'from', about)
    to = options.to === undefined ? undefined : storeOfAddress(options.to, 'to', about)
  } catch (error) {
    if (!(error instanceof StoreAddressError)) throw error
    return wrong(error.message)
  }
  if (to === undefined && !options.dryRun) return wrong(`--to：须给出目标 / must be given: ${STORE_FORMS}`)
  if (to !== undefined && storeText(from) === storeText(to)) return wrong(`--to ${storeText(to)}：与来源相同 / is the same store as --from`)
  const period = periodOf(options, config.timeZone)
  if (typeof period === 'string') return wrong(period)
  if (to?.kind === 'embedded' && !options.dryRun) {
    const problem = targetProblem(to.path)
    if (problem !== undefined) return wrong(problem)
  }
  const path =
    options.state ??
    join(config.dataDir, `readings-copy-${shortHash([storeText(from), to && storeText(to), options.since, options.until])}.json`)
  const file = new CopyStateFile(resolve(path))
  const known = options.dryRun ? undefined : await file.read().catch((error: Error) => error)
  if (known instanceof Error) return wrong(`--state ${file.path}：不是进度文件 / is not the progress of a copy: ${known.message}`)
  if (known !== undefined && to !== undefined && (known.from !== storeText(from) || known.to !== storeText(to)))
    return wrong(`--state ${file.path}：属于另一次复制 / is of another copy: ${known.from} → ${known.to}`)
  const fresh: CopyState = {
    version: 1,
    from: storeText(from),
    to: to === undefined ? '' : storeText(to),
    ...period,
    devices: {},
    sums: {},
    rollups: [],
  }
  const directory = new Directory(db)
  await directory.load()
  const devices = [...directory.devices.values()].map((device) => ({ device, points: [...device.points.values()] }))
  const opened: { close(): Promise<void> }[] = []
  const away = (side: string, store: ReadingStoreConfig, { reason, isConfiguration }: Problem): number => {
    console.error(`--${side} ${storeText(store)}：不可用 / is not available: ${reason}`)
    return isConfiguration ? 2 : 1
  }
  try {
    const source = await openSource(from)
    if ('reason' in source) return away('from', from, source)
    opened.push(source)
    const target = to === undefined || options.dryRun ? undefined : await openTarget(to)
    if (target !== undefined && 'reason' in target) return away('to', to as ReadingStoreConfig, target)
    if (target !== undefined) opened.push(target)
    const days = new LocalDays(config.timeZone)
    return await copyAndTell({ source, target, devices, days, state: known ?? fresh, file, options, isResumed: known !== undefined })
  } finally {
    for (const side of opened) await side.close()
  }
}

interface Started {
  source: CopySource
  target: CopyTarget | undefined
  devices: DeviceToCopy[]
  days: LocalDays
  state: CopyState
  file: CopyStateFile
  options: CopyOptions
  isResumed: boolean
}

async function copyAndTell({ source, target, devices, days, state, file, options, isResumed }: Started): Promise<number> {
  const stop = new AbortController()
  let asked = 0
  const onSignal = (): void => {
    if (++asked > 1) process.exit(1)
    line.say('正在停止，已复制的都保留 / stopping; what was copied stays')
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  const line = new ProgressLine(process.stderr)
  const points = devices.reduce((sum, one) => sum + one.points.length, 0)
  const places = target === undefined ? state.from : `${state.from} → ${state.to}`
  line.say(`${places}：${number(points)} 个测点 / points${isResumed ? '，接着上次继续 / going on where it stopped' : ''}`)
  let savedMs = performance.now()
  let lastReason = ''
  const job = {
    ...{ source, target, devices, days, state },
    signal: stop.signal,
    save: async (): Promise<void> => {
      if (target === undefined || performance.now() - savedMs < SAVE_EACH_MS) return
      savedMs = performance.now()
      await file.write(state)
    },
    onProgress: (progress: { readings: number; share: number }) => line.show(progress),
    onWait: (reason: string) => {
      if (reason !== lastReason) line.say(`等待后重试 / waiting to try again: ${reason}`)
      lastReason = reason
    },
  }
  try {
    const keptBefore = await keptSince(source.rollups)
    const outcome = await copyReadings(job)
    return await tellEnd({ job, outcome, keptBefore, verify: options.verify, line, finish: () => file.remove() })
  } catch (error) {
    if (!(error instanceof CopyInterrupted)) throw error
    if (target !== undefined) await file.write(state)
    line.say(
      `未完成：${error.message}。再次运行同一命令即可继续 / Not finished: ${error.message}. Run the same command again to go on${target === undefined ? '' : `\n${file.path}`}`,
    )
    return 1
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
  }
}

/** The days asked for, by the hospital's clock; or what is wrong with them. */
function periodOf({ since, until }: CopyOptions, timeZone: string): Period | string {
  const fromMs = since === undefined ? 0 : dayStart(since, timeZone)
  if (fromMs === undefined) return `--since ${since}：须为 2026-01-01 这样的日期 / must be a date like 2026-01-01`
  const lastMs = until === undefined ? undefined : dayStart(until, timeZone)
  if (until !== undefined && lastMs === undefined) return `--until ${until}：须为 2026-12-31 这样的日期 / must be a date like 2026-12-31`
  const toMs = lastMs === undefined ? Date.now() + AHEAD_MS : nextDayStart(lastMs, timeZone)
  return toMs <= fromMs ? `--until ${until}：不能早于 --since / must not be before --since ${since}` : { fromMs, toMs }
}

function targetProblem(path: string): string | undefined {
  try {
    switch (problemOfFile(path)) {
      case 'in-use':
        return `--to embedded:${path}：正被另一个程序（多半是运行中的服务器）使用，请先停止它 / is in use by another program, most likely the running server: stop it first`
      case 'something-else':
        return `--to embedded:${path}：不是读数文件，不会写入 / is not a file of readings and is left alone`
      default:
        return undefined
    }
  } catch (error) {
    return `--to embedded:${path}：打不开 / cannot be opened: ${(error as Error).message}`
  }
}

function shortHash(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
