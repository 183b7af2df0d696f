import type { Alarm, Recurrence } from '@roomkeeper/shared/http'
import type { AlarmCondition } from '@roomkeeper/shared/model'
import { FORGOTTEN_MS } from '../alarms/silence/announce-ends.ts'
import { isSilent } from '../alarms/transition-table.ts'
import { windowTimes } from '../alarms/windows/window-times.ts'
import type { Db } from '../database/schema.ts'

/** ISA-18.2: an alarm that stands for longer than a day has become furniture. */
export const STALE_MS = 24 * 3_600_000

/** Alarms that stand for more than a day, and what is out of service for 30 days without an end. */
export function staleAlarms(db: Db, nowMs: number) {
  return db
    .selectFrom('alarm')
    .leftJoin('alarmHold', 'alarmHold.id', 'alarm.holdId')
    .select('alarm.id')
    .where('alarm.state', '<>', 'NORM')
    .where((where) =>
      where.or([
        where.and([
          where('alarm.active', '=', 1),
          where('alarm.state', 'in', ['UNACK', 'ACKED']),
          where('alarm.lastEventAtMs', '<', nowMs - STALE_MS),
        ]),
        where.and([
          where('alarm.state', '=', 'OOSRV'),
          where('alarmHold.untilMs', 'is', null),
          where('alarmHold.fromMs', '<', nowMs - FORGOTTEN_MS),
        ]),
      ]),
    )
}

/** Fills in what keeps alarms silent, and which of them are stale. */
export async function withSilence(db: Db, alarms: Alarm[], nowMs: number): Promise<Alarm[]> {
  if (alarms.length === 0) return alarms
  const ids = alarms.map(({ id }) => id)
  const stale = new Set((await staleAlarms(db, nowMs).where('alarm.id', 'in', ids).execute()).map(({ id }) => id))
  const silent = alarms.some(({ state }) => isSilent(state)) ? await silences(db, ids, nowMs) : new Map<number, never>()
  return alarms.map((alarm) => ({ ...alarm, stale: stale.has(alarm.id), ...silent.get(alarm.id) }))
}

async function silences(db: Db, ids: readonly number[], nowMs: number): Promise<Map<number, Pick<Alarm, 'hold' | 'cause'>>> {
  const rows = await db
    .selectFrom('alarm')
    .leftJoin('alarmHold', 'alarmHold.id', 'alarm.holdId')
    .leftJoin('maintenanceWindow', 'maintenanceWindow.id', 'alarm.windowId')
    .leftJoin('alarm as cause', 'cause.id', 'alarm.causeId')
    .leftJoin('device', 'device.id', 'cause.deviceId')
    .select(['alarm.id', 'alarmHold.id as holdId', 'alarmHold.kind', 'alarmHold.by', 'alarmHold.reason', 'alarmHold.fromMs'])
    .select(['alarmHold.untilMs', 'maintenanceWindow.title', 'maintenanceWindow.recurrenceJson', 'maintenanceWindow.timeZone'])
    .select(['maintenanceWindow.changedBy', 'maintenanceWindow.reason as windowReason', 'cause.id as causeId'])
    .select(['cause.condition as causeCondition', 'device.name as deviceName', 'device.nameEn as deviceNameEn'])
    .where('alarm.id', 'in', [...ids])
    .where('alarm.state', 'in', ['SHLVD', 'DSUPR', 'OOSRV'])
    .execute()
  return new Map(
    rows.map((row) => {
      const { id, causeId, causeCondition, deviceName, deviceNameEn } = row
      const condition = causeCondition as AlarmCondition
      return [id, { hold: holdOf(row, nowMs), cause: causeId === null ? null : { alarmId: causeId, condition, deviceName, deviceNameEn } }]
    }),
  )
}

type SilenceRow = {
  [Column in 'kind' | 'by' | 'reason' | 'title' | 'recurrenceJson' | 'timeZone' | 'changedBy' | 'windowReason']: string | null
} & {
  [Column in 'holdId' | 'fromMs' | 'untilMs']: number | null
}

function holdOf(row: SilenceRow, nowMs: number): Alarm['hold'] {
  const { holdId, fromMs, untilMs } = row
  if (holdId !== null && fromMs !== null) {
    const kind = row.kind === 'shelve' ? 'shelve' : 'out-of-service'
    return { kind, holdId, by: row.by ?? '', reason: row.reason ?? '', fromMs, untilMs }
  }
  if (row.recurrenceJson === null || row.timeZone === null) return null
  const { current } = windowTimes(JSON.parse(row.recurrenceJson) as Recurrence, row.timeZone, nowMs)
  const reason = [row.title, row.windowReason].filter(Boolean).join(': ')
  return {
    kind: 'maintenance',
    holdId: null,
    by: row.changedBy ?? '',
    reason,
    fromMs: current?.fromMs ?? nowMs,
    untilMs: current?.toMs ?? null,
  }
}
