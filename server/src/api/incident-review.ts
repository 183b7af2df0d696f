import { isAllowed, type Role } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { Accounts } from '../accounts/accounts.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { tellAssignee } from '../incidents/form-notices.ts'
import { findIncident } from '../incidents/incident-rows.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import { requireSignature } from './signature.ts'

export interface IncidentReviewDeps {
  db: Db
  accounts: Pick<Accounts, 'verifySignature'>
  clock: { nowMs(): number }
  change(change: Change): void
  notifier: { wake(): void }
  /** Undefined while the server does not know its own address. */
  incidentUrl(incidentId: number): string | undefined
}

/** Whose an incident is, and the department head's review: closed, or given back with the reason. */
export function createIncidentReviewHandlers(deps: IncidentReviewDeps) {
  const { db } = deps

  /** After the commit: browsers, and the notices that were queued. */
  const told = (incidentId: number, notices: number): void => {
    deps.change({ topic: 'incidents', id: incidentId })
    if (notices > 0) deps.notifier.wake()
  }

  return {
    assign: api.incidents.assign.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const nowMs = deps.clock.nowMs()
      const { incidentId, accountId, note } = input
      const notices = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await stateOf(transaction, incidentId)
        if (!before) throw errors.NOT_FOUND()
        if (before.state !== 'open') throw errors.CONFLICT(changedByOther(before.submittedBy, before.submittedAtMs))
        const person = accountId === null ? null : await writerOf(transaction, accountId)
        if (person === undefined) throw errors.INVALID({ message: NOT_A_WRITER, data: { field: 'accountId', allowed: NOT_A_WRITER } })
        if (before.assigneeId === accountId) return 0
        const assigned = { assigneeId: accountId, assignedBy: actor.name, assignedAtMs: nowMs }
        await transaction
          .updateTable('incident')
          .set(person ? assigned : { assigneeId: null, assignedBy: null, assignedAtMs: null })
          .where('id', '=', incidentId)
          .execute()
        const text = [person?.name ?? '', note].join('\n').trimEnd()
        const stepId = await addStep(transaction, { incidentId, kind: 'assign', by: actor.name, atMs: nowMs, text })
        const entry = { actor: actor.username, action: 'incident.assign', entity: `incident:${incidentId}` }
        const after = { assigneeId: accountId, assignee: person?.name ?? null, note }
        await appendAudit(transaction, { ...entry, before: { assigneeId: before.assigneeId }, after }, nowMs)
        // Whoever takes it over knows it already.
        if (accountId === null || accountId === actor.accountId) return 0
        const news = { incidentId, stepId, kind: 'assigned', assigneeId: accountId, by: actor.name, text: note } as const
        return tellAssignee(transaction, news, deps.incidentUrl(incidentId), nowMs)
      })
      told(incidentId, notices)
      const incident = await findIncident(db, incidentId)
      if (!incident) throw errors.NOT_FOUND()
      return incident
    }),

    review: api.incidents.review.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const { incidentId, revision, verdict, text } = input
      if (verdict === 'return' && text === '')
        throw errors.INVALID({ message: REASON_NEEDED, data: { field: 'text', allowed: REASON_NEEDED } })
      await requireSignature(deps.accounts, actor, input.password)
      const nowMs = deps.clock.nowMs()
      const isClosed = verdict === 'close'
      const notices = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await stateOf(transaction, incidentId)
        if (!before) throw errors.NOT_FOUND()
        const reviewed = await transaction
          .updateTable('incident')
          .set({ revision: revision + 1 })
          .set(
            isClosed
              ? { state: 'closed', closedBy: actor.name, closedAtMs: nowMs }
              : { state: 'open', submittedBy: null, submittedAtMs: null },
          )
          .where('id', '=', incidentId)
          .where('revision', '=', revision)
          .where('state', '=', 'submitted')
          .returning('id')
          .executeTakeFirst()
        if (!reviewed) throw errors.CONFLICT(changedByOther(before.by, before.atMs))
        const stepId = await addStep(transaction, { incidentId, kind: verdict, by: actor.name, atMs: nowMs, text })
        const entry = { actor: actor.username, action: `incident.${verdict}`, entity: `incident:${incidentId}` }
        const after = { state: isClosed ? 'closed' : 'open', text, signedBy: actor.name }
        await appendAudit(transaction, { ...entry, before: { state: 'submitted' }, after }, nowMs)
        if (isClosed || before.assigneeId === null || before.assigneeId === actor.accountId) return 0
        const news = { incidentId, stepId, kind: 'returned', assigneeId: before.assigneeId, by: actor.name, text } as const
        return tellAssignee(transaction, news, deps.incidentUrl(incidentId), nowMs)
      })
      told(incidentId, notices)
      const incident = await findIncident(db, incidentId)
      if (!incident) throw errors.NOT_FOUND()
      return incident
    }),
  }
}

const NOT_A_WRITER = '须为可填写事件、未停用的人员 / must be a person who may fill in incidents and is not disabled'
const REASON_NEEDED = '退回须写明原因 / giving back needs a reason'

/** As the incident stands, and who changed it last. */
async function stateOf(transaction: Db, incidentId: number) {
  const row = await transaction
    .selectFrom('incident')
    .select(['state', 'assigneeId', 'draftBy', 'draftAtMs', 'submittedBy', 'submittedAtMs', 'closedBy', 'closedAtMs'])
    .where('id', '=', incidentId)
    .executeTakeFirst()
  return row && { ...row, by: row.closedBy ?? row.submittedBy ?? row.draftBy, atMs: row.closedAtMs ?? row.submittedAtMs ?? row.draftAtMs }
}

async function writerOf(transaction: Db, accountId: number): Promise<{ name: string } | undefined> {
  const account = await transaction
    .selectFrom('account')
    .select(['name', 'rolesJson'])
    .where('id', '=', accountId)
    .where('disabled', '=', 0)
    .executeTakeFirst()
  return account && isAllowed(JSON.parse(account.rolesJson) as Role[], 'incidents.write') ? account : undefined
}

async function addStep(
  transaction: Db,
  step: { incidentId: number; kind: 'assign' | 'return' | 'close'; by: string; atMs: number; text: string },
): Promise<number> {
  const { id } = await transaction
    .insertInto('incidentStep')
    .values({ ...step, fieldsJson: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
