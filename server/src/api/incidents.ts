import type { IncidentFields } from '@roomkeeper/shared/http'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { incidentFigures } from '../incidents/incident-figures.ts'
import { recordsOfIncident } from '../incidents/incident-of-record.ts'
import { findIncident, type IncidentCurve, incidentRows, toIncidents } from '../incidents/incident-rows.ts'
import { incidentSpans, loadIncidentTimes } from '../incidents/incident-times.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import { removePhotoHandler } from './incident-photos.ts'
import { createIncidentReviewHandlers, type IncidentReviewDeps } from './incident-review.ts'
import { requireSignature } from './signature.ts'

export interface IncidentsDeps extends IncidentReviewDeps {
  curves: { refresh(incidentId: number): Promise<void> }
}

/** Incident forms: drafts with revisions, submission with signature; a submitted form changes only when it was given back. */
export function createIncidentHandlers(deps: IncidentsDeps) {
  const { db } = deps
  const find = (incidentId: number) => findIncident(db, incidentId)

  return {
    ...createIncidentReviewHandlers(deps),
    removePhoto: removePhotoHandler(deps),

    list: api.incidents.list.handler(async ({ input, context }) => {
      let query = incidentRows(db).orderBy('incident.id', 'desc').limit(input.limit)
      if (input.state !== 'all') query = query.where('incident.state', '=', input.state)
      if (input.roomId !== undefined) query = query.where('incident.roomId', '=', input.roomId)
      // A program is nobody's assignee.
      if (input.assignee === 'me') query = query.where('incident.assigneeId', '=', actorOf(context).accountId ?? 0)
      if (input.before !== undefined) query = query.where('incident.id', '<', input.before)
      return toIncidents(db, await query.execute())
    }),

    get: api.incidents.get.handler(async ({ input, context, errors }) => {
      await deps.curves.refresh(input.incidentId)
      const row = await incidentRows(db).where('incident.id', '=', input.incidentId).executeTakeFirst()
      const [incident] = row ? await toIncidents(db, [row]) : []
      if (!row || !incident) throw errors.NOT_FOUND()
      return {
        ...incident,
        curves: JSON.parse(row.curvesJson) as IncidentCurve[],
        records: await recordsOfIncident(db, input.incidentId, actorOf(context).roles),
      }
    }),

    saveDraft: api.incidents.saveDraft.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const { name, username } = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await claimOpen(transaction, input)
        if (before.problem === 'missing') throw errors.NOT_FOUND()
        if (before.problem === 'changed') throw errors.CONFLICT(changedByOther(before.by, before.atMs))
        const draft = { fieldsJson: JSON.stringify(input.fields), draftBy: name, draftAtMs: nowMs }
        await transaction.updateTable('incident').set(draft).where('id', '=', input.incidentId).execute()
        await appendAudit(
          transaction,
          {
            actor: username,
            action: 'incident.draft',
            entity: `incident:${input.incidentId}`,
            before: before.fields,
            after: input.fields,
          },
          nowMs,
        )
      })
      deps.change({ topic: 'incidents', id: input.incidentId })
      const incident = await find(input.incidentId)
      if (!incident) throw errors.NOT_FOUND()
      return incident
    }),

    submit: api.incidents.submit.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      await requireSignature(deps.accounts, actor, input.password)
      // The last look at the curve before it is frozen.
      await deps.curves.refresh(input.incidentId)
      const nowMs = deps.clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await claimOpen(transaction, input)
        if (before.problem === 'missing') throw errors.NOT_FOUND()
        if (before.problem === 'changed') throw errors.CONFLICT(changedByOther(before.by, before.atMs))
        const submitted = {
          state: 'submitted',
          fieldsJson: JSON.stringify(input.fields),
          submittedBy: actor.name,
          submittedAtMs: nowMs,
        }
        await transaction.updateTable('incident').set(submitted).where('id', '=', input.incidentId).execute()
        const { incidentId } = input
        const step = { incidentId, kind: 'submit', by: actor.name, atMs: nowMs, text: '', fieldsJson: submitted.fieldsJson }
        await transaction.insertInto('incidentStep').values(step).execute()
        await appendAudit(
          transaction,
          {
            actor: actor.username,
            action: 'incident.submit',
            entity: `incident:${input.incidentId}`,
            before: before.fields,
            after: { ...input.fields, signedBy: actor.name },
          },
          nowMs,
        )
      })
      deps.change({ topic: 'incidents', id: input.incidentId })
      const incident = await find(input.incidentId)
      if (!incident) throw errors.NOT_FOUND()
      return incident
    }),

    statistics: api.incidents.statistics.handler(async ({ input }) => {
      const toMs = deps.clock.nowMs()
      const fromMs = Math.max(0, toMs - input.days * DAY_MS)
      let query = db.selectFrom('incident').select(['id', 'state', 'openedAtMs', 'fieldsJson']).where('openedAtMs', '>=', fromMs)
      if (input.roomId !== undefined) query = query.where('roomId', '=', input.roomId)
      const rows = await query.orderBy('id').execute()
      const times = await loadIncidentTimes(db, { fromMs })
      const measured = rows.flatMap(({ id, state, openedAtMs, fieldsJson }) => {
        const own = times.get(id)
        if (!own) return []
        const fields = JSON.parse(fieldsJson) as IncidentFields
        return [{ openedAtMs, isOpen: state === 'open', faultClass: fields.faultClass, ...incidentSpans(own, fields) }]
      })
      return { fromMs, toMs, ...incidentFigures(measured) }
    }),
  }
}

const DAY_MS = 86_400_000

type ClaimedIncident =
  | { problem: null; fields: IncidentFields }
  | { problem: 'missing' }
  | { problem: 'changed'; by: string | null; atMs: number | null }

/** Takes the open incident at this revision for a change and counts the revision up; a second save of the same revision finds it gone. */
async function claimOpen(transaction: Db, wanted: { incidentId: number; revision: number }): Promise<ClaimedIncident> {
  const claimed = await transaction
    .updateTable('incident')
    .set({ revision: wanted.revision + 1 })
    .where('id', '=', wanted.incidentId)
    .where('revision', '=', wanted.revision)
    .where('state', '=', 'open')
    .returning('fieldsJson')
    .executeTakeFirst()
  if (claimed) return { problem: null, fields: JSON.parse(claimed.fieldsJson) as IncidentFields }
  const row = await transaction
    .selectFrom('incident')
    .select(['draftBy', 'draftAtMs', 'submittedBy', 'submittedAtMs'])
    .where('id', '=', wanted.incidentId)
    .executeTakeFirst()
  if (!row) return { problem: 'missing' }
  return { problem: 'changed', by: row.submittedBy ?? row.draftBy, atMs: row.submittedAtMs ?? row.draftAtMs }
}
