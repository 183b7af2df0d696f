import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type Fault, FaultBook } from '../../../agent/src/faults/fault-book.ts'
import type { LoggedScan, ScanRecord } from '../../../agent/src/log/index.ts'
import { LogKeeper } from '../../../agent/src/log/log-keeper.ts'

/** What one kind of fault did. */
export interface FaultRun {
  cases: number
  acknowledged: number
  /** Acknowledged, not destroyed by the fault itself, and not in the log afterwards. */
  lost_committed: number
  /** Records whose own bytes the fault changed. */
  destroyed: number
  /** Cases after which the agent did not start, did not take scans again, gave an offset twice, or kept an epoch it must not keep. */
  not_started: number
  /** What people were told: faults and the log's lines, each once. */
  said: string[]
}

/** An agent's log as the agent keeps it, its faults beside it, and what it acknowledged. */
export class LogTrial {
  folder: string
  readonly acknowledged = new Map<number, number>()
  readonly said = new Set<string>()
  destroyed = 0
  cases = 0
  notStarted = 0
  private keeper: LogKeeper | undefined
  private count = 0
  private readonly folders: string[] = []
  private readonly faults = new FaultBook(() => this.noteFaults())

  constructor(folder: string) {
    this.folder = folder
  }

  static async create(folder?: string): Promise<LogTrial> {
    const own = await mkdtemp(join(tmpdir(), 'roomkeeper-fault-'))
    const trial = new LogTrial(folder ?? join(own, 'log'))
    trial.folders.push(own)
    return trial
  }

  /** Opens the log as the agent does. Damage and losses are lines of its journal or faults. */
  async start(): Promise<void> {
    const log = pino({ level: 'warn' }, { write: (line: string) => this.said.add((JSON.parse(line) as { msg: string }).msg) })
    this.keeper = new LogKeeper({
      folder: this.folder,
      maxMegabytes: 1,
      maxAgeDays: 60,
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
      log,
      faults: this.faults,
      hasRunBefore: this.count > 0,
      onAvailable: () => undefined,
    })
    await this.keeper.start()
  }

  get log() {
    return this.keeper?.current
  }

  /** @returns whether the scan was kept */
  async append(pad = 20): Promise<boolean> {
    const timeMs = 1e12 + this.count++
    const scan: ScanRecord = { device: 'd', timeMs, readings: [{ key: 'x', value: 'y'.repeat(pad), quality: 'good' }] }
    const place = await this.keeper?.append(scan, () => undefined)
    if (place) this.acknowledged.set(place.offset, timeMs)
    return place !== undefined
  }

  async stop(): Promise<void> {
    await this.keeper?.stop()
    this.keeper = undefined
  }

  /** Starts after the fault, takes a scan, and counts what is missing. */
  async startAgainAndCheck(): Promise<void> {
    this.cases++
    await this.start()
    if (!(await this.append())) this.notStarted++
  }

  async missing(): Promise<number> {
    const left = new Map((await this.read()).map(({ offset, timeMs }) => [offset, timeMs]))
    return [...this.acknowledged].filter(([offset, timeMs]) => left.get(offset) !== timeMs).length
  }

  async read(): Promise<LoggedScan[]> {
    const records: LoggedScan[] = []
    if (this.log) for await (const batch of this.log.readFrom(1)) records.push(...batch)
    return records
  }

  faultsNow(): Fault[] {
    return this.faults.list()
  }

  async dispose(): Promise<void> {
    await this.stop()
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true })
  }

  private noteFaults(): void {
    for (const { message } of this.faults.list()) this.said.add(message)
  }
}

/** The sum of several trials of one kind. */
export function sumOf(runs: readonly FaultRun[]): FaultRun {
  const sum = (name: Exclude<keyof FaultRun, 'said'>): number => runs.reduce((total, run) => total + run[name], 0)
  return {
    cases: sum('cases'),
    acknowledged: sum('acknowledged'),
    lost_committed: sum('lost_committed'),
    destroyed: sum('destroyed'),
    not_started: sum('not_started'),
    said: [...new Set(runs.flatMap(({ said }) => said.map((line) => line.replaceAll(/\/\S*\/|\d{3,}/g, '…'))))],
  }
}

/** What came of one trial; call it while the log is open. */
export async function resultOf(trial: LogTrial): Promise<FaultRun> {
  return {
    cases: trial.cases,
    acknowledged: trial.acknowledged.size,
    lost_committed: (await trial.missing()) - trial.destroyed,
    destroyed: trial.destroyed,
    not_started: trial.notStarted,
    said: [...trial.said],
  }
}
