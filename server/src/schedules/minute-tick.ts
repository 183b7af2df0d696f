import { schedule } from 'node-cron'
import type { Logger } from 'pino'

/** What is needed of a cron task; tests give their own. */
export interface TickTask {
  destroy(): void | Promise<void>
}

export interface MinuteTickDeps {
  /** Called once at the start and then each minute; calls never overlap. */
  onTick(): Promise<void>
  /** Milliseconds that no clock correction moves, e.g. `performance.now`. */
  monotonicMs(): number
  log: Logger
  /** Starts a task that calls `onMinute` each minute. Default: node-cron. */
  startTask?(onMinute: () => void): TickTask
}

/**
 * node-cron is known to stop for good after a missed run or a clock change (node-cron issues #492, #509): three minutes
 * without a tick and the task is made anew.
 */
export const SILENCE_MS = 3 * 60_000
const WATCH_EVERY_MS = 60_000

/** A tick each minute that cannot fall silent. Only wakes: what is due is decided from stored state. */
export class MinuteTick {
  private readonly deps: MinuteTickDeps
  private task: TickTask | undefined
  private watchdog: NodeJS.Timeout | undefined
  private lastTickMs = 0
  private running: Promise<void> | undefined

  constructor(deps: MinuteTickDeps) {
    this.deps = deps
  }

  start(): void {
    this.startTask()
    this.watchdog = setInterval(() => this.watch(), WATCH_EVERY_MS)
    this.watchdog.unref()
    // The downtime before this start is caught up with now rather than within a minute.
    this.tick()
  }

  async stop(): Promise<void> {
    clearInterval(this.watchdog)
    await this.task?.destroy()
    this.task = undefined
    await this.running
  }

  /** Remakes the task when it has been silent for too long. Called by the watchdog's own timer. */
  watch(): void {
    const silentMs = this.deps.monotonicMs() - this.lastTickMs
    if (silentMs < SILENCE_MS) return
    this.deps.log.warn({ module: 'schedules', silentMs: Math.round(silentMs) }, 'The minute tick fell silent; it is started anew')
    void Promise.resolve(this.task?.destroy()).catch((error: unknown) => {
      this.deps.log.warn({ module: 'schedules', err: error }, 'The silent task could not be ended')
    })
    this.startTask()
    this.tick()
  }

  private startTask(): void {
    this.lastTickMs = this.deps.monotonicMs()
    this.task = (this.deps.startTask ?? startCronTask)(() => this.tick())
  }

  private tick(): void {
    this.lastTickMs = this.deps.monotonicMs()
    if (this.running) return
    this.running = this.deps
      .onTick()
      .catch((error: unknown) => {
        this.deps.log.error({ module: 'schedules', err: error }, 'Schedules could not be worked through; tried again in a minute')
      })
      .finally(() => {
        this.running = undefined
      })
  }
}

function startCronTask(onMinute: () => void): TickTask {
  return schedule('* * * * *', onMinute, { suppressMissedWarning: true })
}
