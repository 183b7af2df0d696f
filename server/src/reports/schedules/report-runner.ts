import type { Change } from '@roomkeeper/shared/push'
import type { Selectable } from 'kysely'
import type { Logger } from 'pino'
import type { AlarmChange } from '../../alarms/alarm-types.ts'
import type { Database, Db } from '../../database/schema.ts'
import { spanAt, spanBefore } from '../period/period-of.ts'
import { decideReports } from './due-reports.ts'
import { type MakeDeps, makeReport, queueReport, ReadingsAwayError, type RunRow } from './make-report.ts'
import { watchReportAlarms } from './report-alarms.ts'
import { inputOf } from './report-rows.ts'
import { dropOldFiles, followDeliveries } from './report-upkeep.ts'

export interface ReportRunnerDeps extends MakeDeps {
  log: Logger
  alarms: { submit(change: AlarmChange): void }
  change(change: Change): void
  /** Something is in the outbox. */
  wake(): void
}

export interface ReportRunner {
  /** Each minute: what is due is written down and begun, and what became of reports is looked at. It does not wait for reports that are made. */
  minute(): Promise<void>
  /** Makes and sends the last whole period's report; answers with the run as soon as it is written down. */
  sendNow(schedule: ScheduleRow, by: { name: string; onlyTo: number | null }): Promise<number>
  /** Resolves when nothing is being made. */
  idle(): Promise<void>
  stop(): Promise<void>
}

type ScheduleRow = Selectable<Database['reportSchedule']>
type NewRun = Pick<RunRow, 'cause' | 'isTest' | 'startedBy' | 'dueAtMs' | 'dueKey' | 'state' | 'reasonJson'> & { period: string }

const MINUTE_MS = 60_000
/** A report waits so long for the readings store; then it goes out with what there is, and says so. */
const WAIT_FOR_READINGS_MS = 6 * 3_600_000
/** With the pauses below this is about a day. */
const MOST_ATTEMPTS = 28
const LONGEST_PAUSE_MS = 3_600_000

/** Reports by mail: what is due is decided from what is stored, each is made beside the server's own work, one at a time. */
export function createReportRunner(deps: ReportRunnerDeps): ReportRunner {
  const { db, clock, log, timeZone } = deps
  let working: Promise<void> | undefined
  let isStopped = false

  const work = (): void => {
    if (working || isStopped) return
    working = makeWaiting(deps, () => isStopped)
      .catch((error: unknown) =>
        log.error({ module: 'reports', err: error }, 'reports that wait could not be made; tried again in a minute'),
      )
      .finally(() => {
        working = undefined
      })
  }

  return {
    minute: async () => {
      try {
        const nowMs = clock.nowMs()
        await writeDue(db, timeZone, nowMs)
        work()
        const isChanged = await followDeliveries(db)
        await watchReportAlarms(deps, nowMs)
        await dropOldFiles(db, nowMs)
        if (isChanged) deps.change({ topic: 'notices' })
      } catch (error) {
        log.error({ module: 'reports', err: error }, 'report schedules could not be worked through; tried again in a minute')
      }
    },
    sendNow: async (schedule, { name, onlyTo }) => {
      const nowMs = clock.nowMs()
      // The period that was over last, whether its day of sending has come or not.
      const span = spanBefore(spanAt(inputOf(schedule).kind, nowMs, timeZone), timeZone)
      const run = { period: span.text, cause: 'now', isTest: onlyTo === null ? 0 : 1, startedBy: name, dueAtMs: null, dueKey: null }
      const wanted = onlyTo === null ? schedule : { ...schedule, accountIdsJson: JSON.stringify([onlyTo]), addressesJson: '[]' }
      const runId = await insertRun(db, wanted, { ...run, state: 'waiting', reasonJson: null }, nowMs)
      work()
      return runId ?? 0
    },
    idle: async () => {
      while (working) await working
    },
    stop: async () => {
      isStopped = true
      await working
    },
  }
}

/** What is due is written down with how far the schedule was seen to, in one transaction. */
async function writeDue(db: Db, timeZone: string, nowMs: number): Promise<void> {
  const schedules = await db.selectFrom('reportSchedule').selectAll().where('removedAtMs', 'is', null).where('enabled', '=', 1).execute()
  for (const schedule of schedules) {
    const { due, skipped, doneUntilMs } = decideReports({ ...inputOf(schedule), timeZone }, schedule.doneUntilMs, nowMs)
    if (doneUntilMs === schedule.doneUntilMs) continue
    await db.transaction().execute(async (transaction) => {
      const [latest] = skipped
      const oldest = skipped.at(-1)
      if (latest && oldest) {
        const periods = skipped.length === 1 ? latest.span.text : `${oldest.span.text} … ${latest.span.text}`
        const reasonJson = JSON.stringify({
          zh: `服务器停机期间错过 ${skipped.length} 期（${periods}），只补最近几期；需要时可在“立即生成”中下载`,
          en: `${skipped.length} missed while the server was away (${periods}); only the latest are made up for. They can be made on this page`,
        })
        const run = {
          cause: 'due',
          isTest: 0,
          startedBy: null,
          dueAtMs: latest.dueAtMs,
          dueKey: latest.span.text,
          state: 'skipped',
          reasonJson,
        }
        await insertRun(transaction, schedule, { ...run, period: latest.span.text }, nowMs)
      }
      for (const { span, dueAtMs } of due) {
        const run = { cause: 'due', isTest: 0, startedBy: null, dueAtMs, dueKey: span.text, state: 'waiting', reasonJson: null }
        await insertRun(transaction, schedule, { ...run, period: span.text }, nowMs)
      }
      await transaction.updateTable('reportSchedule').set({ doneUntilMs }).where('id', '=', schedule.id).execute()
    })
  }
}

/** undefined: the period was made already. */
async function insertRun(db: Db, schedule: ScheduleRow, run: NewRun, nowMs: number): Promise<number | undefined> {
  const { id, kind, roomId, language, formatsJson, accountIdsJson, addressesJson } = schedule
  const room = roomId === null ? undefined : await db.selectFrom('room').select('name').where('id', '=', roomId).executeTakeFirst()
  const row = await db
    .insertInto('reportRun')
    .values({
      scheduleId: id,
      ...{ kind, roomId, language, formatsJson, accountIdsJson, addressesJson },
      ...run,
      roomName: room?.name ?? null,
      createdAtMs: nowMs,
      attempts: 0,
      nextAttemptAtMs: nowMs,
      madeAtMs: null,
    })
    .onConflict((conflict) => conflict.columns(['scheduleId', 'dueKey']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

async function makeWaiting(deps: ReportRunnerDeps, isStopped: () => boolean): Promise<void> {
  const { db, clock } = deps
  while (!isStopped()) {
    const nowMs = clock.nowMs()
    const next = await db
      .selectFrom('reportRun')
      .select('id')
      .where('state', '=', 'waiting')
      // One that was put off by a clock that ran ahead is not put off for ever.
      .where((where) => where.or([where('nextAttemptAtMs', '<=', nowMs), where('nextAttemptAtMs', '>', nowMs + 2 * LONGEST_PAUSE_MS)]))
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (!next) return
    await attempt(deps, next.id, nowMs)
    deps.change({ topic: 'notices' })
  }
}

/** The attempt is written down before it is made: one that ends the server is not made for ever. */
async function attempt(deps: ReportRunnerDeps, runId: number, nowMs: number): Promise<void> {
  const { db, clock, log } = deps
  const run = await db
    .updateTable('reportRun')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('id', '=', runId)
    .where('state', '=', 'waiting')
    .returningAll()
    .executeTakeFirst()
  if (!run) return
  const pauseMs = Math.min(LONGEST_PAUSE_MS, MINUTE_MS * 2 ** Math.min(run.attempts - 1, 10))
  await db
    .updateTable('reportRun')
    .set({ nextAttemptAtMs: nowMs + pauseMs })
    .where('id', '=', runId)
    .execute()
  try {
    const evenIncomplete = run.cause === 'now' || nowMs - run.createdAtMs > WAIT_FOR_READINGS_MS
    const made = await makeReport(deps, run, evenIncomplete)
    const isQueued = await queueReport(db, run, made, clock.nowMs())
    log.info({ module: 'reports', run: runId, kind: run.kind, period: run.period, files: made.files.length }, 'a report was made')
    if (isQueued) deps.wake()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isOver = run.cause === 'now' || run.attempts >= MOST_ATTEMPTS
    const reason =
      error instanceof ReadingsAwayError
        ? {
            zh: `读数库没有应答，等它恢复后再生成：${message}`,
            en: `The readings store does not answer; the report waits for it: ${message}`,
          }
        : { zh: `未能生成：${message}`, en: `It could not be made: ${message}` }
    await db
      .updateTable('reportRun')
      .set({ state: isOver ? 'failed' : 'waiting', reasonJson: JSON.stringify(reason) })
      .where('id', '=', runId)
      .where('state', '=', 'waiting')
      .execute()
    log.warn({ module: 'reports', run: runId, err: error, isOver }, 'a report could not be made')
  }
  await watchReportAlarms(deps, clock.nowMs())
}
