import type { AlarmChange, AlarmSignal } from '../../alarms/alarm-types.ts'
import { ownSignal } from '../../alarms/own-signal.ts'
import type { Db } from '../../database/schema.ts'
import { NO_MAIL } from './report-recipients.ts'

export interface ReportAlarmsDeps {
  db: Db
  alarms: { submit(change: AlarmChange): void }
}

/**
 * Alarms of schedules, from what is stored: the last report could not be made, or somebody was not sent it because there is no mail channel or
 * no address. What a mail server refuses is the channel's alarm (server/src/notify/own-alarms.ts). Raising what stands changes nothing.
 */
export async function watchReportAlarms({ db, alarms }: ReportAlarmsDeps, nowMs: number): Promise<void> {
  const rows = await db.selectFrom('alarm').select('sourceId').where('source', '=', 'report').where('active', '=', 1).execute()
  const standing = new Set(rows.map(({ sourceId }) => sourceId))
  const troubles = await loadTroubles(db)
  for (const [scheduleId, reason] of troubles)
    if (!standing.has(scheduleId)) alarms.submit({ kind: 'raise', signal: signalOf(scheduleId, reason, nowMs) })
  for (const scheduleId of standing)
    if (!troubles.has(scheduleId)) alarms.submit({ kind: 'clear', signal: signalOf(scheduleId, null, nowMs) })
}

/** What is wrong, by schedule; those that are switched off or removed are left out. */
async function loadTroubles(db: Db): Promise<Map<number, string>> {
  const last = await db
    .selectFrom('reportRun')
    .innerJoin('reportSchedule', 'reportSchedule.id', 'reportRun.scheduleId')
    .select('scheduleId')
    .select(({ fn }) => fn.max('reportRun.id').as('id'))
    .where('reportSchedule.enabled', '=', 1)
    .where('reportSchedule.removedAtMs', 'is', null)
    .where('reportRun.state', '<>', 'skipped')
    .where('reportRun.isTest', '=', 0)
    .groupBy('scheduleId')
    .execute()
  const runs = await db
    .selectFrom('reportRun')
    .select(['id', 'scheduleId', 'reasonJson'])
    .where('id', 'in', [0, ...last.map(({ id }) => id)])
    .execute()
  const unsent = await db
    .selectFrom('reportDelivery')
    .select(['runId', 'name', 'answer'])
    .where('state', '=', 'none')
    .where('runId', 'in', [0, ...runs.map(({ id }) => id)])
    .orderBy('id')
    .execute()
  const found = new Map<number, string>()
  for (const { id, scheduleId, reasonJson } of runs) {
    const reason = reasonJson === null ? undefined : (JSON.parse(reasonJson) as { zh: string; en: string })
    const delivery = unsent.find(({ runId }) => runId === id)
    if (reason) found.set(scheduleId, `${reason.zh} / ${reason.en}`)
    // That there is no channel concerns everybody alike.
    else if (delivery)
      found.set(scheduleId, delivery.answer === NO_MAIL ? NO_MAIL : [delivery.name, delivery.answer].filter(Boolean).join(' '))
  }
  return found
}

function signalOf(scheduleId: number, value: string | null, atMs: number): AlarmSignal {
  return ownSignal({ source: 'report', sourceId: scheduleId, condition: 'report-failed', priority: 'medium', atMs, value })
}
