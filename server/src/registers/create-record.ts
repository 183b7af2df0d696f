import { mayCreate, type RecordFields, type RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { contextOf, freshSheet, takeResult } from './behaviour-hooks.ts'
import type { Engine, Unit } from './engine.ts'
import { addLink, type NewLink } from './links.ts'
import { changesBetween, mergeFields } from './merge-fields.ts'
import { nextNumber } from './numbering.ts'
import { columnsOf } from './record-columns.ts'
import { forbidden, invalid } from './refusals.ts'
import { behaviourRecord, type RecordRow } from './rows.ts'
import { requireRecord } from './save-record.ts'
import { addStep, asBeforeAfter, auditRecord } from './steps.ts'

export interface CreateInput {
  register: string
  fields?: RecordFields | undefined
  /** The same key sent again answers the record that is there already. */
  clientKey?: string | undefined
  scheduleId?: number | undefined
  link?: NewLink | undefined
}

/** Begins a record in its first state. Returns its id. */
export async function createRecord(engine: Engine, actor: Actor, input: CreateInput): Promise<number> {
  const definition = engine.definitionOf(input.register)
  if (!mayCreate(definition, actor.roles)) throw forbidden('没有权限新建 / You may not begin one')
  const known = await knownRecord(engine, actor, definition, input)
  if (known !== undefined) return known
  const schedule = await scheduleOf(engine, input)
  const fields = { ...schedule.fields, ...input.fields }
  const sheet = await freshSheet(engine, { row: blankRow(engine, definition, input), fields, sheet: {} })
  return await engine.write(async (unit) => {
    // Two requests with one key at the same time.
    const added = await knownRecord({ ...engine, db: unit.transaction }, actor, definition, input)
    if (added !== undefined) return added
    return (await createIn(engine, unit, actor, { ...input, fields, sheet })).id
  })
}

/** The same inside of a transaction, for other parts of the server: nobody is asked whether they may. */
export async function createIn(
  engine: Engine,
  unit: Unit,
  actor: Actor,
  input: CreateInput & { sheet?: Record<string, unknown>; isServer?: boolean },
): Promise<{ id: number; number: string }> {
  const { transaction, nowMs } = unit
  const definition = engine.definitionOf(input.register)
  const state = definition.states[0]?.name ?? ''
  const sheet = input.sheet ?? {}
  const sent = input.fields ?? {}
  const { fields } = await mergeFields(unit, engine.live, definition, { recordId: null, state, fields: {}, sheet }, sent)
  const number = await nextNumber(transaction, definition.numberPrefix, nowMs, engine.timeZone)
  const { id } = await transaction
    .insertInto('registerRecord')
    .values({
      register: definition.name,
      number,
      ...columnsOf(definition, { number, state, stateSinceMs: nowMs, fields, whenMs: nowMs }, engine.timeZone),
      scheduleId: input.scheduleId ?? null,
      sheetJson: JSON.stringify(sheet),
      revision: 1,
      createdBy: actor.name,
      createdById: actor.accountId,
      createdAtMs: nowMs,
      changedBy: actor.name,
      changedAtMs: nowMs,
      remindedAtMs: null,
      headToldAtMs: null,
      clientKey: input.clientKey ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const record = { id, register: definition.name, number }
  if (input.link) await addLink(engine, unit, actor, record, input.link, input.isServer)
  const loaded = await requireRecord(transaction, definition, null, { recordId: id })
  const seen = behaviourRecord(loaded)
  const made = await engine.behaviours[definition.name]?.onCreate?.(seen, contextOf(unit, actor))
  const kept = await takeResult(engine, unit, definition, seen, made)
  const changes = changesBetween(definition, {}, kept)
  await addStep(unit, actor, { recordId: id, kind: 'create', from: state, to: state, changes })
  await auditRecord(unit, actor, 'create', record, { after: { fields: asBeforeAfter(changes).after } })
  unit.changed.push({ topic: 'registers', id })
  return { id, number }
}

/** A record that this request made before, or the one draft of its schedule. */
async function knownRecord(
  { db }: Pick<Engine, 'db'>,
  actor: Actor,
  definition: RegisterDefinition,
  { clientKey, scheduleId }: CreateInput,
): Promise<number | undefined> {
  if (clientKey !== undefined) {
    const same = await db
      .selectFrom('registerRecord')
      .select(['id', 'register', 'createdById'])
      .where('clientKey', '=', clientKey)
      .executeTakeFirst()
    if (same && same.register === definition.name && same.createdById === actor.accountId) return same.id
    if (same) throw invalid('clientKey', '已用于另一条记录 / Used for another record already')
  }
  if (scheduleId === undefined) return undefined
  const draft = await db
    .selectFrom('registerRecord')
    .select('id')
    .where('scheduleId', '=', scheduleId)
    .where('register', '=', definition.name)
    .where('phase', '=', 'draft')
    .executeTakeFirst()
  return draft?.id
}

/** The schedule's room stands in the record from the beginning. */
async function scheduleOf({ db }: Engine, { register, scheduleId, fields }: CreateInput): Promise<{ fields: RecordFields }> {
  if (scheduleId === undefined) return { fields: {} }
  const schedule = await db.selectFrom('schedule').select(['register', 'roomId']).where('id', '=', scheduleId).executeTakeFirst()
  if (!schedule || schedule.register !== register) throw invalid('scheduleId', '没有本台账的这个计划 / This register has no such schedule')
  if (schedule.roomId === null) return { fields: {} }
  const room = fields?.room as { id?: unknown } | undefined
  if (room && room.id !== schedule.roomId) throw invalid('fields.room', '与计划的机房不同 / Not the room of the schedule')
  return { fields: { room: { id: schedule.roomId } } }
}

/** What a record is before it has a number, for filling in its sheet. */
function blankRow(engine: Engine, definition: RegisterDefinition, input: CreateInput): RecordRow {
  const nowMs = engine.clock.nowMs()
  const state = definition.states[0]?.name ?? ''
  return {
    id: 0,
    register: definition.name,
    number: '',
    state,
    phase: 'draft',
    title: '',
    roomId: null,
    scheduleId: input.scheduleId ?? null,
    fieldsJson: '{}',
    sheetJson: '{}',
    revision: 0,
    createdBy: '',
    createdById: null,
    createdAtMs: nowMs,
    changedBy: '',
    changedAtMs: nowMs,
    stateSinceMs: nowMs,
    whenMs: nowMs,
    dueAtMs: null,
    remindAtMs: null,
    remindedAtMs: null,
    headAtMs: null,
    headToldAtMs: null,
    emergency: 0,
    clientKey: null,
    searchText: '',
  }
}
