import type { AlarmCondition, ReadingValue } from '@roomkeeper/shared/model'
import { sql } from 'kysely'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import type { Db } from '../database/schema.ts'
import { type AlarmFacts, CAUSE_KINDS, type OpenIncident, roomCauseOf, SAME_EVENT_MS } from './incident-rule.ts'

/** Open incidents of a room with what their alarms say of its power, cooling and warmth, from `fromMs` to `toMs` by the alarms' own times. */
interface RoomEvents {
  fromMs: number
  toMs: number
  incidents: OpenIncident[]
}

/** A flood writes 200 alarms in one transaction; what the room's open incidents tell is read once for them. */
const known = new WeakMap<Db, Map<number, RoomEvents>>()
const MINUTE_MS = 60_000

/**
 * The open incidents this alarm could belong to, each with only the alarms that can decide it. The cost of one alarm does not grow with
 * the alarms that a form nobody has submitted has gathered.
 */
export async function candidateIncidents(transaction: Db, alarm: AlarmFacts): Promise<readonly OpenIncident[]> {
  const own = (await ofDevice(transaction, alarm)) ?? (await ofSource(transaction, alarm))
  if (own) return [own]
  if (alarm.roomId === null || roomCauseOf(alarm) === null) return []
  return (await eventsOf(transaction, alarm.roomId, alarm.atMs)).incidents
}

/** After the alarm has joined or opened an incident: the next ones of the same transaction know of it. */
export function noteJoined(transaction: Db, incident: Omit<OpenIncident, 'alarms'>, alarm: AlarmFacts): void {
  const events = alarm.roomId === null ? undefined : known.get(transaction)?.get(alarm.roomId)
  if (!events) return
  const joined = events.incidents.find(({ id }) => id === incident.id)
  const alarms = roomCauseOf(alarm) === null ? [] : [alarm]
  if (joined) joined.alarms = [...joined.alarms, ...alarms]
  else events.incidents.push({ ...incident, alarms })
}

const COLUMNS = ['incident.id', 'incident.roomId', 'incident.deviceId', 'incident.openedAtMs'] as const

/** The oldest that was opened for the device, else the oldest that it has joined. */
async function ofDevice(transaction: Db, alarm: AlarmFacts): Promise<OpenIncident | undefined> {
  if (alarm.deviceId === null) return undefined
  const opened = await transaction
    .selectFrom('incident')
    .select(COLUMNS)
    .where('state', '=', 'open')
    .where('deviceId', '=', alarm.deviceId)
    .orderBy('openedAtMs')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  const found =
    opened ??
    (await joinedIncidents(transaction)
      .where('alarm.deviceId', '=', alarm.deviceId)
      .orderBy('incident.openedAtMs')
      .orderBy('incident.id')
      .limit(1)
      .executeTakeFirst())
  return found && { ...found, alarms: [alarm] }
}

async function ofSource(transaction: Db, alarm: AlarmFacts): Promise<OpenIncident | undefined> {
  const found = await joinedIncidents(transaction)
    .where('alarm.source', '=', alarm.source)
    .where('alarm.sourceId', '=', alarm.sourceId)
    .orderBy('incident.openedAtMs')
    .orderBy('incident.id')
    .limit(1)
    .executeTakeFirst()
  return found && { ...found, alarms: [alarm] }
}

function joinedIncidents(transaction: Db) {
  return transaction
    .selectFrom('alarm')
    .innerJoin('incidentAlarm', 'incidentAlarm.alarmId', 'alarm.id')
    .innerJoin('incident', 'incident.id', 'incidentAlarm.incidentId')
    .select(COLUMNS)
    .where('incident.state', '=', 'open')
}

async function eventsOf(transaction: Db, roomId: number, atMs: number): Promise<RoomEvents> {
  const rooms = known.get(transaction) ?? new Map<number, RoomEvents>()
  known.set(transaction, rooms)
  const before = rooms.get(roomId)
  if (before && before.fromMs <= atMs - SAME_EVENT_MS && atMs + SAME_EVENT_MS <= before.toMs) return before
  // Wider than one alarm needs, so that the others of the transaction find theirs in it.
  const range = { fromMs: atMs - 2 * SAME_EVENT_MS, toMs: atMs + 2 * SAME_EVENT_MS }
  const events = { ...range, incidents: await loadIncidents(transaction, roomId, range) }
  rooms.set(roomId, events)
  return events
}

/** Alarms that say the same within a minute are one: the latest of them. */
async function loadIncidents(transaction: Db, roomId: number, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<OpenIncident[]> {
  const minute = sql<number>`cast(floor("alarm"."raisedAtMs" / ${sql.lit(MINUTE_MS)}.0) as integer)`
  const status = sql<string | null>`case when "point"."kind" = 'ups-status' then "alarm"."valueJson" end`
  const kind = sql<string | null>`coalesce("point"."kind", "combinationVersion"."kind")`
  const rows = await transaction
    .selectFrom('alarm')
    .innerJoin('incidentAlarm', 'incidentAlarm.alarmId', 'alarm.id')
    .innerJoin('incident', 'incident.id', 'incidentAlarm.incidentId')
    .leftJoin('point', 'point.id', 'alarm.pointId')
    .leftJoin('combination', (join) => join.onRef('combination.id', '=', 'alarm.sourceId').on('alarm.source', '=', 'combination'))
    .leftJoin('combinationVersion', (join) =>
      join.onRef('combinationVersion.combinationId', '=', 'combination.id').onRef('combinationVersion.version', '=', 'combination.version'),
    )
    .select([...COLUMNS, 'alarm.condition'])
    .select([kind.as('kind'), status.as('valueJson')])
    .select(({ fn }) => fn.max('alarm.raisedAtMs').as('raisedAtMs'))
    .where('incident.state', '=', 'open')
    .where('incident.roomId', '=', roomId)
    .where('alarm.roomId', '=', roomId)
    .where('alarm.raisedAtMs', '>=', fromMs)
    .where('alarm.raisedAtMs', '<=', toMs)
    .where(kind, 'in', CAUSE_KINDS)
    .groupBy([...COLUMNS, 'alarm.condition', kind, status, minute])
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((group) => {
    const [incident] = group
    if (!incident) return []
    const { id, deviceId, openedAtMs } = incident
    const alarms = group.map((row): AlarmFacts => {
      const value = row.valueJson === null ? null : (JSON.parse(row.valueJson) as ReadingValue)
      const about = { source: 'point', sourceId: 0, deviceId: null, roomId } as const
      return { ...about, condition: row.condition as AlarmCondition, kind: row.kind, value, atMs: row.raisedAtMs }
    })
    return [{ id, roomId, deviceId, openedAtMs, alarms }]
  })
}

/** An alarm with the kind of what it is about. */
export async function factsOf(transaction: Db, alarm: AlarmSignal): Promise<AlarmFacts> {
  if (alarm.pointId) {
    const point = await transaction.selectFrom('point').select('kind').where('id', '=', alarm.pointId).executeTakeFirst()
    return { ...alarm, kind: point?.kind ?? null }
  }
  if (alarm.source !== 'combination') return { ...alarm, kind: null }
  const version = transaction.selectFrom('combinationVersion').select('kind').where('combinationId', '=', alarm.sourceId)
  const newest = await version.orderBy('version', 'desc').limit(1).executeTakeFirst()
  return { ...alarm, kind: newest?.kind ?? null }
}
