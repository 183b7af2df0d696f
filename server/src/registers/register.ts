import type { FieldProblem, RecordFields } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import type { Db } from '../database/schema.ts'

/** A record as behaviours see it. */
export interface BehaviourRecord {
  id: number
  register: string
  number: string
  state: string
  title: string
  roomId: number | null
  scheduleId: number | null
  fields: RecordFields
  /** What the server wrote into it. */
  sheet: Readonly<Record<string, unknown>>
  createdBy: string
  createdById: number | null
  createdAtMs: number
  stateSinceMs: number
}

/** What is done with a record, inside of its transaction. */
export interface BehaviourContext {
  transaction: Db
  actor: Actor
  nowMs: number
}

/** What comes of a step besides the step itself. Absent: nothing. */
export interface BehaviourResult {
  /** Replaces the sheet. */
  sheet?: Record<string, unknown>
  /** Written into the record by the server, whatever may be changed in its state; null clears. They stand in the step and under its signature like what people wrote. */
  fields?: RecordFields
  /** Runs once the transaction is durable: what talks to stores, alarms, people. */
  afterwards?: () => Promise<void>
}

/**
 * What a register does beyond its definition. Each hook runs in the record's transaction and may read and write the database there; it must not wait for
 * anything else. What a hook throws takes the step back.
 */
export interface RegisterBehaviour {
  /** Before the transaction of a create or view of a draft: reads stores, and gives what `sheet` of a record still in its first state should be. */
  fill?(record: BehaviourRecord, nowMs: number): Promise<Record<string, unknown> | undefined>
  /** Problems that the definition cannot say; they stop a move, never a draft. */
  check?(record: BehaviourRecord, move: string, context: BehaviourContext): Promise<FieldProblem[]>
  onCreate?(record: BehaviourRecord, context: BehaviourContext): Promise<BehaviourResult | undefined>
  onSave?(record: BehaviourRecord, context: BehaviourContext): Promise<BehaviourResult | undefined>
  onMove?(
    record: BehaviourRecord,
    move: { name: string; from: string; to: string },
    context: BehaviourContext,
  ): Promise<BehaviourResult | undefined>
}
