import { type Limit, limitSchema, type PointKind, type RoomClass } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { defaultLimits } from './default-limits.ts'

/** A limit in force, and where it comes from. */
export interface LimitInForce {
  limit: Limit
  origin: 'default' | 'point'
  source: string
  version: number | null
  author: string | null
  atMs: number | null
  reason: string | null
}

/** A point's own limits (the newest version), or the defaults of its kind and room class when it has none. */
export async function limitsInForce(
  db: Db,
  point: { id: number; key: string; kind: PointKind; nominal: number | null; roomClass: RoomClass },
): Promise<readonly LimitInForce[]> {
  const own = await db
    .selectFrom('limitVersion')
    .selectAll()
    .where('pointId', '=', point.id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const limits = own ? limitSchema.array().parse(JSON.parse(own.limitsJson)) : []
  if (!own || limits.length === 0) {
    return defaultLimits(point.kind, point.roomClass, point).map(({ limit, source }) => ({
      limit,
      origin: 'default',
      source,
      version: null,
      author: null,
      atMs: null,
      reason: null,
    }))
  }
  return limits.map((limit) => ({
    limit,
    origin: 'point',
    source: '',
    version: own.version,
    author: own.author,
    atMs: own.atMs,
    reason: own.reason,
  }))
}
