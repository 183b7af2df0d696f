import type { Inspection, InspectionFields } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Accounts } from '../accounts/accounts.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { inspectionRows, toInspection } from '../inspections/inspection-rows.ts'
import { loadSchedules } from '../inspections/inspection-schedules.ts'
import { measureRoom, type RoomMeasurementsDeps } from '../inspections/room-measurements.ts'
import type { ScheduleRunner } from '../schedules/schedule-runner.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import { requireSignature } from './signature.ts'

export interface InspectionsDeps extends RoomMeasurementsDeps {
  accounts: Pick<Accounts, 'verifySignature'>
  /** Told to look again after an inspection or a schedule changed, so that the overdue alarm clears at once. */
  schedules: ScheduleRunner
  change(change: Change): void
}

/** Inspections: schedules, drafts and the signed ledger. Every sheet starts blank; no answer or signature is taken over from another. */
export function createInspectionHandlers(deps: InspectionsDeps) {
  const { db } = deps

  const find = async (inspectionId: number): Promise<Inspection | undefined> => {
    const row = await inspectionRows(db).where('inspection.id', '=', inspectionId).executeTakeFirst()
    return row ? toInspection(row) : undefined
  }

  /** A draft shows what the sensors say now; a submitted sheet what they said then. */
  const withMeasurements = async (inspection: Inspection): Promise<Inspection> => {
    if (inspection.state !== 'draft') return inspection
    const schedule = await db.selectFrom('inspectionSchedule').selectAll().where('id', '=', inspection.scheduleId).executeTakeFirstOrThrow()
    const measured = await measureRoom(deps, inspection.roomId, schedule.lastDoneAtMs ?? schedule.startsAtMs)
    return { ...inspection, measured }
  }

  const lookAgain = async (): Promise<void> => {
    // The change itself is durable; what the run cannot do now, the next minute does.
    await deps.schedules
      .run()
      .catch((error: unknown) => deps.log.warn({ module: 'inspections', err: error }, 'The overdue alarm is settled later'))
  }

  return {
    schedules: api.inspections.schedules.handler(() => loadSchedules(db, deps.clock.nowMs())),

    setSchedule: api.inspections.setSchedule.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const { scheduleId, everyDays } = input
      await db.transaction().execute(async (transaction) => {
        const before = await transaction
          .selectFrom('inspectionSchedule')
          .select('everyDays')
          .where('id', '=', scheduleId)
          .executeTakeFirst()
        if (!before) throw errors.NOT_FOUND()
        await transaction.updateTable('inspectionSchedule').set({ everyDays }).where('id', '=', scheduleId).execute()
        const entity = `inspection-schedule:${scheduleId}`
        const actor = actorOf(context).username
        await appendAudit(transaction, { actor, action: 'inspection-schedule.update', entity, before, after: { everyDays } }, nowMs)
      })
      await lookAgain()
      deps.change({ topic: 'inspections' })
      const [schedule] = await loadSchedules(db, deps.clock.nowMs(), scheduleId)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    list: api.inspections.list.handler(async ({ input }) => {
      let query = inspectionRows(db).orderBy('inspection.id', 'desc').limit(input.limit)
      if (input.roomId !== undefined) query = query.where('inspection.roomId', '=', input.roomId)
      if (input.before !== undefined) query = query.where('inspection.id', '<', input.before)
      return (await query.execute()).map(toInspection)
    }),

    get: api.inspections.get.handler(async ({ input, errors }) => {
      const inspection = await find(input.inspectionId)
      if (!inspection) throw errors.NOT_FOUND()
      return withMeasurements(inspection)
    }),

    start: api.inspections.start.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const { name, username } = actorOf(context)
      const { inspectionId, started } = await db.transaction().execute(async (transaction) => {
        const schedule = await transaction
          .selectFrom('inspectionSchedule')
          .selectAll()
          .where('id', '=', input.scheduleId)
          .executeTakeFirst()
        if (!schedule) throw errors.NOT_FOUND()
        const created = await transaction
          .insertInto('inspection')
          .values({
            scheduleId: schedule.id,
            roomId: schedule.roomId,
            state: 'draft',
            fieldsJson: JSON.stringify({ answers: {} } satisfies InspectionFields),
            measuredJson: '{}',
            revision: 0,
            startedBy: name,
            startedAtMs: nowMs,
            draftBy: null,
            draftAtMs: null,
            submittedBy: null,
            submittedAtMs: null,
          })
          // One draft per schedule: two people starting at once get the same one.
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst()
        if (!created) {
          const draft = await transaction
            .selectFrom('inspection')
            .select('id')
            .where('scheduleId', '=', schedule.id)
            .where('state', '=', 'draft')
            .executeTakeFirstOrThrow()
          return { inspectionId: draft.id, started: false }
        }
        const entity = `inspection:${created.id}`
        await appendAudit(transaction, { actor: username, action: 'inspection.start', entity, after: { scheduleId: schedule.id } }, nowMs)
        return { inspectionId: created.id, started: true }
      })
      if (started) deps.change({ topic: 'inspections', id: inspectionId })
      const inspection = await find(inspectionId)
      if (!inspection) throw errors.NOT_FOUND()
      return withMeasurements(inspection)
    }),

    saveDraft: api.inspections.saveDraft.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const actor = actorOf(context).username
      await db.transaction().execute(async (transaction) => {
        const before = await claimDraft(transaction, input)
        if (before.problem === 'missing') throw errors.NOT_FOUND()
        if (before.problem === 'changed') throw errors.CONFLICT(changedByOther(before.by, before.atMs))
        const draft = { fieldsJson: JSON.stringify(input.fields), draftBy: actorOf(context).name, draftAtMs: nowMs }
        await transaction.updateTable('inspection').set(draft).where('id', '=', input.inspectionId).execute()
        const entity = `inspection:${input.inspectionId}`
        await appendAudit(transaction, { actor, action: 'inspection.draft', entity, before: before.fields, after: input.fields }, nowMs)
      })
      deps.change({ topic: 'inspections', id: input.inspectionId })
      const inspection = await find(input.inspectionId)
      if (!inspection) throw errors.NOT_FOUND()
      return withMeasurements(inspection)
    }),

    submit: api.inspections.submit.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const draft = await find(input.inspectionId)
      if (!draft) throw errors.NOT_FOUND()
      await requireSignature(deps.accounts, actor, input.password)
      const { measured } = await withMeasurements(draft)
      const nowMs = deps.clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        const before = await claimDraft(transaction, input)
        if (before.problem === 'missing') throw errors.NOT_FOUND()
        if (before.problem === 'changed') throw errors.CONFLICT(changedByOther(before.by, before.atMs))
        const submitted = {
          state: 'submitted',
          fieldsJson: JSON.stringify(input.fields),
          measuredJson: JSON.stringify(measured),
          submittedBy: actor.name,
          submittedAtMs: nowMs,
        }
        await transaction.updateTable('inspection').set(submitted).where('id', '=', input.inspectionId).execute()
        // The interval starts again in the same transaction: a ledger entry without it, or the other way round, cannot be.
        const done = { lastDoneAtMs: nowMs, countsFromMs: null }
        await transaction.updateTable('inspectionSchedule').set(done).where('id', '=', draft.scheduleId).execute()
        const after = { ...input.fields, measured, signedBy: actor.name }
        const entity = `inspection:${input.inspectionId}`
        await appendAudit(transaction, { actor: actor.username, action: 'inspection.submit', entity, before: before.fields, after }, nowMs)
      })
      await lookAgain()
      deps.change({ topic: 'inspections', id: input.inspectionId })
      const inspection = await find(input.inspectionId)
      if (!inspection) throw errors.NOT_FOUND()
      return inspection
    }),
  }
}

type ClaimedDraft =
  | { problem: null; fields: InspectionFields }
  | { problem: 'missing' }
  | { problem: 'changed'; by: string | null; atMs: number | null }

/** Takes the draft at this revision for a change and counts the revision up; a second save of the same revision finds it gone. */
async function claimDraft(transaction: Db, wanted: { inspectionId: number; revision: number }): Promise<ClaimedDraft> {
  const claimed = await transaction
    .updateTable('inspection')
    .set({ revision: wanted.revision + 1 })
    .where('id', '=', wanted.inspectionId)
    .where('revision', '=', wanted.revision)
    .where('state', '=', 'draft')
    .returning('fieldsJson')
    .executeTakeFirst()
  if (claimed) return { problem: null, fields: JSON.parse(claimed.fieldsJson) as InspectionFields }
  const row = await transaction
    .selectFrom('inspection')
    .select(['draftBy', 'draftAtMs', 'submittedBy', 'submittedAtMs'])
    .where('id', '=', wanted.inspectionId)
    .executeTakeFirst()
  if (!row) return { problem: 'missing' }
  return { problem: 'changed', by: row.submittedBy ?? row.draftBy, atMs: row.submittedAtMs ?? row.draftAtMs }
}
