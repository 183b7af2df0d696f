import { hourOf } from '../hours.ts'
import type { DeviceScan } from '../scan.ts'
import type { ReadingStoreDependencies } from '../store-dependencies.ts'
import { type BelievedClock, believeClock, deletingTimeMs, doubtMessage } from './believed-clock.ts'

type ClockGuardDependencies = Pick<ReadingStoreDependencies, 'nowMs' | 'monotonicMs' | 'clockMemory' | 'onClockDoubt'>

/** Keeps a clock that leaps from deleting readings before their time (believed-clock.ts). */
export class ClockGuard {
  readonly #dependencies: ClockGuardDependencies
  #clock: BelievedClock | undefined
  #isLoaded = false
  #lookedMs: number | undefined
  #newestReadingMs: number | undefined
  #message = ''

  constructor(dependencies: ClockGuardDependencies) {
    this.#dependencies = dependencies
  }

  /** Readings that were stored; of each scan one, as their times are about the same. */
  noteStored(scans: readonly DeviceScan[]): void {
    for (const { timesMs } of scans) {
      const timeMs = timesMs[0] ?? Number.NEGATIVE_INFINITY
      if (timeMs > (this.#newestReadingMs ?? Number.NEGATIVE_INFINITY)) this.#newestReadingMs = timeMs
    }
  }

  /** Why old readings are not deleted as the clock says; '' = they are. */
  get message(): string {
    return this.#message
  }

  /** The time to delete by; undefined = nothing may be deleted yet. What it rests on is kept before it is answered. Rejects when that fails. */
  async deletingTimeMs(): Promise<number | undefined> {
    const { nowMs, monotonicMs = () => performance.now(), clockMemory, onClockDoubt } = this.#dependencies
    if (!this.#isLoaded) this.#clock = await clockMemory?.load()
    this.#isLoaded = true
    const [clockMs, lookMs, before] = [nowMs(), monotonicMs(), this.#clock]
    const elapsedMs = lookMs - (this.#lookedMs ?? lookMs)
    const clock = believeClock(before, { clockMs, elapsedMs, newestReadingMs: this.#newestReadingMs })
    if (isWorthKeeping(before, clock)) await clockMemory?.save(clock)
    this.#clock = clock
    this.#lookedMs = lookMs
    this.#message = doubtMessage(clock, clockMs)
    if (clock.doubtedForMs > 0 && (before?.doubtedForMs ?? 0) === 0) onClockDoubt?.(this.#message)
    return deletingTimeMs(clock, clockMs)
  }
}

/** Once an hour, and when a doubt begins or ends. */
function isWorthKeeping(before: BelievedClock | undefined, after: BelievedClock): boolean {
  return (
    before === undefined ||
    hourOf(before.believedMs) !== hourOf(after.believedMs) ||
    before.doubtedForMs > 0 !== after.doubtedForMs > 0 ||
    (before.newestReadingMs === undefined) !== (after.newestReadingMs === undefined)
  )
}
