import type { ReportSchedule, ReportScheduleInput } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { idOfPath } from '../photos/photo-answers.ts'
import { sendingDayOf } from '../reports/schedules/due-reports.ts'
import { loadMailChannel, loadMailPeople } from '../reports/schedules/report-recipients.ts'
import { loadReportSchedules, loadRuns } from '../reports/schedules/report-rows.ts'
import type { ReportRunner } from '../reports/schedules/report-runner.ts'
import { disposition, REPORT_TYPES } from '../reports/send-report.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import type { ExtraRoute } from './http-server.ts'

export interface ReportHandlersDeps {
  db: Db
  clock: { nowMs(): number }
  /** The hospital's; IANA name. */
  timeZone: string
  reportRunner: Pick<ReportRunner, 'sendNow'>
  change(change: Change): void
}

/** Schedules of reports, and what was made. */
export function createReportHandlers({ db, clock, timeZone, reportRunner, change }: ReportHandlersDeps) {
  const { reports } = api

  const find = async (scheduleId: number): Promise<ReportSchedule | undefined> =>
    (await loadReportSchedules(db, { nowMs: clock.nowMs(), timeZone, scheduleId }))[0]

  return {
    overview: reports.overview.handler(async () => ({
      timeZone,
      mail: await loadMailChannel(db),
      schedules: await loadReportSchedules(db, { nowMs: clock.nowMs(), timeZone }),
    })),

    people: reports.people.handler(async () =>
      (await loadMailPeople(db)).map(({ accountId, name, roles, contact }) => ({
        accountId,
        name,
        isHead: roles.includes('department-head'),
        address: contact?.address ?? null,
      })),
    ),

    add: reports.add.handler(async ({ input: given, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const input = { ...given, ...sendingDayOf(given) }
      const wrong = await problemOf(db, input)
      if (wrong) throw errors.INVALID(wrong)
      const scheduleId = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const { id } = await transaction
          .insertInto('reportSchedule')
          // Begins with its next time, and makes up for nothing before.
          .values({ ...columnsOf(input), doneUntilMs: nowMs, revision: 1, changedBy: actor.name, changedAtMs: nowMs, removedAtMs: null })
          .returning('id')
          .executeTakeFirstOrThrow()
        const entry = { actor: actor.username, action: 'report-schedule.create', entity: `report-schedule:${id}`, after: input }
        await appendAudit(transaction, entry, nowMs)
        return id
      })
      change({ topic: 'notices' })
      const schedule = await find(scheduleId)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    change: reports.change.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const { scheduleId, revision, ...given } = input
      const wanted = { ...given, ...sendingDayOf(given) }
      const before = await find(scheduleId)
      if (!before) throw errors.NOT_FOUND()
      const wrong = await problemOf(db, wanted)
      if (wrong) throw errors.INVALID(wrong)
      // What another plan would have wanted is not made up for.
      const isOtherPlan = PLAN_FIELDS.some((field) => before[field] !== wanted[field])
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const changed = await transaction
          .updateTable('reportSchedule')
          .set({ ...columnsOf(wanted), revision: revision + 1, changedBy: actor.name, changedAtMs: nowMs })
          .$if(isOtherPlan, (update) => update.set({ doneUntilMs: nowMs }))
          .where('id', '=', scheduleId)
          .where('revision', '=', revision)
          .where('removedAtMs', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (!changed) {
          const row = await transaction.selectFrom('reportSchedule').selectAll().where('id', '=', scheduleId).executeTakeFirstOrThrow()
          throw errors.CONFLICT(changedByOther(row.changedBy, row.changedAtMs))
        }
        const entry = { actor: actor.username, action: 'report-schedule.change', entity: `report-schedule:${scheduleId}` }
        await appendAudit(transaction, { ...entry, before: inputPart(before), after: wanted }, nowMs)
      })
      change({ topic: 'notices' })
      const schedule = await find(scheduleId)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    remove: reports.remove.handler(async ({ input: { scheduleId }, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const before = await find(scheduleId)
      if (!before) throw errors.NOT_FOUND()
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const removed = { removedAtMs: nowMs, changedBy: actor.name, changedAtMs: nowMs }
        await transaction.updateTable('reportSchedule').set(removed).where('id', '=', scheduleId).execute()
        // What waits to be made is not wanted any more.
        await transaction
          .updateTable('reportRun')
          .set({ state: 'failed', reasonJson: JSON.stringify({ zh: '计划已删除', en: 'The schedule was removed' }) })
          .where('scheduleId', '=', scheduleId)
          .where('state', '=', 'waiting')
          .execute()
        const entry = { actor: actor.username, action: 'report-schedule.remove', entity: `report-schedule:${scheduleId}` }
        await appendAudit(transaction, { ...entry, before: inputPart(before) }, nowMs)
      })
      change({ topic: 'notices' })
      return { ok: true as const }
    }),

    send: reports.send.handler(async ({ input: { scheduleId, onlyToMe }, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const row = await db
        .selectFrom('reportSchedule')
        .selectAll()
        .where('id', '=', scheduleId)
        .where('removedAtMs', 'is', null)
        .executeTakeFirst()
      if (!row) throw errors.NOT_FOUND()
      if (!(await loadMailChannel(db))) throw errors.CONFLICT({ message: NO_CHANNEL })
      if (onlyToMe && !(await hasMail(db, actor.accountId))) throw errors.CONFLICT({ message: NO_OWN_ADDRESS })
      const runId = await reportRunner.sendNow(row, { name: actor.name, onlyTo: onlyToMe ? actor.accountId : null })
      const entry = { actor: actor.username, action: 'report.send', entity: `report-schedule:${scheduleId}`, after: { runId, onlyToMe } }
      await db.transaction().execute((transaction) => appendAudit(transaction, entry, nowMs))
      change({ topic: 'notices' })
      return { runId }
    }),

    runs: reports.runs.handler(({ input }) => loadRuns(db, input)),
  }
}

const PLAN_FIELDS = ['kind', 'at', 'weekday', 'dayOfMonth', 'month', 'enabled'] as const
const NO_CHANNEL = '没有可用的邮件通道，请先在“通知 → 通道”中设置 / No mail channel is set up and switched on: see “Notices”, “Channels”'
const NO_OWN_ADDRESS = '您没有登记邮箱地址，请先在“我的联系方式”中登记 / You have no mail address: enter it under “My contacts”'

async function hasMail(db: Db, accountId: number | null): Promise<boolean> {
  return (await loadMailPeople(db)).some((person) => person.accountId === accountId && person.contact !== null)
}

/** `GET /api/report-files/:fileId`: a report as it was sent. */
export function reportFileRoute({ db }: Pick<ReportHandlersDeps, 'db'>): ExtraRoute {
  return {
    method: 'GET',
    path: '/api/report-files/:fileId',
    permission: 'readings.read',
    summary: 'A report by mail again: the bytes as they were made',
    handler: async (request, response) => {
      const file = await db
        .selectFrom('reportFile')
        .innerJoin('reportRun', 'reportRun.id', 'reportFile.runId')
        .select(['reportFile.name', 'reportFile.format', 'reportFile.sha256', 'reportFile.data', 'reportRun.kind', 'reportRun.period'])
        .where('reportFile.id', '=', idOfPath(request.params.fileId))
        .executeTakeFirst()
      if (!file?.data) {
        const message = '没有这个文件，或已超过保存期限 / No such file, or it is no longer kept'
        response.status(404).json({ code: 'NOT_FOUND', message })
        return
      }
      const format = file.format === 'xlsx' ? 'xlsx' : 'pdf'
      response.setHeader('content-type', REPORT_TYPES[format])
      response.setHeader('x-content-type-options', 'nosniff')
      response.setHeader('content-disposition', disposition(file.name, `${file.kind}-report-${file.period}.${format}`))
      response.setHeader('cache-control', 'private, no-cache')
      response.setHeader('etag', `"${file.sha256}"`)
      response.send(Buffer.from(file.data))
    },
  }
}

function columnsOf({ formats, accountIds, addresses, enabled, ...rest }: ReportScheduleInput) {
  return {
    ...rest,
    enabled: enabled ? 1 : 0,
    formatsJson: JSON.stringify([...new Set(formats)]),
    accountIdsJson: JSON.stringify([...new Set(accountIds)]),
    addressesJson: JSON.stringify([...new Set(addresses)]),
  }
}

function inputPart(schedule: ReportSchedule): ReportScheduleInput {
  const { kind, roomId, language, formats, accountIds, addresses, at, weekday, dayOfMonth, month, enabled } = schedule
  return { kind, roomId, language, formats, accountIds, addresses, at, weekday, dayOfMonth, month, enabled }
}

async function problemOf(db: Db, { roomId, accountIds, addresses }: ReportScheduleInput) {
  const sentence = (field: string, message: string) => ({ message, data: { field, allowed: message } })
  if (accountIds.length + addresses.length === 0) return sentence('accountIds', '请选择至少一个收件人 / choose at least one recipient')
  if (roomId !== null && !(await db.selectFrom('room').select('id').where('id', '=', roomId).executeTakeFirst()))
    return sentence('roomId', '没有这个机房 / no such room')
  const known = await db
    .selectFrom('account')
    .select('id')
    .where('id', 'in', [0, ...accountIds])
    .execute()
  const unknown = accountIds.find((accountId) => !known.some(({ id }) => id === accountId))
  return unknown === undefined ? undefined : sentence('accountIds', `没有编号为 ${unknown} 的账号 / there is no account ${unknown}`)
}
