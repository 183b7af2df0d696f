import { type AlarmCondition, isPointKind, POINT_KINDS } from '@roomkeeper/shared/model'
import type { Db } from '../../database/schema.ts'
import { CONDITION_WORDS } from '../../notify/render/words.ts'

export interface Label {
  zh: string
  en: string
  roomId: number | null
}

/** What a hold or a maintenance window is about, in both languages: room, device, point, and for one alarm its condition. */
export async function holdLabel(db: Db, hold: { scope: string; scopeId: number; condition?: string | null }): Promise<Label> {
  if (hold.scope === 'alarm') {
    const alarm = await db
      .selectFrom('alarm')
      .select(['roomId', 'deviceId', 'pointId', 'condition'])
      .where('id', '=', hold.scopeId)
      .executeTakeFirst()
    if (!alarm) return { zh: '', en: '', roomId: null }
    const thing =
      alarm.pointId !== null
        ? await thingLabel(db, 'point', alarm.pointId)
        : alarm.deviceId !== null
          ? await thingLabel(db, 'device', alarm.deviceId)
          : await thingLabel(db, 'room', alarm.roomId ?? 0)
    const words = CONDITION_WORDS[alarm.condition as AlarmCondition]
    return { zh: joined(thing?.zh, words.zh), en: joined(thing?.en, words.en), roomId: alarm.roomId }
  }
  return (await thingLabel(db, hold.scope, hold.scopeId)) ?? { zh: '', en: '', roomId: null }
}

/** undefined: there is no such point, device or room. */
export async function thingLabel(db: Db, scope: string, id: number): Promise<Label | undefined> {
  if (scope === 'room') {
    const room = await db.selectFrom('room').select('name').where('id', '=', id).executeTakeFirst()
    return room && { zh: room.name, en: room.name, roomId: id }
  }
  if (scope === 'device') {
    const device = await db.selectFrom('device').select(['name', 'nameEn', 'device', 'roomId']).where('id', '=', id).executeTakeFirst()
    if (!device) return undefined
    const room = await thingLabel(db, 'room', device.roomId)
    const name = device.name || device.device
    return { zh: joined(room?.zh, name), en: joined(room?.en, device.nameEn || name), roomId: device.roomId }
  }
  const point = await db.selectFrom('point').select(['name', 'nameEn', 'key', 'kind', 'deviceId']).where('id', '=', id).executeTakeFirst()
  if (!point) return undefined
  const device = await thingLabel(db, 'device', point.deviceId)
  const kind = isPointKind(point.kind) && point.kind !== 'number' && point.kind !== 'text' ? POINT_KINDS[point.kind] : undefined
  const zh = point.name || kind?.zh || point.key
  return {
    zh: joined(device?.zh, zh),
    en: joined(device?.en, point.nameEn || point.name || kind?.en || point.key),
    roomId: device?.roomId ?? null,
  }
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(' · ')
}
