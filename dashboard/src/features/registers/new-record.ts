import type { RecordFields, RegisterDefinition } from '@roomkeeper/shared/registers'
import type { RecordOrigin } from './use-record-draft.ts'

const LINK = /^(record|incident|alarm):(\d+)$/

/** What a new record comes from, as its address says: `link=incident:5` (with `kind=`), `schedule=3`. */
export function originOf(search: URLSearchParams): RecordOrigin {
  const scheduleId = Number(search.get('schedule'))
  const [, target, targetId] = LINK.exec(search.get('link') ?? '') ?? []
  const kind = (['follow-up', 'cause', 'during', 'concerns'] as const).find((each) => each === search.get('kind')) ?? 'cause'
  return {
    ...(Number.isInteger(scheduleId) && scheduleId > 0 ? { scheduleId } : {}),
    ...(target ? { link: { kind, target: target as 'record' | 'incident' | 'alarm', targetId: Number(targetId) } } : {}),
  }
}

const HOUR_MS = 3_600_000
const STEP_MS = 5 * 60_000
/** Most visits are for now, and short; another time is chosen where it is not so. By register: fields, and how long it usually is. */
const USUALLY_NOW: Readonly<Record<string, { from: string; until: string; lengthMs: number }>> = {
  visit: { from: 'plannedFrom', until: 'plannedUntil', lengthMs: 2 * HOUR_MS },
}

/** What a new record begins with: the room of the address, or the only one there is where one must be named; and its usual time. */
export function prefillOf(
  definition: RegisterDefinition,
  search: URLSearchParams,
  rooms: readonly { id: number; name: string }[],
  nowMs: number,
): RecordFields {
  const field = definition.fields.find(({ key, type, when }) => key === 'room' && type === 'room' && !when)
  const named = rooms.find(({ id }) => id === Number(search.get('room')))
  const room = named ?? (field?.required && rooms.length === 1 ? rooms[0] : undefined)
  const usual = USUALLY_NOW[definition.name]
  const fromMs = Math.ceil(nowMs / STEP_MS) * STEP_MS
  return {
    ...(field && room ? { room: { id: room.id, name: room.name } } : {}),
    ...(usual ? { [usual.from]: fromMs, [usual.until]: fromMs + usual.lengthMs } : {}),
  }
}
