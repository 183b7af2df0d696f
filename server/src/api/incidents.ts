import type { Incident, IncidentFields } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Accounts } from '../accounts/accounts.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { type IncidentCurve, incidentRows, toIncidents } from '../incidents/incident-rows.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import { requireSignature } from './signature.ts'

export interface IncidentsDeps {
  db: Db
  accounts: Pick<Accounts, 'verifySignature'>
  clock: { nowMs(): number }
  curves: { refresh(incidentId: number): Promise<void> }
  change(change: Change): void
}

/** Incident forms: drafts with revisions, submission with signature. A submitted incident never changes. */
export function createIncidentHandlers(deps: IncidentsDeps) {
  const { db } = deps

  const findRow = (incidentId: number) => incidentRows(db).where('incident.id', '=', incidentId).executeTakeFirst()

  const find = async (incidentId: number): Promise<Incident | undefined> => {
    const row = await findRow(incidentId)
    return row ? (await toIncidents(db, [row]))[0] : undefined
  }

  return {
    list: api.incidents.list.handler(async ({ input }) => {
      let query = incidentRows(db).orderBy('incident.id', 'desc').limit(input.limit)
      if (input.state !== 'all') query = query.where('incident.state', '=', input.state)
      if (input.roomId !== undefined) query = query.where('incident.roomId', '=', input.roomId)
      if (input.before !== undefined) query = query.where('incident.id', '<', input.before)
      return toIncidents(db, await query.execute())
    }),

    get: api.incidents.get.handler(async ({ input, errors }) => {
      await deps.curves.refresh(input.incidentId)
      const row = await findRow(input.incidentId)
      const [incident] = row ? await toIncidents(db, [row]) : []
      if (!row || !incident) throw errors.NOT_FOUND()
      return { ...incident, curves: JSON.parse(row.curvesJson) as IncidentCurve[] }
    }),

    saveDraft: api.incidents.saveDraft.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const { name, username } = actorOf(context)
      await db.transaction().execute(async (transaction) => {
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
  }
}

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
