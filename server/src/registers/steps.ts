import type { RecordStep } from '@roomkeeper/shared/http'
import type { Actor } from '../api/base.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Unit } from './engine.ts'
import type { FieldChange } from './merge-fields.ts'

export interface NewStep {
  recordId: number
  kind: RecordStep['kind']
  move?: string
  from: string
  to: string
  comment?: string
  claimedAtMs?: number | null
  emergency?: boolean
  atRoom?: boolean
  changes?: readonly FieldChange[]
}

/** Writes what happened to a record; it cannot be changed afterwards. Returns its id. */
export async function addStep({ transaction, nowMs }: Unit, actor: Actor, step: NewStep): Promise<number> {
  const { id } = await transaction
    .insertInto('registerStep')
    .values({
      recordId: step.recordId,
      kind: step.kind,
      move: step.move ?? null,
      fromState: step.from,
      toState: step.to,
      by: actor.name,
      byId: actor.accountId,
      atMs: nowMs,
      claimedAtMs: step.claimedAtMs ?? null,
      comment: step.comment ?? '',
      emergency: step.emergency ? 1 : 0,
      atRoom: step.atRoom ? 1 : 0,
      changesJson: JSON.stringify(step.changes ?? []),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The audit row of a change to a record: `record:<id>`, with its register and number. */
export async function auditRecord(
  { transaction, nowMs }: Unit,
  actor: Actor,
  action: string,
  record: { id: number; register: string; number: string },
  { before, after = {} }: { before?: unknown; after?: Record<string, unknown> },
): Promise<void> {
  const { id, register, number } = record
  const entry = {
    actor: actor.username,
    action: `register.${action}`,
    entity: `record:${id}`,
    before,
    after: { register, number, ...after },
  }
  await appendAudit(transaction, entry, nowMs)
}

/** Changes as two objects by key, for the audit trail. */
export function asBeforeAfter(changes: readonly FieldChange[]): { before: Record<string, unknown>; after: Record<string, unknown> } {
  return {
    before: Object.fromEntries(changes.map(({ key, before }) => [key, before])),
    after: Object.fromEntries(changes.map(({ key, after }) => [key, after])),
  }
}

export async function stepsOf(db: Db, recordId: number): Promise<RecordStep[]> {
  const steps = await db.selectFrom('registerStep').selectAll().where('recordId', '=', recordId).orderBy('id').execute()
  const signatures = await db
    .selectFrom('registerSignature')
    .innerJoin('registerStep', 'registerStep.id', 'registerSignature.stepId')
    .selectAll('registerSignature')
    .where('registerStep.recordId', '=', recordId)
    .orderBy('registerSignature.id')
    .execute()
  return steps.map((step) => ({
    id: step.id,
    kind: step.kind as RecordStep['kind'],
    move: step.move,
    from: step.fromState,
    to: step.toState,
    by: step.by,
    atMs: step.atMs,
    claimedAtMs: step.claimedAtMs,
    comment: step.comment,
    emergency: step.emergency === 1,
    atRoom: step.atRoom === 1,
    signatures: signatures
      .filter((signature) => signature.stepId === step.id)
      .map(({ name, rolesJson, atMs, kind, fileId, contentHash }) => ({
        by: name,
        roles: JSON.parse(rolesJson) as string[],
        atMs,
        kind: kind as 'password' | 'drawn',
        fileId,
        contentHash,
      })),
    changes: JSON.parse(step.changesJson) as RecordStep['changes'],
  }))
}
