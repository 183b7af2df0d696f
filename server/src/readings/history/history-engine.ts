import { HOUR_MS, hourOf } from '../hours.ts'
import type { HistoryQuery } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { HistoryComputing, PointHours } from './history-computing.ts'
import type { HistorySlots } from './history-reading.ts'
import type { DueHour, RollupReads, RollupUpkeep } from './rollup-storage.ts'

/** An hour is rolled up this long after its end, so that readings on their way do not make it dirty again at once. */
const GRACE_MS = 60_000
/** A replay sends what is missing of an hour within seconds: after this long without any the rest will not come soon. */
const QUIET_MS = 10 * 60_000
const HOURS_PER_STEP = 100
/** A point whose hours cannot be rolled up is tried again after this long; until then its charts are read from its readings. */
const BACK_OFF_MS = 30 * 60_000

export interface HistoryDependencies {
  upkeep: RollupUpkeep & Pick<RollupReads, 'rawSinceMs'>
  computing: HistoryComputing
  /** Told once per attempt when the hours of a point cannot be rolled up; the others go on. */
  onPointFailure(point: PointHandle, error: Error): void
}

/** How long to keep what; undefined = for ever. Quarters and days are kept for ever. */
export interface HistoryRetention {
  rawMs: number | undefined
  minuteMs: number | undefined
}

/** History of any length over a reading store. One engine per store: rolling up and purging take turns in it. */
export class HistoryEngine {
  readonly #dependencies: HistoryDependencies
  /** By point id: not to be tried before. */
  readonly #backOffs = new Map<number, number>()
  #turn: Promise<unknown> = Promise.resolve()
  #purgedAtMs: number | undefined

  constructor(dependencies: HistoryDependencies) {
    this.#dependencies = dependencies
  }

  history(query: HistoryQuery): Promise<HistorySlots> {
    return this.#dependencies.computing.history(query)
  }

  /** Brings some marked hours up to date. Returns whether more are due. Rejects when the store is away; marks stay then. */
  rollUp(nowMs: number): Promise<boolean> {
    return this.#inTurn(() => this.#rollUp(nowMs))
  }

  /**
   * Deletes what is older than its time, once an hour; before that everything due is rolled up. Hours still marked keep their readings.
   * `byMs`: the time by which things are old, where the clock is not to be believed.
   */
  purge(nowMs: number, { rawMs, minuteMs }: HistoryRetention, byMs = nowMs): Promise<void> {
    return this.#inTurn(async () => {
      const hourMs = hourOf(byMs)
      if (this.#purgedAtMs === hourMs || (rawMs === undefined && minuteMs === undefined)) return
      while (await this.#rollUp(nowMs));
      const { upkeep } = this.#dependencies
      if (rawMs !== undefined) await upkeep.purgeRaw(hourOf(byMs - rawMs))
      if (minuteMs !== undefined) await upkeep.purgeMinutes(hourOf(byMs - minuteMs))
      this.#purgedAtMs = hourMs
    })
  }

  async #rollUp(nowMs: number): Promise<boolean> {
    const { upkeep, computing, onPointFailure } = this.#dependencies
    for (const [id, untilMs] of this.#backOffs) if (untilMs <= nowMs) this.#backOffs.delete(id)
    const due = await upkeep.dueHours({
      endedByMs: nowMs - GRACE_MS,
      // Hours at the edge of what is kept count as incomplete too (keptFrom in history-reading.ts).
      quiet: { beforeMs: await this.#firstCompleteHourMs(), sinceMs: nowMs - QUIET_MS },
      withoutPoints: new Set(this.#backOffs.keys()),
      limit: HOURS_PER_STEP,
    })
    if (due.length === 0) return false
    const outcomes = await computing.blocksOf(hoursByPoint(due))
    const failed = new Set<number>()
    const blocks = outcomes.flatMap((outcome) => {
      if ('blocks' in outcome) return outcome.blocks.map((block) => ({ ...block, point: outcome.point }))
      failed.add(outcome.point.id)
      this.#backOffs.set(outcome.point.id, nowMs + BACK_OFF_MS)
      onPointFailure(outcome.point, outcome.error)
      return []
    })
    const done = due.filter(({ points }) => !points.some(({ id }) => failed.has(id)))
    await upkeep.rolledUp({ due: done, blocks })
    return due.length >= HOURS_PER_STEP
  }

  async #firstCompleteHourMs(): Promise<number> {
    const rawSinceMs = await this.#dependencies.upkeep.rawSinceMs()
    return rawSinceMs === 0 ? 0 : rawSinceMs + HOUR_MS
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

function hoursByPoint(due: readonly DueHour[]): PointHours[] {
  const byPoint = new Map<number, { point: PointHandle; hours: number[] }>()
  for (const { points, hourMs } of due) {
    for (const point of points) {
      const known = byPoint.get(point.id)
      if (known === undefined) byPoint.set(point.id, { point, hours: [hourMs] })
      else known.hours.push(hourMs)
    }
  }
  return [...byPoint.values()]
}
