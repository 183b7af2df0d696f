import type { WholeRecord } from '@roomkeeper/shared/http'
import type { ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'
import type { Actor } from '../../server/src/api/base.ts'
import { type RecordsApp, SIGNATURE } from './records-app.ts'

/** Every item of the sheet normal, what the room has no meter for not applicable; then what the test says otherwise. */
export function allNormal({ items, beside }: Pick<InspectionSheet, 'items' | 'beside'>, other: ChecklistValue = {}): ChecklistValue {
  const answers = items.map(({ key, measured }) => {
    const value = beside[key]?.value
    if (!measured) return [key, { result: 'normal' as const }]
    return [key, value === undefined ? { result: 'not-applicable' as const } : { result: 'normal' as const, measured: value }]
  })
  return { ...(Object.fromEntries(answers) as ChecklistValue), ...other }
}

/** A whole inspection, from beginning to signature. */
export async function inspect(
  app: Pick<RecordsApp, 'as'>,
  actor: Actor,
  { scheduleId, answers = {} }: { scheduleId: number; answers?: ChecklistValue },
): Promise<WholeRecord> {
  const client = app.as(actor).registers
  const { id: recordId, revision, sheet } = await client.create({ register: 'inspection', scheduleId })
  const checklist = allNormal(sheet as unknown as InspectionSheet, answers)
  return client.move({
    register: 'inspection',
    recordId,
    move: 'submit',
    revision,
    fields: { checklist },
    signature: { password: SIGNATURE },
  })
}
