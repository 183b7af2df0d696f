import type { Alarm } from '@roomkeeper/shared/http'

type Cause = NonNullable<Alarm['cause']>

export interface CauseGroup {
  cause: Cause
  alarms: Alarm[]
}

/** Suppressed alarms under the alarm that causes them, the largest group first. */
export function byCause(alarms: readonly Alarm[]): CauseGroup[] {
  const groups = new Map<number, CauseGroup>()
  for (const alarm of alarms) {
    const { cause } = alarm
    if (!cause) continue
    const group = groups.get(cause.alarmId)
    if (group) group.alarms.push(alarm)
    else groups.set(cause.alarmId, { cause, alarms: [alarm] })
  }
  return [...groups.values()].sort((a, b) => b.alarms.length - a.alarms.length || a.cause.alarmId - b.cause.alarmId)
}

export interface RoomFold {
  roomId: number | null
  roomName: string | null
  alarms: Alarm[]
}

/** While there are more alarms than people can read: those of low priority become one line per room. A single one stays as it is. */
export function foldLow(alarms: readonly Alarm[]): { shown: Alarm[]; folds: RoomFold[] } {
  const folds = new Map<number | null, RoomFold>()
  for (const alarm of alarms) {
    if (alarm.priority !== 'low' || alarm.drill) continue
    const fold = folds.get(alarm.roomId) ?? { roomId: alarm.roomId, roomName: alarm.roomName, alarms: [] }
    fold.alarms.push(alarm)
    folds.set(alarm.roomId, fold)
  }
  const worth = [...folds.values()].filter((fold) => fold.alarms.length > 1).sort((a, b) => b.alarms.length - a.alarms.length)
  const folded = new Set(worth.flatMap((fold) => fold.alarms.map(({ id }) => id)))
  return { shown: alarms.filter(({ id }) => !folded.has(id)), folds: worth }
}
