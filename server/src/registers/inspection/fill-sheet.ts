import type { ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import type { DeviceEntry } from '../../ingest/entries.ts'
import { type Band, bandAt } from '../../limits/limit-band.ts'
import type { ReadingStore, TimeRange } from '../../readings/reading-store.ts'
import type { BehaviourRecord } from '../register.ts'
import { activeEntries, loadChecklists } from './checklist-rows.ts'
import { contradictionsOf } from './contradictions.ts'
import type { PointFigures } from './point-figures.ts'
import { roomAlarms } from './room-alarms.ts'
import { roomItems, withAnswered } from './room-items.ts'
import { type MeasuringDeps, measurementsOf, pointsOfKind, roomFigures, STORE_AWAY } from './room-measurements.ts'
import { roomThings } from './room-things.ts'
import { sensorsBeside } from './sensors-beside.ts'
import { upsEvents, upsEventsByAlarms } from './ups-events.ts'

export interface FillDeps extends MeasuringDeps {
  db: Db
  readings: Pick<ReadingStore, 'history' | 'raw' | 'textChanges'>
  directory: MeasuringDeps['directory'] & { devices: ReadonlyMap<number, DeviceEntry> }
}

/** What the store was asked for, kept for a moment: a phone saves every few seconds, and each answer brings the sheet. */
interface Looked {
  atMs: number
  figures: ReadonlyMap<number, PointFigures>
  events: InspectionSheet['upsEvents']
}
const KEPT_MS = 60_000

/** The sheet of an inspection as it should be now. A room's past is asked of the store at most once a minute. */
export function createSheetFiller(deps: FillDeps) {
  const looked = new Map<string, Looked>()

  /** undefined: the store is away. */
  const look = async (roomId: number, range: TimeRange): Promise<Looked | undefined> => {
    const key = `${roomId} ${range.fromMs}`
    const known = looked.get(key)
    if (known && Math.abs(range.toMs - known.atMs) < KEPT_MS) return known
    try {
      const points = [...deps.directory.points.values()].filter(({ device }) => device.room.id === roomId && !device.retired)
      const figures = await roomFigures(deps, roomId, range)
      const found = { atMs: range.toMs, figures, events: await upsEvents(deps.readings, points, range) }
      for (const [other, { atMs }] of looked) if (Math.abs(range.toMs - atMs) >= KEPT_MS) looked.delete(other)
      looked.set(key, found)
      return found
    } catch (error) {
      deps.log.warn({ module: 'inspections', roomId, err: error }, 'the readings since the last inspection could not be read')
      return undefined
    }
  }

  return async (record: BehaviourRecord, nowMs: number): Promise<InspectionSheet | undefined> => {
    const { roomId } = record
    if (roomId === null) return undefined
    const { db } = deps
    const before = record.sheet as Partial<InspectionSheet>
    const answers = answersOf(record)
    const sinceMs = Math.min(nowMs, await sinceOf(db, record, roomId))
    const range = { fromMs: sinceMs, toMs: nowMs }
    const found = await look(roomId, range)
    const things = await roomThings(db, deps.directory.devices.values(), roomId)
    const room = roomItems(things, activeEntries(await loadChecklists(db)), (kind, deviceId) =>
      widestBand(deps, roomId, nowMs, kind, deviceId),
    )
    const items = withAnswered(room.items, before.items ?? [], Object.keys(answers))
    const beside = await sensorsBeside(deps, { roomId, items, answers, before: before.beside ?? {} }, nowMs)
    const { openAlarms, alarmsSince } = await roomAlarms(db, roomId, sinceMs, { ...room, items })
    return {
      sinceMs,
      asOfMs: nowMs,
      scheduleId: record.scheduleId,
      items,
      measured: measurementsOf(deps, roomId, found?.figures, nowMs),
      beside,
      openAlarms,
      alarmsSince,
      upsEvents: found ? found.events : await upsEventsByAlarms(db, roomId, range),
      contradictions: contradictionsOf({ items, beside, openAlarms }, answers),
      followUps: [],
      missing: found ? null : STORE_AWAY,
    }
  }
}

export function answersOf(record: Pick<BehaviourRecord, 'fields'>): ChecklistValue {
  return (record.fields.checklist ?? {}) as ChecklistValue
}

/** When the room was last inspected; before its first inspection, when its schedule began. */
async function sinceOf(db: Db, record: BehaviourRecord, roomId: number): Promise<number> {
  const last = await db
    .selectFrom('registerRecord')
    .select((select) => select.fn.max('stateSinceMs').as('atMs'))
    .where('register', '=', record.register)
    .where('roomId', '=', roomId)
    .where('state', '=', 'signed')
    .where('id', '<>', record.id)
    .executeTakeFirst()
  if (last?.atMs != null) return last.atMs
  let schedules = db.selectFrom('schedule').select(['startsAtMs']).where('register', '=', record.register).where('roomId', '=', roomId)
  if (record.scheduleId !== null) schedules = schedules.where('id', '=', record.scheduleId)
  const schedule = await schedules.orderBy('id').limit(1).executeTakeFirst()
  if (schedule) return schedule.startsAtMs
  const room = await db.selectFrom('room').select('createdAtMs').where('id', '=', roomId).executeTakeFirstOrThrow()
  return room.createdAtMs
}

/** What is normal by the limits in force now: the widest of several sensors, so that nobody is made to call normal what one of them allows. */
function widestBand(deps: FillDeps, roomId: number, nowMs: number, kind: string, deviceId?: number): Band | undefined {
  const points = pointsOfKind(deps, roomId, kind).filter((point) => deviceId === undefined || point.deviceId === deviceId)
  const bands = points.flatMap((point) => bandAt(point.limits, nowMs, deps.localMinute) ?? [])
  if (bands.length === 0) return undefined
  return { low: Math.min(...bands.map(({ low }) => low)), high: Math.max(...bands.map(({ high }) => high)) }
}
