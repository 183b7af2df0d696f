import type { AlarmCondition, AlarmSource, ReadingValue } from '@roomkeeper/shared/model'

/** What is known of an alarm when its incident is decided. */
export interface AlarmFacts {
  source: AlarmSource
  sourceId: number
  condition: AlarmCondition
  /** Kind of the point, null when the alarm is not about a point. */
  kind: string | null
  value: ReadingValue
  /** When the condition became true at the device. */
  atMs: number
  roomId: number | null
  deviceId: number | null
}

export interface OpenIncident {
  id: number
  roomId: number | null
  deviceId: number | null
  openedAtMs: number
  alarms: readonly AlarmFacts[]
}

/** What an alarm says about the room as a whole; null = only about its own device. */
type RoomCause = 'power' | 'cooling' | 'warming'

type IncidentDecision =
  | {
      action: 'join'
      incidentId: number
      reason: 'same-device' | 'same-source' | 'same-power-event' | 'cooling-lost-with-power' | 'room-warming'
    }
  | { action: 'open'; reason: 'no-related-open-incident' }

/**
 * How far apart two alarms of one room may be and still be one event. A room without cooling heats to shutdown within minutes
 * (3 min 9 s at 5 kW per rack, Opengate), a lightly loaded one in about half an hour.
 */
export const SAME_EVENT_MS = 30 * 60_000

/** The room-wide cause an alarm speaks of. */
export function roomCauseOf(alarm: Pick<AlarmFacts, 'condition' | 'kind' | 'value'>): RoomCause | null {
  switch (alarm.kind) {
    case 'ups-status':
      return typeof alarm.value === 'string' && alarm.value.split(/\s+/).some((token) => ['OB', 'LB', 'FSD'].includes(token))
        ? 'power'
        : null
    case 'voltage':
    case 'line-to-line-voltage':
      return alarm.condition === 'low' || alarm.condition === 'low-low' ? 'power' : null
    case 'battery-charge':
    case 'battery-runtime':
      return alarm.condition === 'low' || alarm.condition === 'low-low' ? 'power' : null
    case 'cooling-fault':
      return alarm.condition.startsWith('state') ? 'cooling' : null
    case 'temperature':
      return ['high', 'high-high', 'rate-of-change'].includes(alarm.condition) ? 'warming' : null
    default:
      return null
  }
}

/** An alarm of the left cause joins a room's incident that holds an alarm of one of the right causes. */
const JOINS: Record<RoomCause, readonly (readonly [RoomCause, Extract<IncidentDecision, { action: 'join' }>['reason']])[]> = {
  // Mains lost, UPS on battery, battery low: one event.
  power: [['power', 'same-power-event']],
  // The air conditioner stops with the mains; a room that warmed first was already without cooling.
  cooling: [
    ['power', 'cooling-lost-with-power'],
    ['cooling', 'room-warming'],
    ['warming', 'room-warming'],
  ],
  warming: [
    ['power', 'room-warming'],
    ['cooling', 'room-warming'],
    ['warming', 'room-warming'],
  ],
}

/**
 * Which open incident an alarm belongs to: one incident per cause. The same device or source always joins; another device of the
 * room joins only when both alarms speak of the same event, at most 30 min apart by their own times. The oldest fitting incident wins.
 */
export function decideIncident(alarm: AlarmFacts, open: readonly OpenIncident[]): IncidentDecision {
  const oldestFirst = [...open].sort((a, b) => a.openedAtMs - b.openedAtMs || a.id - b.id)
  for (const incident of oldestFirst) {
    const sameDevice = alarm.deviceId !== null && [incident, ...incident.alarms].some((one) => one.deviceId === alarm.deviceId)
    if (sameDevice) return { action: 'join', incidentId: incident.id, reason: 'same-device' }
    const sameSource = incident.alarms.some((one) => one.source === alarm.source && one.sourceId === alarm.sourceId)
    if (sameSource) return { action: 'join', incidentId: incident.id, reason: 'same-source' }
  }
  const cause = roomCauseOf(alarm)
  if (cause !== null && alarm.roomId !== null)
    for (const incident of oldestFirst) {
      if (incident.roomId !== alarm.roomId) continue
      const near = incident.alarms.filter((one) => one.roomId === alarm.roomId && Math.abs(alarm.atMs - one.atMs) <= SAME_EVENT_MS)
      const causes = near.map(roomCauseOf)
      const match = JOINS[cause].find(([other]) => causes.includes(other))
      if (match) return { action: 'join', incidentId: incident.id, reason: match[1] }
    }
  return { action: 'open', reason: 'no-related-open-incident' }
}
