import type { ChecklistItem, DeviceClass, Words } from '@roomkeeper/shared/registers'
import { DEVICE_CLASSES } from '@roomkeeper/shared/registers'
import type { Band } from '../../limits/limit-band.ts'
import { type ChecklistEntry, MEASURED_ITEMS } from './checklists.ts'

/** One thing that stands in the room: a device that is watched, or an asset of the register. */
export interface RoomThing {
  class: DeviceClass
  name: Words
  /** Keeps its items apart from those of others, e.g. `d12` or `a34`. */
  key: string
  deviceId: number | null
  assetId: number | null
}

export interface RoomItems {
  items: ChecklistItem[]
  /** The devices of which an item speaks; the room's own items are not in it. */
  devicesOf: ReadonlyMap<string, readonly number[]>
}

/** Order of the classes on the sheet: what ends the room soonest comes first. */
const ORDER: readonly DeviceClass[] = ['ups', 'air-conditioner', 'power', 'fire', 'server', 'storage', 'network', 'generic']
/** So many of a class are looked at one by one; more of them in one walk along the racks, or the sheet would take an hour. */
const ONE_BY_ONE = 3
const ENVIRONMENT: Words = { zh: '环境与供电', en: 'Environment and power' }

/** The items of one room: what sensors see and people compare, what the room itself is, and each thing that stands in it. */
export function roomItems(
  things: readonly RoomThing[],
  checklists: Readonly<Record<DeviceClass, readonly ChecklistEntry[]>>,
  bandOf: (kind: string, deviceId?: number) => Band | undefined,
): RoomItems {
  const devicesOf = new Map<string, readonly number[]>()
  const measured = MEASURED_ITEMS.map((entry) => toItem(entry, ENVIRONMENT, entry.key, bandOf))
  const room = checklists.room.map((entry) => toItem(entry, DEVICE_CLASSES.room, entry.key, bandOf))
  const items = ORDER.flatMap((deviceClass) => {
    const ofClass = things.filter((thing) => thing.class === deviceClass)
    const groups = ofClass.length > ONE_BY_ONE ? [together(deviceClass, ofClass)] : ofClass.map((thing) => ({ ...thing, things: [thing] }))
    return groups.flatMap((group) =>
      checklists[deviceClass].map((entry) => {
        const key = [deviceClass, entry.key, group.key].filter(Boolean).join('-')
        devicesOf.set(
          key,
          group.things.flatMap(({ deviceId }) => deviceId ?? []),
        )
        return toItem(entry, group.name, key, bandOf, group)
      }),
    )
  })
  return { items: [...measured, ...room, ...items], devicesOf }
}

function together(deviceClass: DeviceClass, things: readonly RoomThing[]) {
  const { zh, en } = DEVICE_CLASSES[deviceClass]
  const count = things.length
  return { name: { zh: `${zh}（${count} 台）`, en: `${en} (${count})` }, key: '', deviceId: null, assetId: null, things }
}

function toItem(
  entry: ChecklistEntry,
  group: Words,
  key: string,
  bandOf: (kind: string, deviceId?: number) => Band | undefined,
  { deviceId, assetId }: Pick<RoomThing, 'deviceId' | 'assetId'> = { deviceId: null, assetId: null },
): ChecklistItem {
  const of = { ...(deviceId === null ? {} : { deviceId }), ...(assetId === null ? {} : { assetId }) }
  const { measured } = entry
  if (!measured) return { ...entry, key, group, ...of }
  const band = measured.kind === undefined ? undefined : bandOf(measured.kind, deviceId ?? undefined)
  const low = band && Number.isFinite(band.low) ? { low: band.low } : {}
  const high = band && Number.isFinite(band.high) ? { high: band.high } : {}
  return { ...entry, key, group, ...of, measured: { ...measured, ...low, ...high } }
}

/** Items that were answered stay, also when what they were about has gone meanwhile: an answer is never thrown away. */
export function withAnswered(
  items: readonly ChecklistItem[],
  before: readonly ChecklistItem[],
  answered: readonly string[],
): ChecklistItem[] {
  const known = new Set(items.map(({ key }) => key))
  return [...items, ...before.filter(({ key }) => !known.has(key) && answered.includes(key))]
}

/** What an alarm is about, as far as it decides of which items it speaks. */
export interface AlarmAbout {
  condition: string
  kind: string | null
  deviceId: number | null
  /** Of a voltage: it comes from the mains. */
  isMains: boolean
}

/** That nothing is heard of a sensor says nothing of what people look at. */
const OF_WATCHING = ['no-data', 'sensor-suspect', 'node-offline', 'clock-wrong', 'log-loss', 'log-filling', 'log-unavailable', 'overdue']

/** The items of which an alarm speaks: none of them is simply normal while it stands. */
export function itemsOfAlarm(alarm: AlarmAbout, { items, devicesOf }: RoomItems): string[] {
  if (OF_WATCHING.includes(alarm.condition)) return []
  const isOfKind = ({ alarmKinds }: ChecklistItem): boolean =>
    (alarmKinds as readonly string[] | undefined)?.includes(alarm.kind ?? '') ?? false
  const ofRoom = items.filter((item) => !devicesOf.has(item.key) && isOfKind(item) && (alarm.kind !== 'voltage' || alarm.isMains))
  const { deviceId } = alarm
  const ofDevice = deviceId === null ? [] : items.filter(({ key }) => devicesOf.get(key)?.includes(deviceId))
  const named = ofDevice.filter(isOfKind)
  // The first item of a class speaks of the whole device.
  const whole = named.length > 0 || ofRoom.length > 0 ? named : ofDevice.slice(0, 1)
  return [...ofRoom, ...whole].map(({ key }) => key)
}
