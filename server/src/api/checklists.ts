import type { Checklist, ChecklistEntryOut } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { type Clause, DEVICE_CLASS_NAMES, DEVICE_CLASSES, type DeviceClass } from '@roomkeeper/shared/registers'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { type EffectiveEntry, loadChecklists } from '../registers/inspection/checklist-rows.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'

export interface ChecklistsDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

/** What inspections look at, by class of device: the product's items, and what people made of them. Nothing is deleted, only asked no more. */
export function createChecklistHandlers(deps: ChecklistsDeps) {
  const { db } = deps

  return {
    list: api.checklists.list.handler(async () => {
      const lists = await loadChecklists(db)
      return DEVICE_CLASS_NAMES.map((deviceClass) => toChecklist(deviceClass, lists[deviceClass]))
    }),

    change: api.checklists.change.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const { deviceClass, items } = input
      const list = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const known = toChecklist(deviceClass, (await loadChecklists(transaction))[deviceClass])
        if (known.revision !== input.revision) {
          const last = known.items.find(({ changedAtMs }) => changedAtMs === known.revision)
          throw errors.CONFLICT(changedByOther(last?.changedBy ?? null, last?.changedAtMs ?? null))
        }
        const unknown = items.findIndex(({ key }) => key !== undefined && !known.items.some((one) => one.key === key))
        if (unknown >= 0) {
          const message = `没有“${items[unknown]?.key}”这个检查项 / There is no item “${items[unknown]?.key}”`
          const allowed = known.items.map(({ key }) => key).join(', ')
          throw errors.INVALID({ message, data: { field: `items.${unknown}.key`, allowed } })
        }
        // Later than the change before it, whatever the clock says: it is the revision.
        const changedAtMs = Math.max(deps.clock.nowMs(), known.revision + 1)
        const changes = await write(transaction, known, items, { changedBy: actor.name, changedAtMs })
        if (Object.keys(changes.after).length > 0)
          await appendAudit(
            transaction,
            { actor: actor.username, action: 'checklist.update', entity: `checklist:${deviceClass}`, ...changes },
            changedAtMs,
          )
        return toChecklist(deviceClass, (await loadChecklists(transaction))[deviceClass])
      })
      deps.change({ topic: 'registers' })
      return list
    }),
  }
}

type SentItem = Omit<ChecklistEntryOut, 'key' | 'origin' | 'changedBy' | 'changedAtMs'> & { key?: string | undefined }

/** Writes what differs from what is asked now; a further item gets a key of its own. Returns before and after, for the audit trail. */
async function write(
  transaction: Db,
  known: Checklist,
  items: readonly SentItem[],
  changed: { changedBy: string; changedAtMs: number },
): Promise<{ before: Record<string, unknown>; after: Record<string, unknown> }> {
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  let own = known.items.filter(({ origin }) => origin === 'own').length
  for (const { key: sentKey, active, ...entry } of items) {
    const former = known.items.find(({ key }) => key === sentKey)
    const wanted = { ...entry, active }
    if (former && contentOf(former) === contentOf(wanted)) continue
    const key = sentKey ?? `own-${++own}`
    const row = { itemJson: JSON.stringify(entry), active: active ? 1 : 0, ...changed }
    await transaction
      .insertInto('checklistItem')
      .values({ deviceClass: known.deviceClass, key, ...row })
      .onConflict((conflict) => conflict.columns(['deviceClass', 'key']).doUpdateSet(row))
      .execute()
    if (former) before[key] = JSON.parse(contentOf(former))
    after[key] = wanted
  }
  return { before, after }
}

function contentOf({ label, help, clause, photo, measured, followUp, active }: SentItem): string {
  return JSON.stringify({ label, help, clause, photo, measured, followUp, active })
}

function toChecklist(deviceClass: DeviceClass, entries: readonly EffectiveEntry[]): Checklist {
  const items = entries.map(({ entry, ...about }): ChecklistEntryOut => {
    const { key, label, help, clause, photo = false, measured, followUp = 'work-order' } = entry
    return {
      key,
      label,
      ...(help ? { help } : {}),
      ...(clause ? { clause: clause as Clause } : {}),
      ...(measured ? { measured } : {}),
      photo,
      followUp,
      ...about,
    }
  })
  return {
    deviceClass,
    title: DEVICE_CLASSES[deviceClass],
    revision: Math.max(0, ...items.map(({ changedAtMs }) => changedAtMs ?? 0)),
    items,
  }
}
