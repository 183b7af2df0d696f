import { mayAmend } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { contentHashOf } from './canonical-json.ts'
import type { Engine } from './engine.ts'
import { mergeFields } from './merge-fields.ts'
import { columnsOf } from './record-columns.ts'
import { forbidden, invalid, invalidFields } from './refusals.ts'
import { requireRecord, updateRecord } from './save-record.ts'
import { keepSignatures, verifySigners } from './signing.ts'
import { addStep, auditRecord } from './steps.ts'

export interface AmendInput {
  register: string
  recordId: number
  revision: number
  key: string
  value?: unknown
  reason: string
  password: string
}

/** Corrects one field of a finished record. What stood there before stays in the step, beside the reason and the signature. */
export async function amendRecord(engine: Engine, actor: Actor, input: AmendInput): Promise<void> {
  const definition = engine.definitionOf(input.register)
  const field = definition.fields.find((one) => one.key === input.key)
  const before = await requireRecord(engine.db, definition, actor, input)
  if (!mayAmend(definition, before, actor))
    throw forbidden('只有可新建本台账的人可更正已完成的记录 / Only those who may begin such records correct finished ones')
  const signers = await verifySigners(engine, actor, { signature: 'one' }, { signature: { password: input.password } })
  await engine.write(async (unit) => {
    const { row, state, fields: old, sheet } = await requireRecord(unit.transaction, definition, actor, input)
    const sent = { [input.key]: input.value ?? null }
    const { fields, changes } = await mergeFields(unit, engine.live, definition, { recordId: row.id, state, fields: old, sheet }, sent, {
      ignoreState: true,
    })
    if (field?.required && old[input.key] !== undefined && fields[input.key] === undefined)
      throw invalidFields([{ key: field.key, message: { zh: `“${field.label.zh}”必填`, en: `“${field.label.en}” is required` } }])
    if (changes.length === 0) throw invalid('value', '与原值相同 / The same as before')
    const columns = columnsOf(definition, { ...row, fields }, engine.timeZone)
    await updateRecord(unit.transaction, row, { ...columns, changedBy: actor.name, changedAtMs: unit.nowMs })
    const stepId = await addStep(unit, actor, { recordId: row.id, kind: 'amend', from: state, to: state, comment: input.reason, changes })
    await keepSignatures(unit, row.id, stepId, signers, contentHashOf(row.number, 'amend', fields))
    const [change] = changes
    await auditRecord(unit, actor, 'amend', row, {
      before: { [input.key]: change?.before ?? null },
      after: { [input.key]: change?.after ?? null, reason: input.reason },
    })
    unit.changed.push({ topic: 'registers', id: row.id })
  })
}
