import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { PlaceKinds } from '../notify/facts.ts'
import type { AlarmStore } from './alarm-store.ts'
import { type Flood, FloodWatch } from './flood-watch.ts'
import { announceEnds } from './silence/announce-ends.ts'

export interface LifeWatchDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  alarms: Pick<AlarmStore, 'reconcileSilence' | 'onTransition'>
  placeKinds: PlaceKinds
  /** What records bring to alarms at this second, before these are moved. */
  beforeMoving?(): Promise<void>
  /** Notices were written. */
  wake(): void
  change(change: Change): void
}

const TICK_MS = 1000
/** The same failure is logged this often. */
const LOG_EVERY_MS = 60_000

/** What the time brings to alarms: holds that end, windows that open and close, causes that are gone, floods. */
export class LifeWatch {
  private readonly deps: LifeWatchDeps
  private readonly floods: FloodWatch
  private timer: NodeJS.Timeout | undefined
  private turning: Promise<void> | undefined
  private failure: string | undefined
  private loggedAtMs = Number.NEGATIVE_INFINITY

  constructor(deps: LifeWatchDeps) {
    this.deps = deps
    this.floods = new FloodWatch(deps)
    deps.alarms.onTransition((notice) => this.floods.note(notice))
  }

  async start(): Promise<void> {
    await this.floods.start()
    await this.tick()
    this.timer = setInterval(() => void this.tick(), TICK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.turning
  }

  flood(): Flood | null {
    return this.floods.current()
  }

  health(): { ok: boolean; message: string } {
    return { ok: this.failure === undefined, message: this.failure ?? '' }
  }

  /** Never rejects; calls that overlap are one. */
  tick(): Promise<void> {
    this.turning ??= this.tickNow()
      .then(() => {
        this.failure = undefined
      })
      .catch((error: unknown) => this.note(error))
      .finally(() => {
        this.turning = undefined
      })
    return this.turning
  }

  private async tickNow(): Promise<void> {
    const { db, clock, alarms, placeKinds, wake, change } = this.deps
    // Alarms are moved whatever becomes of it.
    const failed = await this.deps.beforeMoving?.().then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (await alarms.reconcileSilence()) change({ topic: 'alarms' })
    if ((await announceEnds({ db, placeKinds }, clock.nowMs())) > 0) wake()
    if (await this.floods.tick()) change({ topic: 'alarms' })
    if (failed) throw failed.error
  }

  private note(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error)
    if (performance.now() - this.loggedAtMs < LOG_EVERY_MS) return
    this.loggedAtMs = performance.now()
    this.deps.log.error({ module: 'alarms', err: error }, 'what the time brings to alarms could not be worked on; tried again')
  }
}
