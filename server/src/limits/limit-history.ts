import { type Limit, limitSchema } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import type { BandChange } from '../readings/history/minute-slots.ts'
import type { TimeRange } from '../readings/reading-store.ts'
import { type Band, bandAt, isConstant } from './limit-band.ts'
import { type LimitSetLookup, type LimitSetVersion, type LimitSubject, limitsOf, type TargetKey, targetsOf } from './limit-registry.ts'
import { changesOf, variantAt } from './limit-variants.ts'
import { type LocalMinute, WEEK_MINUTES } from './local-minute.ts'

/** Every version of the sets of one target, oldest first. */
type Versions = readonly LimitSetVersion[]

/** Between two looks at the database. What is judged by history is minutes old: a change made since is found in time. */
const REFRESH_MS = 1000
const MINUTE_MS = 60_000

export interface LimitHistoryDependencies {
  db: Db
  nowMs(): number
  /** The hospital's clock, for limits by day and night. */
  localMinute: LocalMinute
}

/**
 * The limits that were in force at any time: versions are never changed, so the past stays as it was. What has no versions counts as it is
 * now: the product's defaults, and the room, class and kind of a point.
 */
export class LimitHistory {
  readonly #dependencies: LimitHistoryDependencies
  readonly #versions = new Map<string, LimitSetVersion[]>()
  #lastId = 0
  #readAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  constructor(dependencies: LimitHistoryDependencies) {
    this.#dependencies = dependencies
  }

  /** The band of the level limits over a range: in order of time, the first entry is that at its start. Rejects when the database is away. */
  async bandsOf(point: LimitSubject, range: TimeRange): Promise<BandChange[]> {
    await this.#refresh()
    return bandChanges((target) => this.#versions.get(keyOf(target)) ?? [], point, range, this.#dependencies.localMinute)
  }

  async #refresh(): Promise<void> {
    const { nowMs } = this.#dependencies
    if (Math.abs(nowMs() - this.#readAtMs) < REFRESH_MS) return
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    await this.#reading
    this.#readAtMs = nowMs()
  }

  async #read(): Promise<void> {
    const { db } = this.#dependencies
    for (const row of await db.selectFrom('limitSet').selectAll().where('id', '>', this.#lastId).orderBy('id').execute()) {
      const { scopeKey, kind, version, author, reason, atMs } = row
      const limits = limitSchema.array().parse(JSON.parse(row.limitsJson))
      const set: LimitSetVersion = { scope: row.scope as TargetKey['scope'], scopeKey, kind, version, author, reason, atMs, limits }
      const key = keyOf(set)
      this.#versions.set(key, [...(this.#versions.get(key) ?? []), set])
      this.#lastId = row.id
    }
  }
}

function keyOf({ scope, scopeKey, kind }: TargetKey): string {
  return `${scope}/${scopeKey}/${kind}`
}

/** As `LimitHistory.bandsOf`, from the versions of each target. */
export function bandChanges(
  versionsOf: (target: TargetKey) => Versions,
  point: LimitSubject,
  { fromMs, toMs }: TimeRange,
  localMinute: LocalMinute,
): BandChange[] {
  const targets = targetsOf(point)
  const starts = targets.flatMap((target) => versionsOf(target).map(({ atMs }) => atMs)).filter((atMs) => atMs > fromMs && atMs < toMs)
  const times = [...new Set([fromMs, ...starts])].sort((a, b) => a - b)
  const changes: BandChange[] = []
  times.forEach((startMs, index) => {
    const inForce: LimitSetLookup = { get: (target) => versionsOf(target).findLast(({ atMs }) => atMs <= startMs) }
    const limits = limitsOf(inForce, point).map(({ limit }) => limit)
    addBands(changes, limits, { fromMs: startMs, toMs: times[index + 1] ?? toMs }, localMinute)
  })
  return changes
}

/** Appends the bands of limits that are in force for a whole range. */
function addBands(changes: BandChange[], limits: readonly Limit[], { fromMs, toMs }: TimeRange, localMinute: LocalMinute): void {
  if (isConstant(limits)) {
    addBand(changes, fromMs, bandAt(limits, fromMs, localMinute))
    return
  }
  const variants = limits.flatMap((limit) => limit.variants ?? [])
  const minutes = [...new Set(changesOf(variants))]
  let atMs = fromMs
  while (atMs < toMs) {
    addBand(changes, atMs, bandAt(limits, atMs, localMinute))
    const minute = localMinute(atMs)
    const ahead = Math.min(...minutes.map((one) => (one - minute + WEEK_MINUTES - 1) % WEEK_MINUTES)) + 1
    const nextMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS + ahead * MINUTE_MS
    // Where the clock was changed in between, it is walked a quarter of an hour at a time.
    const isEven = localMinute(nextMs) === (minute + ahead) % WEEK_MINUTES
    atMs = isEven ? nextMs : variantAt(variants, atMs, localMinute).untilMs
  }
}

function addBand(changes: BandChange[], fromMs: number, band: Band | undefined): void {
  const open = (value: number): number | null => (Number.isFinite(value) ? value : null)
  const next = band === undefined ? null : { low: open(band.low), high: open(band.high) }
  const last = changes.at(-1)
  if (last !== undefined && last.band?.low === next?.low && last.band?.high === next?.high && (last.band === null) === (next === null))
    return
  changes.push({ fromMs, band: next })
}
