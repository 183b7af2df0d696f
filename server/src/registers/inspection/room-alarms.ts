import { type AlarmCondition, isPointKind, POINT_KINDS } from '@roomkeeper/shared/model'
import type { SheetAlarm, Words } from '@roomkeeper/shared/registers'
import { alarmRows } from '../../api/alarm-rows.ts'
import { isMainsVoltage } from '../../api/leading-points.ts'
import { STANDING_STATES } from '../../api/point-rows.ts'
import type { Db } from '../../database/schema.ts'
import { CONDITION_WORDS } from '../../notify/render/words.ts'
import { itemsOfAlarm, type RoomItems } from './room-items.ts'

/** Alarms of the room whose condition stands, the worst news first: newest; and how many were raised since. */
export async function roomAlarms(
  db: Db,
  roomId: number,
  sinceMs: number,
  room: RoomItems,
): Promise<{ openAlarms: SheetAlarm[]; alarmsSince: number }> {
  const rows = await alarmRows(db)
    .select('point.key as pointKey')
    .where('alarm.roomId', '=', roomId)
    .where('alarm.active', '=', 1)
    .where('alarm.drill', '=', 0)
    .orderBy('alarm.raisedAtMs', 'desc')
    .orderBy('alarm.id', 'desc')
    .execute()
  const { count } = await db
    .selectFrom('alarm')
    .select((select) => select.fn.countAll().as('count'))
    .where('roomId', '=', roomId)
    .where('drill', '=', 0)
    .where('raisedAtMs', '>=', sinceMs)
    .executeTakeFirstOrThrow()
  const openAlarms = rows.map((row): SheetAlarm => {
    const isMains = isMainsVoltage({ key: row.pointKey ?? '', kind: row.pointKind === 'voltage' ? 'voltage' : 'number' })
    const about = { condition: row.condition, kind: row.pointKind, deviceId: row.deviceId, isMains }
    return {
      id: row.id,
      text: alarmText(row),
      priority: row.priority,
      state: row.state,
      raisedAtMs: row.raisedAtMs,
      // What people have shelved or taken out of service contradicts nobody.
      items: (STANDING_STATES as readonly string[]).includes(row.state) ? itemsOfAlarm(about, room) : [],
    }
  })
  return { openAlarms, alarmsSince: Number(count) }
}

interface AlarmNames {
  deviceName: string | null
  deviceNameEn: string | null
  pointName: string | null
  pointNameEn: string | null
  pointKind: string | null
  condition: string
}

export function alarmText(row: AlarmNames): Words {
  const kind = row.pointKind !== null && isPointKind(row.pointKind) ? POINT_KINDS[row.pointKind] : { zh: '', en: '' }
  const condition = CONDITION_WORDS[row.condition as AlarmCondition]
  return {
    zh: [row.deviceName, row.pointName || kind.zh, condition.zh].filter(Boolean).join(' '),
    en: [row.deviceNameEn || row.deviceName, row.pointNameEn || row.pointName || kind.en, condition.en].filter(Boolean).join(' '),
  }
}
