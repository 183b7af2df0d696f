import type { ReportKind, ReportOutcome, ReportRun, ReportSchedule } from '@roomkeeper/shared/http'
import { REPORT_KINDS } from '@roomkeeper/shared/http'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../../database/schema.ts'
import { languageOf } from '../report-head.ts'
import { type DueReport, nextReport } from './due-reports.ts'
import { loadMailPeople } from './report-recipients.ts'

type RunRow = Selectable<Database['reportRun']>
type ScheduleRow = Selectable<Database['reportSchedule']>
type Delivery = ReportRun['deliveries'][number]

export function reportKindOf(text: string): ReportKind {
  return REPORT_KINDS.find((kind) => kind === text) ?? 'monthly'
}

/** What a run has come to, from what is stored of it. */
export function outcomeOf(run: Pick<RunRow, 'state' | 'reasonJson'>, deliveries: readonly Pick<Delivery, 'state'>[]): ReportOutcome {
  if (run.state === 'failed' || run.state === 'skipped') return run.state
  if (run.state === 'waiting') return run.reasonJson === null ? 'making' : 'retrying'
  if (deliveries.some(({ state }) => state === 'pending')) return 'sending'
  const sent = deliveries.filter(({ state }) => state === 'sent').length
  if (sent === 0) return 'not-sent'
  return sent === deliveries.length ? 'sent' : 'partly'
}

export interface RunFilter {
  scheduleId?: number
  ids?: readonly number[]
  before?: number
  limit: number
}

/** Newest first. */
export async function loadRuns(db: Db, { scheduleId, ids, before, limit }: RunFilter): Promise<ReportRun[]> {
  let query = db.selectFrom('reportRun').selectAll()
  if (scheduleId !== undefined) query = query.where('scheduleId', '=', scheduleId)
  if (ids !== undefined) query = query.where('id', 'in', [0, ...ids])
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  const runIds = [0, ...rows.map(({ id }) => id)]
  const files = await db
    .selectFrom('reportFile')
    .select(['id', 'runId', 'name', 'format', 'size', 'sha256'])
    .select((select) => select('data', 'is not', null).as('isKept'))
    .where('runId', 'in', runIds)
    .orderBy('id')
    .execute()
  const deliveries = await db
    .selectFrom('reportDelivery')
    .leftJoin('outbox', 'outbox.id', 'reportDelivery.outboxId')
    .select(['reportDelivery.runId', 'reportDelivery.name', 'reportDelivery.address', 'outbox.id as noticeId'])
    .select(({ fn }) => [
      // The outbox is the truth as long as it has the row.
      fn.coalesce('outbox.state', 'reportDelivery.state').as('state'),
      fn.coalesce('outbox.answer', 'reportDelivery.answer').as('answer'),
      fn.coalesce('outbox.attempts', 'reportDelivery.attempts').as('attempts'),
      fn.coalesce('outbox.finishedAtMs', 'reportDelivery.finishedAtMs').as('finishedAtMs'),
    ])
    .where('reportDelivery.runId', 'in', runIds)
    .orderBy('reportDelivery.id')
    .execute()
  return rows.map((row) => {
    const own = deliveries.flatMap(({ runId, state, ...rest }) =>
      runId === row.id ? [{ ...rest, state: state as Delivery['state'] }] : [],
    )
    const { id, scheduleId: ofSchedule, period, roomName, startedBy, dueAtMs, createdAtMs, madeAtMs } = row
    return {
      ...{ id, scheduleId: ofSchedule, period, roomName, startedBy, dueAtMs, createdAtMs, madeAtMs },
      kind: reportKindOf(row.kind),
      language: languageOf(row.language),
      cause: row.cause === 'due' ? 'due' : 'now',
      outcome: outcomeOf(row, own),
      reason: row.reasonJson === null ? null : (JSON.parse(row.reasonJson) as { zh: string; en: string }),
      files: files.flatMap(({ runId, format, size, isKept, ...file }) =>
        runId === row.id
          ? [{ ...file, format: format === 'xlsx' ? ('xlsx' as const) : ('pdf' as const), bytes: size, isKept: Boolean(isKept) }]
          : [],
      ),
      deliveries: own,
    }
  })
}

/** Schedules that are not removed, in the order of their making. */
export async function loadReportSchedules(
  db: Db,
  { nowMs, timeZone, scheduleId }: { nowMs: number; timeZone: string; scheduleId?: number },
): Promise<ReportSchedule[]> {
  let query = db
    .selectFrom('reportSchedule')
    .leftJoin('room', 'room.id', 'reportSchedule.roomId')
    .selectAll('reportSchedule')
    .select('room.name as roomName')
    .where('removedAtMs', 'is', null)
  if (scheduleId !== undefined) query = query.where('reportSchedule.id', '=', scheduleId)
  const rows = await query.orderBy('reportSchedule.id').execute()
  const people = await loadMailPeople(db)
  const lastIds = await db
    .selectFrom('reportRun')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('scheduleId', 'in', [0, ...rows.map(({ id }) => id)])
    .groupBy('scheduleId')
    .execute()
  const nextById = await loadNext(db, rows, nowMs, timeZone)
  const runs = await loadRuns(db, { ids: lastIds.map(({ id }) => id), limit: lastIds.length + 1 })
  return rows.map((row) => {
    const input = inputOf(row)
    const next = nextById.get(row.id)
    return {
      ...input,
      id: row.id,
      roomName: row.roomName,
      revision: row.revision,
      changedBy: row.changedBy,
      changedAtMs: row.changedAtMs,
      next: next ? { atMs: next.dueAtMs, period: next.span.text } : null,
      people: input.accountIds.map((accountId) => {
        const person = people.find((one) => one.accountId === accountId)
        return { accountId, name: person?.name ?? `#${accountId}`, address: person?.contact?.address ?? null }
      }),
      last: runs.find((run) => run.scheduleId === row.id) ?? null,
    }
  })
}

/** Of those that are on. A period that was sent before its day was moved is not sent again: the one after it is the next. */
async function loadNext(db: Db, rows: readonly ScheduleRow[], nowMs: number, timeZone: string): Promise<Map<number, DueReport>> {
  const plans = rows.filter(({ enabled }) => enabled === 1).map((row) => ({ id: row.id, plan: { ...inputOf(row), timeZone } }))
  const next = new Map(plans.map(({ id, plan }) => [id, nextReport(plan, nowMs)]))
  const made = await db
    .selectFrom('reportRun')
    .select(['scheduleId', 'dueKey'])
    .where('scheduleId', 'in', [0, ...next.keys()])
    .where('dueKey', 'in', ['', ...[...next.values()].map(({ span }) => span.text)])
    .execute()
  for (const { id, plan } of plans) {
    const first = next.get(id)
    if (first && made.some(({ scheduleId, dueKey }) => scheduleId === id && dueKey === first.span.text))
      next.set(id, nextReport(plan, first.dueAtMs))
  }
  return next
}

/** What people set. */
export function inputOf(row: ScheduleRow) {
  return {
    kind: reportKindOf(row.kind),
    roomId: row.roomId,
    language: languageOf(row.language),
    formats: JSON.parse(row.formatsJson) as ('pdf' | 'xlsx')[],
    accountIds: JSON.parse(row.accountIdsJson) as number[],
    addresses: JSON.parse(row.addressesJson) as string[],
    at: row.at,
    weekday: row.weekday,
    dayOfMonth: row.dayOfMonth,
    month: row.month,
    enabled: row.enabled === 1,
  }
}
