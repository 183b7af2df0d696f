import type { Reference, VisitSheet } from '@roomkeeper/shared/registers'
import { patiently } from '../../paper/keep-sheet.ts'
import type { BehaviourContext, BehaviourRecord, RegisterBehaviour } from '../register.ts'
import { refreshVisits, type VisitSheetDeps } from './visit-sheet.ts'

/** A visit: whoever checks people in is their escort, and what the room did meanwhile stands in the record. */
export function visitBehaviour(deps: VisitSheetDeps): RegisterBehaviour {
  return {
    check: async ({ fields }, move) => {
      const { plannedFrom, plannedUntil } = fields
      const isAppliedFor = move === 'apply' && typeof plannedFrom === 'number' && typeof plannedUntil === 'number'
      if (!isAppliedFor || plannedUntil > plannedFrom) return []
      return [{ key: 'plannedUntil', message: { zh: '须晚于预计进入的时间', en: 'Must be after the planned beginning' } }]
    },
    onMove: async (record, { to }, context) => {
      const sheet = record.sheet as VisitSheet
      if (to === 'inside') {
        await writeEscort(record, context)
        return { sheet: { ...sheet, inAtMs: context.nowMs, escort: context.actor.name } }
      }
      if (to !== 'left') return undefined
      return {
        sheet: { ...sheet, outAtMs: context.nowMs },
        afterwards: () => patiently(refreshVisits(deps, record.id)),
      }
    },
  }
}

/** Nobody chooses it: it is the account that checked them in. */
async function writeEscort(record: BehaviourRecord, { transaction, actor }: BehaviourContext): Promise<void> {
  if (actor.accountId === null) return
  const escort: Reference = { id: actor.accountId, name: actor.name }
  const row = await transaction.selectFrom('registerRecord').select('searchText').where('id', '=', record.id).executeTakeFirstOrThrow()
  await transaction
    .updateTable('registerRecord')
    .set({ fieldsJson: JSON.stringify({ ...record.fields, escort }), searchText: `${row.searchText} ${actor.name.toLowerCase()}` })
    .where('id', '=', record.id)
    .execute()
}
