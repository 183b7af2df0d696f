import type { RecordFields, Reference } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import type { DeviceEntry } from '../../ingest/entries.ts'
import { assetClassOf, deviceClassOf } from './device-class.ts'
import type { RoomThing } from './room-items.ts'

/** What stands in a room: the devices that are watched there, and the assets kept there. What is both is one thing, of the class that people gave it. */
export async function roomThings(db: Db, devices: Iterable<DeviceEntry>, roomId: number): Promise<RoomThing[]> {
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'title', 'fieldsJson'])
    .where('register', '=', 'asset')
    .where('roomId', '=', roomId)
    .where('phase', '=', 'kept')
    .orderBy('id')
    .execute()
  const assets = rows.map(({ id, title, fieldsJson }) => {
    const fields = JSON.parse(fieldsJson) as RecordFields
    const device = fields.device as Reference | null | undefined
    return { id, title, deviceId: device?.id ?? null, class: assetClassOf(String(fields.category ?? '')) }
  })
  const watched = [...devices].filter((device) => device.room.id === roomId && !device.retired && !device.isDrill)
  const ofDevices = watched.flatMap((device): RoomThing[] => {
    const asset = assets.find(({ deviceId, title }) => deviceId === device.id || title === device.name)
    const kinds = new Set([...device.points.values()].map(({ kind }) => kind as string))
    const ofClass = asset?.class ?? deviceClassOf({ ...device, kinds })
    const name = { zh: device.name, en: device.nameEn || device.name }
    return ofClass === null ? [] : [{ class: ofClass, name, key: `d${device.id}`, deviceId: device.id, assetId: asset?.id ?? null }]
  })
  const isWatched = (asset: (typeof assets)[number]): boolean =>
    watched.some((device) => asset.deviceId === device.id || asset.title === device.name)
  const onlyKept = assets
    .filter((asset) => !isWatched(asset))
    .map(({ id, title, ...asset }): RoomThing => ({ ...asset, name: { zh: title, en: title }, key: `a${id}`, deviceId: null, assetId: id }))
  return [...ofDevices.sort((a, b) => a.name.zh.localeCompare(b.name.zh, 'zh')), ...onlyKept]
}
