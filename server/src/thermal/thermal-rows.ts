import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import type { CoolingGap } from './cooling-gaps.ts'
import type { LearnedGap } from './heating-model.ts'
import type { HeatSource } from './room-points.ts'
import type { Discharge } from './ups-truth.ts'

type GapRow = Selectable<Database['coolingGap']>

/** More than any model is made of. */
const MOST_GAPS = 60

export interface FoundGap extends CoolingGap {
  roomId: number
  heatSource: HeatSource | null
  result: { learned: LearnedGap } | { leftOut: string }
}

/**
 * Keeps a gap once, however often it is found. One that taught nothing (its readings had holes) is taken anew when late readings made it whole;
 * what a person left out stays out. Returns whether anything changed.
 */
export async function keepGap(db: Db, gap: FoundGap, nowMs: number): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const known = await transaction
      .selectFrom('coolingGap')
      .select(['id', 'learnedJson'])
      .where('roomId', '=', gap.roomId)
      .where('startMs', '<', gap.endMs)
      .where('endMs', '>', gap.startMs)
      .executeTakeFirst()
    const learned = 'learned' in gap.result ? gap.result.learned : undefined
    if (known && (known.learnedJson !== null || learned === undefined)) return false
    const values = {
      roomId: gap.roomId,
      startMs: gap.startMs,
      endMs: gap.endMs,
      cause: gap.cause,
      learnedJson: learned ? JSON.stringify(learned) : null,
      notLearned: 'leftOut' in gap.result ? gap.result.leftOut : null,
      heatSource: gap.heatSource,
      learnedAtMs: nowMs,
    }
    if (known) await transaction.updateTable('coolingGap').set(values).where('id', '=', known.id).execute()
    else
      await transaction
        .insertInto('coolingGap')
        .values(values)
        .onConflict((conflict) => conflict.columns(['roomId', 'startMs']).doNothing())
        .execute()
    return true
  })
}

/** The gaps that count, oldest first. Heat that was measured by something else than now cannot be compared, and is left out of them. */
export async function countingGaps(db: Db, roomId: number, heatSource: HeatSource | null): Promise<LearnedGap[]> {
  const rows = await db
    .selectFrom('coolingGap')
    .select(['learnedJson', 'heatSource'])
    .where('roomId', '=', roomId)
    .where('learnedJson', 'is not', null)
    .where('leftOutAtMs', 'is', null)
    .orderBy('startMs', 'desc')
    .limit(MOST_GAPS)
    .execute()
  return rows.reverse().map((row) => {
    const gap = JSON.parse(row.learnedJson ?? '') as LearnedGap
    if (row.heatSource === heatSource) return gap
    return { ...gap, heatWatts: null, curve: gap.curve.map((point) => ({ ...point, heatWatts: null })) }
  })
}

export function gapRows(db: Db, roomId: number): Promise<GapRow[]> {
  return db.selectFrom('coolingGap').selectAll().where('roomId', '=', roomId).orderBy('startMs', 'desc').limit(MOST_GAPS).execute()
}

/** Keeps a discharge once. Returns whether it is new. */
export async function keepDischarge(db: Db, deviceId: number, discharge: Discharge, nowMs: number): Promise<boolean> {
  const { startMs, endMs } = discharge
  return db.transaction().execute(async (transaction) => {
    const known = await transaction
      .selectFrom('upsDischarge')
      .select('id')
      .where('deviceId', '=', deviceId)
      .where('startMs', '<', endMs)
      .where('endMs', '>', startMs)
      .executeTakeFirst()
    if (known) return false
    await transaction
      .insertInto('upsDischarge')
      .values({ deviceId, startMs, endMs, dischargeJson: JSON.stringify(discharge), learnedAtMs: nowMs })
      .onConflict((conflict) => conflict.columns(['deviceId', 'startMs']).doNothing())
      .execute()
    return true
  })
}

/** All discharges of a UPS, oldest first. */
export async function dischargesOf(db: Db, deviceId: number): Promise<(Discharge & { id: number })[]> {
  const rows = await db.selectFrom('upsDischarge').selectAll().where('deviceId', '=', deviceId).orderBy('startMs').execute()
  return rows.map(({ id, dischargeJson }) => ({ ...(JSON.parse(dischargeJson) as Discharge), id }))
}

/** What people said last of its battery. */
export function batteryOf(db: Db, deviceId: number) {
  return db.selectFrom('upsBattery').selectAll().where('deviceId', '=', deviceId).orderBy('revision', 'desc').limit(1).executeTakeFirst()
}

/** Those of the battery that is in it now. */
export function ofPresentBattery<One extends { startMs: number }>(
  discharges: readonly One[],
  installedMs: number | null | undefined,
): One[] {
  return discharges.filter(({ startMs }) => startMs >= (installedMs ?? 0))
}

export async function lookedUpto(db: Db, roomId: number): Promise<number | undefined> {
  return (await db.selectFrom('thermalLook').select('uptoMs').where('roomId', '=', roomId).executeTakeFirst())?.uptoMs
}

export async function setLookedUpto(db: Db, roomId: number, uptoMs: number): Promise<void> {
  await db
    .insertInto('thermalLook')
    .values({ roomId, uptoMs })
    .onConflict((conflict) => conflict.column('roomId').doUpdateSet({ uptoMs }))
    .execute()
}
