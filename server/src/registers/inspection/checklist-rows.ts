import { DEVICE_CLASS_NAMES, type DeviceClass } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import { CHECKLISTS, type ChecklistEntry } from './checklists.ts'

/** An item of a class as it is asked now, and where it comes from. */
export interface EffectiveEntry {
  entry: ChecklistEntry
  active: boolean
  origin: 'default' | 'changed' | 'own'
  changedBy: string | null
  changedAtMs: number | null
}

/** Every class's items: the product's defaults, changed by what people set, and their own after them. */
export async function loadChecklists(db: Db): Promise<Record<DeviceClass, EffectiveEntry[]>> {
  const rows = Map.groupBy(await db.selectFrom('checklistItem').selectAll().orderBy('id').execute(), (row) => row.deviceClass)
  const classes = DEVICE_CLASS_NAMES.map((deviceClass): [DeviceClass, EffectiveEntry[]] => {
    const set = new Map((rows.get(deviceClass) ?? []).map((row) => [row.key, row]))
    const defaults = CHECKLISTS[deviceClass].map((entry): EffectiveEntry => {
      const row = set.get(entry.key)
      set.delete(entry.key)
      if (!row) return { entry, active: true, origin: 'default', changedBy: null, changedAtMs: null }
      // Of which alarms it speaks is not for people to set.
      const { alarmKinds } = entry
      const { changedBy, changedAtMs } = row
      return {
        entry: { ...entryOf(row), ...(alarmKinds ? { alarmKinds } : {}) },
        active: row.active === 1,
        origin: 'changed',
        changedBy,
        changedAtMs,
      }
    })
    const own = [...set.values()].map((row): EffectiveEntry => {
      const { changedBy, changedAtMs } = row
      return { entry: entryOf(row), active: row.active === 1, origin: 'own', changedBy, changedAtMs }
    })
    return [deviceClass, [...defaults, ...own]]
  })
  return Object.fromEntries(classes) as Record<DeviceClass, EffectiveEntry[]>
}

function entryOf({ key, itemJson }: { key: string; itemJson: string }): ChecklistEntry {
  return { ...(JSON.parse(itemJson) as ChecklistEntry), key }
}

/** Only what is asked. */
export function activeEntries(checklists: Record<DeviceClass, EffectiveEntry[]>): Record<DeviceClass, ChecklistEntry[]> {
  const classes = Object.entries(checklists).map(([deviceClass, entries]) => [
    deviceClass,
    entries.filter(({ active }) => active).map(({ entry }) => entry),
  ])
  return Object.fromEntries(classes) as Record<DeviceClass, ChecklistEntry[]>
}
