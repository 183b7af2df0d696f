import type { Generated } from 'kysely'

/** Tables of limits that people set; the same conventions as the other tables. */
export interface LimitTables {
  /** A set of limits of one target, versioned; the highest version counts, an empty list means that there is none. */
  limitSet: {
    id: Generated<number>
    /** point, device, room, room-class, kind */
    scope: string
    /** Id of point, device or room; name of the room class; empty for a kind. */
    scopeKey: string
    /** Kind of point; empty for a point's own set. */
    kind: string
    version: number
    limitsJson: string
    author: string
    reason: string
    atMs: number
  }
  /** A limit over several points; the row is as it is now, `combinationVersion` has every version. */
  combination: { id: Generated<number>; roomId: number; version: number; removedAtMs: number | null; stateJson: string }
  combinationVersion: {
    id: Generated<number>
    combinationId: number
    version: number
    name: string
    /** average, difference, any, all */
    combination: string
    pointIdsJson: string
    /** Of its points; `number` where they differ. */
    kind: string
    unit: string
    limitsJson: string
    enabled: number
    author: string
    reason: string
    atMs: number
  }
}
