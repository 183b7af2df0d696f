import type { CoolingGap } from '@roomkeeper/shared/http'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { LearnedGap } from '../thermal/heating-model.ts'
import { riseOf } from '../thermal/look-back.ts'
import type { RoomThermalWatch } from '../thermal/room-thermal-watch.ts'
import { batteryOf, gapRows } from '../thermal/thermal-rows.ts'
import { batteryFacts, type UpsListDeps, upsTruth } from '../thermal/ups-list.ts'
import { actorOf, api } from './base.ts'

export interface ThermalDeps {
  db: Db
  clock: { nowMs(): number }
  store: UpsListDeps['readings']
  thermalWatch: Pick<RoomThermalWatch, 'running' | 'room' | 'upses' | 'reload'>
  directory: { devices: ReadonlyMap<number, { room: { id: number } }> }
}

/** How rooms warm without cooling, and what their UPSes are worth. */
export function createThermalHandlers(deps: ThermalDeps) {
  const { db, clock, thermalWatch } = deps

  /** Leaves a gap out (`reason`) or puts it back (null); undefined: no such gap. */
  const setLeftOut = async (
    gapId: number,
    actor: { username: string; name: string },
    reason: string | null,
  ): Promise<CoolingGap | undefined> => {
    const nowMs = clock.nowMs()
    const row = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      const before = await transaction.selectFrom('coolingGap').selectAll().where('id', '=', gapId).executeTakeFirst()
      if (!before || (before.leftOutAtMs === null) === (reason === null)) return before
      const leftOut = { leftOutBy: reason === null ? null : actor.name, leftOutReason: reason, leftOutAtMs: reason === null ? null : nowMs }
      await transaction.updateTable('coolingGap').set(leftOut).where('id', '=', gapId).execute()
      const action = reason === null ? 'cooling-gap.put-back' : 'cooling-gap.leave-out'
      const entity = `cooling-gap:${gapId}`
      const said = { roomId: before.roomId, startMs: before.startMs }
      await appendAudit(
        transaction,
        { actor: actor.username, action, entity, before: { ...said, reason: before.leftOutReason }, after: { ...said, reason } },
        nowMs,
      )
      return { ...before, ...leftOut }
    })
    if (!row) return undefined
    await thermalWatch.reload(row.roomId)
    return toGap(row)
  }

  return {
    running: api.thermal.running.handler(() => thermalWatch.running()),

    room: api.thermal.room.handler(({ input, errors }) => {
      const found = thermalWatch.room(input.roomId)
      if (!found) throw errors.NOT_FOUND()
      return found
    }),

    gaps: api.thermal.gaps.handler(async ({ input }) => (await gapRows(db, input.roomId)).map(toGap)),

    leaveOut: api.thermal.leaveOut.handler(async ({ input, context, errors }) => {
      const gap = await setLeftOut(input.gapId, actorOf(context), input.reason)
      if (!gap) throw errors.NOT_FOUND()
      return gap
    }),

    putBack: api.thermal.putBack.handler(async ({ input, context, errors }) => {
      const gap = await setLeftOut(input.gapId, actorOf(context), null)
      if (!gap) throw errors.NOT_FOUND()
      return gap
    }),

    upsTruth: api.thermal.upsTruth.handler(({ input }) =>
      Promise.all(thermalWatch.upses(input.roomId).map((ups) => upsTruth({ db, clock, readings: deps.store }, input.roomId, ups))),
    ),

    putBattery: api.thermal.putBattery.handler(async ({ input, context, errors }) => {
      const { deviceId, revision, ...wanted } = input
      const nowMs = clock.nowMs()
      const device = deps.directory.devices.get(deviceId)
      if (!device) throw errors.NOT_FOUND()
      if (wanted.installedMs !== null && wanted.installedMs > nowMs) throw errors.INVALID(inTheFuture())
      const actor = actorOf(context)
      const row = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await batteryOf(transaction, deviceId)
        if ((before?.revision ?? 0) !== revision) throw errors.CONFLICT({ data: { by: before?.by ?? null, atMs: before?.atMs ?? null } })
        const values = { ...wanted, deviceId, revision: revision + 1, by: actor.name, atMs: nowMs }
        const made = await transaction.insertInto('upsBattery').values(values).returningAll().executeTakeFirstOrThrow()
        const said = before && { installedMs: before.installedMs, nominalFullLoadMinutes: before.nominalFullLoadMinutes, note: before.note }
        const entry = { actor: actor.username, action: 'ups.battery', entity: `device:${deviceId}`, before: said, after: wanted }
        await appendAudit(transaction, entry, nowMs)
        return made
      })
      await thermalWatch.reload(device.room.id)
      return batteryFacts(row)
    }),
  }
}

function inTheFuture() {
  return {
    message: '安装日期不能在将来 / The installation date cannot be in the future',
    data: { field: 'installedMs', allowed: '不晚于今天 / not after today' },
  }
}

type GapRow = Awaited<ReturnType<typeof gapRows>>[number]

function toGap(row: GapRow): CoolingGap {
  const learned = row.learnedJson === null ? null : (JSON.parse(row.learnedJson) as LearnedGap)
  const { id, roomId, startMs, endMs, notLearned, leftOutBy, leftOutReason, leftOutAtMs } = row
  return {
    id,
    roomId,
    startMs,
    endMs,
    cause: row.cause as CoolingGap['cause'],
    baseCelsius: learned?.baseCelsius ?? null,
    riseKelvin: learned ? riseOf(learned.curve) : null,
    timeConstantSeconds: learned?.shape.fastSeconds ?? null,
    notLearned,
    leftOut: leftOutAtMs === null ? null : { by: leftOutBy ?? '', reason: leftOutReason ?? '', atMs: leftOutAtMs },
  }
}
