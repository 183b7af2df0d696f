import type { PointLevels, SavedPlan } from '@roomkeeper/shared/http'
import { DOOR_KINDS, type FloorPlan, type Limit, linksOf, PROBE_KINDS } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { levelsAt } from '../limits/limit-band.ts'
import type { LocalMinute } from '../limits/local-minute.ts'

const NO_PLAN: SavedPlan = { version: 0, plan: null, author: null, atMs: null, picture: null }

/** The newest plan of a room, or one of its versions; undefined when there is no such version. A room without a plan has version 0. */
export async function loadPlan(db: Db, roomId: number, version?: number): Promise<SavedPlan | undefined> {
  const row = await db
    .selectFrom('floorPlan')
    .leftJoin('floorPlanPicture as picture', 'picture.id', 'floorPlan.pictureId')
    .select(['version', 'planJson', 'author', 'floorPlan.atMs', 'picture.id as pictureId', 'widthPx', 'heightPx'])
    .where('floorPlan.roomId', '=', roomId)
    .$if(version !== undefined, (query) => query.where('version', '=', version ?? 0))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return version === undefined ? NO_PLAN : undefined
  const { pictureId, widthPx, heightPx } = row
  return {
    version: row.version,
    plan: JSON.parse(row.planJson) as FloorPlan,
    author: row.author,
    atMs: row.atMs,
    picture: pictureId === null ? null : { id: pictureId, widthPx: widthPx ?? 1, heightPx: heightPx ?? 1 },
  }
}

/** Adds the next version; the caller has looked that nobody saved in between. */
export async function addPlanVersion(
  transaction: Db,
  saved: { roomId: number; before: SavedPlan; plan: FloorPlan; author: { name: string; username: string }; atMs: number },
): Promise<void> {
  const { roomId, before, plan, author, atMs } = saved
  const version = before.version + 1
  const pictureId = plan.background?.pictureId ?? null
  const row = { roomId, version, planJson: JSON.stringify(plan), items: plan.items.length, pictureId, author: author.name, atMs }
  await transaction.insertInto('floorPlan').values(row).execute()
  const entry = { actor: author.username, action: 'floor-plan.save', entity: `room:${roomId}` }
  const outline = (of: FloorPlan | null, ofVersion: number) =>
    of && { version: ofVersion, width: of.width, depth: of.depth, items: of.items.length, pictureId: of.background?.pictureId ?? null }
  await appendAudit(transaction, { ...entry, before: outline(before.plan, before.version), after: outline(plan, version) }, atMs)
}

/** The first link that leads nowhere; what the plan before had already may stay, whatever became of it since. */
export interface WrongLink {
  path: string
  message: string
}

export async function findWrongLink(db: Db, roomId: number, plan: FloorPlan, before: FloorPlan | null): Promise<WrongLink | undefined> {
  const known = linksOf(before ?? { items: [] })
  const devices = new Set((await db.selectFrom('device').select('id').where('roomId', '=', roomId).execute()).map(({ id }) => id))
  const points = await db
    .selectFrom('point')
    .innerJoin('device', 'device.id', 'point.deviceId')
    .select(['point.id', 'point.kind'])
    .where('device.roomId', '=', roomId)
    .execute()
  const kinds = new Map(points.map(({ id, kind }) => [id, kind]))
  for (const [index, item] of plan.items.entries()) {
    if ('deviceId' in item && item.deviceId !== null && !devices.has(item.deviceId) && !known.deviceIds.has(item.deviceId)) {
      const message = `设备 ${item.deviceId} 不在本机房 / device ${item.deviceId} is not in this room`
      return { path: `plan.items.${index}.deviceId`, message }
    }
    const pointIds = item.type === 'probe' ? item.pointIds : item.type === 'door' && item.pointId !== null ? [item.pointId] : []
    const allowed: readonly string[] = item.type === 'door' ? DOOR_KINDS : PROBE_KINDS
    for (const pointId of pointIds) {
      if (known.pointIds.has(pointId)) continue
      const path = `plan.items.${index}.${item.type === 'door' ? 'pointId' : 'pointIds'}`
      const kind = kinds.get(pointId)
      if (kind === undefined) return { path, message: `测点 ${pointId} 不在本机房 / point ${pointId} is not in this room` }
      if (!allowed.includes(kind))
        return {
          path,
          message: `测点 ${pointId} 的类型是 ${kind}，须为 ${allowed.join('、')} / point ${pointId} is a ${kind}, not ${allowed.join(', ')}`,
        }
    }
  }
  const pictureId = plan.background?.pictureId
  if (pictureId === undefined) return undefined
  const picture = await db
    .selectFrom('floorPlanPicture')
    .select('id')
    .where('id', '=', pictureId)
    .where('roomId', '=', roomId)
    .executeTakeFirst()
  if (picture) return undefined
  const message = `本机房没有底图 ${pictureId} / this room has no picture ${pictureId}`
  return { path: 'plan.background.pictureId', message }
}

/** The level limits in force on a point at a time; day and night variants are the ones that hold then. */
export function levelsOf(
  point: { id: number; kind: string; limits: readonly Limit[] },
  nowMs: number,
  localMinute: LocalMinute,
): PointLevels {
  const { 'low-low': lowLow = null, low = null, high = null, 'high-high': highHigh = null } = levelsAt(point.limits, nowMs, localMinute)
  return { pointId: point.id, kind: point.kind, lowLow, low, high, highHigh }
}
