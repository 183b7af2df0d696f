import { isPointKind, LIMIT_CONDITIONS, type Limit, limitSchema, type RoomClass } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { checkLimitSet } from '../limits/limit-check.ts'
import { limitsInForce } from '../limits/limit-registry.ts'
import { actorOf, api } from './base.ts'
import { STANDING_STATES } from './point-rows.ts'

export interface LimitsDeps {
  db: Db
  clock: { nowMs(): number }
  directory: { reloadLimits(pointId: number): Promise<void> }
  alarms: Pick<AlarmStore, 'submit' | 'flush'>
  change(change: Change): void
}

/** Limits of points: in force, and set by a person. Every set is a new version; none is ever changed. */
export function createLimitHandlers(deps: LimitsDeps) {
  const { db } = deps

  const findPoint = async (pointId: number) => {
    const row = await db
      .selectFrom('point')
      .innerJoin('device', 'device.id', 'point.deviceId')
      .innerJoin('room', 'room.id', 'device.roomId')
      .select(['point.id', 'point.key', 'point.kind', 'point.nominal', 'point.low', 'point.high', 'device.roomId', 'room.class'])
      .where('point.id', '=', pointId)
      .executeTakeFirst()
    if (!row) return undefined
    return { ...row, kind: isPointKind(row.kind) ? row.kind : ('number' as const), roomClass: row.class as RoomClass }
  }

  return {
    forPoint: api.limits.forPoint.handler(async ({ input, errors }) => {
      const point = await findPoint(input.pointId)
      if (!point) throw errors.NOT_FOUND()
      return [...(await limitsInForce(db, point))]
    }),

    setForPoint: api.limits.setForPoint.handler(async ({ input, context, errors }) => {
      const point = await findPoint(input.pointId)
      if (!point) throw errors.NOT_FOUND()
      const problem = checkLimitSet(input.limits, point)
      if (problem) throw errors.INVALID({ message: problem.message, data: { field: problem.field, allowed: problem.allowed } })
      const nowMs = deps.clock.nowMs()
      const { name, username } = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        const last = await transaction
          .selectFrom('limitVersion')
          .select(['version', 'limitsJson'])
          .where('pointId', '=', point.id)
          .orderBy('version', 'desc')
          .limit(1)
          .executeTakeFirst()
        const version = (last?.version ?? 0) + 1
        await transaction
          .insertInto('limitVersion')
          .values({ pointId: point.id, version, limitsJson: JSON.stringify(input.limits), author: name, reason: input.reason, atMs: nowMs })
          .execute()
        const before: Limit[] = last ? limitSchema.array().parse(JSON.parse(last.limitsJson)) : []
        const after = { version, limits: input.limits, reason: input.reason }
        const entry = {
          actor: username,
          action: 'limits.set',
          entity: `point:${point.id}`,
          before: { version: version - 1, limits: before },
          after,
        }
        await appendAudit(transaction, entry, nowMs)
      })
      await deps.directory.reloadLimits(point.id)
      const inForce = [...(await limitsInForce(db, point))]
      await clearWithoutLimit(point.id, new Set(inForce.flatMap(({ limit }) => (limit.enabled ? [limit.condition] : []))))
      deps.change({ topic: 'rooms', id: point.roomId })
      return inForce
    }),
  }

  /** An alarm whose limit is gone has nothing left that could clear it: it clears now, and still waits for an acknowledgement. */
  async function clearWithoutLimit(pointId: number, conditions: ReadonlySet<string>): Promise<void> {
    await deps.alarms.flush()
    const standing = await db
      .selectFrom('alarm')
      .selectAll()
      .where('source', '=', 'point')
      .where('sourceId', '=', pointId)
      .where('state', 'in', STANDING_STATES)
      .execute()
    for (const alarm of standing) {
      const condition = LIMIT_CONDITIONS.find((one) => one === alarm.condition)
      if (condition === undefined || conditions.has(condition)) continue
      deps.alarms.submit({
        kind: 'clear',
        signal: {
          source: 'point',
          sourceId: pointId,
          condition,
          priority: alarm.priority as Limit['priority'],
          atMs: Math.max(deps.clock.nowMs(), alarm.lastEventAtMs),
          value: null,
          limit: null,
          late: false,
          roomId: alarm.roomId,
          deviceId: alarm.deviceId,
          pointId,
        },
      })
    }
    await deps.alarms.flush()
  }
}
