import { type Limit, type LimitScope, limitSchema, type PointKind, type RoomClass } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { defaultLimits } from './default-limits.ts'

/** A limit in force, and where it comes from. */
export interface LimitInForce {
  limit: Limit
  origin: LimitScope
  source: string
  version: number | null
  author: string | null
  atMs: number | null
  reason: string | null
}

/** What decides which limits a point has. */
export interface LimitSubject {
  id: number
  key: string
  kind: PointKind
  nominal: number | null
  deviceId: number
  roomId: number
  roomClass: RoomClass
}

/** What a set of limits is for, as the database names it. */
export interface TargetKey {
  scope: Exclude<LimitScope, 'built-in'>
  /** Id of the point, device or room; name of the room class; empty for a kind. */
  scopeKey: string
  /** Kind of point; empty for a point's own set. */
  kind: string
}

/** A set that people made, as it is now; without limits it is as if there were none. */
export interface LimitSetVersion extends TargetKey {
  version: number
  limits: readonly Limit[]
  author: string
  reason: string
  atMs: number
}

/** The newest sets by target. */
export interface LimitSetLookup {
  get(target: TargetKey): LimitSetVersion | undefined
}

/** The targets a point's limits may be set for, the most specific first. */
export function targetsOf(point: LimitSubject): TargetKey[] {
  const { kind } = point
  return [
    { scope: 'point', scopeKey: String(point.id), kind: '' },
    { scope: 'device', scopeKey: String(point.deviceId), kind },
    { scope: 'room', scopeKey: String(point.roomId), kind },
    { scope: 'room-class', scopeKey: point.roomClass, kind },
    { scope: 'kind', scopeKey: '', kind },
  ]
}

/** Whether a point is one of those that the target is for, whatever else is set for it. */
export function isOfTarget(point: LimitSubject, target: TargetKey): boolean {
  return targetsOf(point).some((one) => isSameTarget(one, target))
}

export function isSameTarget(one: TargetKey, other: TargetKey): boolean {
  return one.scope === other.scope && one.scopeKey === other.scopeKey && one.kind === other.kind
}

/** Whether nothing more specific than this target is set for a point of it: the target's set, if there is one, is the one that holds. */
export function isDecidedBy(sets: LimitSetLookup, point: LimitSubject, target: TargetKey): boolean {
  for (const one of targetsOf(point)) {
    if (isSameTarget(one, target)) return true
    if (isSet(sets.get(one))) return false
  }
  return false
}

/**
 * The most specific set that people made for a point, as a whole; without any, the built-in defaults of its kind and room class.
 * `without`: leaves this target and what is more specific out.
 */
export function limitsOf(sets: LimitSetLookup, point: LimitSubject, without?: TargetKey): readonly LimitInForce[] {
  let targets = targetsOf(point)
  if (without) targets = targets.slice(targets.findIndex((one) => isSameTarget(one, without)) + 1)
  for (const target of targets) {
    const set = sets.get(target)
    if (!isSet(set)) continue
    const { limits, version, author, atMs, reason } = set
    return limits.map((limit) => ({ limit, origin: target.scope, source: '', version, author, atMs, reason }))
  }
  return builtInLimits(point)
}

/** The product's defaults for a point, each with its source. */
export function builtInLimits(point: Pick<LimitSubject, 'kind' | 'roomClass'> & Partial<LimitSubject>): readonly LimitInForce[] {
  return defaultLimits(point.kind, point.roomClass, point).map(({ limit, source }) => ({
    limit,
    origin: 'built-in',
    source,
    version: null,
    author: null,
    atMs: null,
    reason: null,
  }))
}

export function isSet(set: LimitSetVersion | undefined): set is LimitSetVersion {
  return set !== undefined && set.limits.length > 0
}

/** Every set that people made, the newest version of each, in memory: a point's limits are found without asking the database. */
export class LimitSets implements LimitSetLookup {
  private sets = new Map<string, LimitSetVersion>()
  private asked = 0
  private answered = 0

  get({ scope, scopeKey, kind }: TargetKey): LimitSetVersion | undefined {
    return this.sets.get(`${scope}/${scopeKey}/${kind}`)
  }

  all(): Iterable<LimitSetVersion> {
    return this.sets.values()
  }

  /** Reads them anew, after one was changed. */
  async load(db: Db): Promise<void> {
    const turn = ++this.asked
    const newest = db
      .selectFrom('limitSet')
      .select((set) => ['scope', 'scopeKey', 'kind', set.fn.max('version').as('version')])
      .groupBy(['scope', 'scopeKey', 'kind'])
    const rows = await db
      .selectFrom('limitSet')
      .innerJoin(newest.as('newest'), (join) =>
        join
          .onRef('newest.scope', '=', 'limitSet.scope')
          .onRef('newest.scopeKey', '=', 'limitSet.scopeKey')
          .onRef('newest.kind', '=', 'limitSet.kind')
          .onRef('newest.version', '=', 'limitSet.version'),
      )
      .selectAll('limitSet')
      .execute()
    // With several connections an earlier question may be answered later.
    if (turn < this.answered) return
    this.answered = turn
    const known = this.sets
    // Those that did not change stay the same objects: what is shared by thousands of points is kept once.
    this.sets = new Map(
      rows.map((row) => {
        const key = `${row.scope}/${row.scopeKey}/${row.kind}`
        const same = known.get(key)
        return [key, same?.version === row.version ? same : toVersion(row)]
      }),
    )
  }
}

function toVersion(row: Omit<LimitSetVersion, 'limits' | 'scope'> & { scope: string; limitsJson: string }): LimitSetVersion {
  const { scopeKey, kind, version, author, reason, atMs } = row
  const limits = limitSchema.array().parse(JSON.parse(row.limitsJson))
  return { scope: row.scope as TargetKey['scope'], scopeKey, kind, version, author, reason, atMs, limits }
}
