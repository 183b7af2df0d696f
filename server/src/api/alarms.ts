import type { Alarm } from '@roomkeeper/shared/http'
import { type AlarmEvent, type AlarmState, NOTICE_DECISIONS, type ReadingValue, SILENT_STATES } from '@roomkeeper/shared/model'
import { AlarmStateError, type AlarmStore } from '../alarms/alarm-store.ts'
import { type AlarmOutagesDeps, withOutages } from './alarm-outages.ts'
import { alarmRows, toAlarm } from './alarm-rows.ts'
import { staleAlarms, withSilence } from './alarm-silence.ts'
import { actorOf, api } from './base.ts'

export interface AlarmsDeps extends AlarmReadDeps {
  /** Stamps person and time; durable before it returns. */
  alarms: Pick<AlarmStore, 'acknowledge'>
}

export interface AlarmReadDeps extends AlarmOutagesDeps {
  clock: { nowMs(): number }
}

/** One alarm, as the contract shows it. */
export async function findAlarm(deps: AlarmReadDeps, alarmId: number): Promise<Alarm | undefined> {
  const row = await alarmRows(deps.db).where('alarm.id', '=', alarmId).executeTakeFirst()
  return row && (await complete(deps, [toAlarm(row)]))[0]
}

/** What cannot be read from the alarm's own row. */
async function complete(deps: AlarmReadDeps, alarms: Alarm[]): Promise<Alarm[]> {
  return withSilence(deps.db, await withOutages(deps, alarms), deps.clock.nowMs())
}

/** Alarms: what stands, what was, and acknowledging. */
export function createAlarmHandlers(deps: AlarmsDeps) {
  const find = (alarmId: number) => findAlarm(deps, alarmId)

  return {
    list: api.alarms.list.handler(async ({ input }) => {
      let query = alarmRows(deps.db).orderBy('alarm.id', 'desc').limit(input.limit)
      if (input.scope === 'open') query = query.where('alarm.state', 'in', ['UNACK', 'ACKED', 'RTNUN'])
      if (input.scope === 'silent') query = query.where('alarm.state', 'in', SILENT_STATES)
      if (input.scope === 'stale') query = query.where('alarm.id', 'in', staleAlarms(deps.db, deps.clock.nowMs()))
      if (input.roomId !== undefined) query = query.where('alarm.roomId', '=', input.roomId)
      if (input.pointId !== undefined) query = query.where('alarm.pointId', '=', input.pointId)
      if (input.before !== undefined) query = query.where('alarm.id', '<', input.before)
      return complete(deps, (await query.execute()).map(toAlarm))
    }),

    get: api.alarms.get.handler(async ({ input, errors }) => {
      const alarm = await find(input.alarmId)
      if (!alarm) throw errors.NOT_FOUND()
      const rows = await deps.db
        .selectFrom('alarmTransition')
        .leftJoin('noticeDecision', 'noticeDecision.transitionId', 'alarmTransition.id')
        .selectAll('alarmTransition')
        .select('noticeDecision.decision')
        .where('alarmId', '=', alarm.id)
        .orderBy('id')
        .execute()
      const transitions = rows.map((row) => ({
        id: row.id,
        from: row.fromState as AlarmState,
        to: row.toState as AlarmState,
        event: row.event as AlarmEvent,
        atMs: row.atMs,
        recordedAtMs: row.recordedAtMs,
        person: row.person,
        note: row.note,
        value: JSON.parse(row.valueJson) as ReadingValue,
        decision: NOTICE_DECISIONS.find((decision) => decision === row.decision) ?? null,
      }))
      return { ...alarm, transitions }
    }),

    acknowledge: api.alarms.acknowledge.handler(async ({ input, context, errors }) => {
      const { name } = actorOf(context)
      const refused = await deps.alarms.acknowledge(input.alarmId, name, input.note).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof AlarmStateError) return error
          throw error
        },
      )
      const alarm = await find(input.alarmId)
      if (!alarm) throw errors.NOT_FOUND()
      // Someone else was faster: say who, so that nobody wonders.
      if (refused) throw errors.CONFLICT({ message: refused.message, data: { by: alarm.acknowledgedBy, atMs: alarm.acknowledgedAtMs } })
      return alarm
    }),
  }
}
