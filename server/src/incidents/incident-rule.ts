import {
  type AlarmCondition,
  type AlarmSource,
  type AlarmState,
  type PointKind,
  type ReadingValue,
  upsTokens,
} from '@roomkeeper/shared/model'

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

type JoinReason = 'consequence' | 'same-device' | 'same-source' | 'same-power-event' | 'cooling-lost-with-power' | 'room-warming'

type IncidentDecision =
  | { action: 'join'; incidentId: number; reason: JoinReason }
  | { action: 'open'; reason: 'no-related-open-incident' }
  | { action: 'none'; reason: 'drill' | 'silenced' | 'cause-has-none' }

/** How the alarm stands when its incident is decided. */
export interface Standing {
  state: AlarmState
  drill: boolean
  /** The open incident of the alarm it is a consequence of. */
  causeIncidentId: number | null
}

/**
 * How far apart two alarms of one room may be and still be one event. A room without cooling heats to shutdown within minutes
 * (3 min 9 s at 5 kW per rack, Opengate), a lightly loaded one in about half an hour.
 */
export const SAME_EVENT_MS = 30 * 60_000
/**
 * A cause may be noticed this much after its consequence: a UPS is asked every 10 s and its alarm has no delay, but a slow bus, the delay
 * of a voltage limit or a clock that is a little off turn the order round.
 */
const NOTICED_LATER_MS = 2 * 60_000

const NORMAL: Standing = { state: 'UNACK', drill: false, causeIncidentId: null }

/** Kinds of points whose alarms can speak of the room as a whole (`roomCauseOf`). */
export const CAUSE_KINDS = [
  'ups-status',
  'voltage',
  'line-to-line-voltage',
  'battery-charge',
  'battery-runtime',
  'cooling-fault',
  'temperature',
] as const satisfies readonly PointKind[]

/** The room-wide cause an alarm speaks of. */
export function roomCauseOf(alarm: Pick<AlarmFacts, 'condition' | 'kind' | 'value'>): RoomCause | null {
  switch (alarm.kind) {
    case 'ups-status':
      return upsTokens(alarm.value).some((token) => ['OB', 'LB', 'FSD'].includes(token)) ? 'power' : null
    case 'voltage':
    case 'line-to-line-voltage':
      return alarm.condition === 'low' || alarm.condition === 'low-low' ? 'power' : null
    case 'battery-charge':
    case 'battery-runtime':
      return alarm.condition === 'low' || alarm.condition === 'low-low' ? 'power' : null
    case 'cooling-fault':
      return alarm.condition.startsWith('state') ? 'cooling' : null
    case 'temperature':
      return ['high', 'high-high', 'rate-of-change', 'time-to-limit'].includes(alarm.condition) ? 'warming' : null
    default:
      return null
  }
}

interface Join {
  other: RoomCause
  reason: JoinReason
  /** The other alarm is a consequence, which began no earlier than so long before this one, ms; absent: any time within the event. */
  leadMs?: number
}

/** An alarm of the left cause joins a room's incident that holds an alarm of one of the right causes, in whatever order they arrive. */
const JOINS: Record<RoomCause, readonly Join[]> = {
  power: [
    // Mains lost, UPS on battery, battery low: one event.
    { other: 'power', reason: 'same-power-event' },
    // Its consequence was told first. What was broken or warm well before the power went has another cause.
    { other: 'cooling', reason: 'cooling-lost-with-power', leadMs: NOTICED_LATER_MS },
    { other: 'warming', reason: 'room-warming', leadMs: -1 },
  ],
  // The air conditioner stops with the mains; a room that warmed first was already without cooling.
  cooling: [
    { other: 'power', reason: 'cooling-lost-with-power' },
    { other: 'cooling', reason: 'room-warming' },
    { other: 'warming', reason: 'room-warming' },
  ],
  warming: [
    { other: 'power', reason: 'room-warming' },
    { other: 'cooling', reason: 'room-warming' },
    { other: 'warming', reason: 'room-warming' },
  ],
}

/**
 * Which open incident an alarm belongs to: one incident per cause. The same device or source always joins; another device of the
 * room joins only when both alarms speak of the same event, at most 30 min apart by their own times. The oldest fitting incident wins.
 * A drill has none; what people have silenced opens none; what is suppressed by design joins its cause's and opens none.
 */
export function decideIncident(alarm: AlarmFacts, open: readonly OpenIncident[], standing: Standing = NORMAL): IncidentDecision {
  if (standing.drill) return { action: 'none', reason: 'drill' }
  if (standing.state === 'SHLVD' || standing.state === 'OOSRV') return { action: 'none', reason: 'silenced' }
  if (standing.causeIncidentId !== null) return { action: 'join', incidentId: standing.causeIncidentId, reason: 'consequence' }
  if (standing.state === 'DSUPR') return { action: 'none', reason: 'cause-has-none' }
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
      const match = JOINS[cause].find(({ other, leadMs = SAME_EVENT_MS }) =>
        near.some((one) => roomCauseOf(one) === other && one.atMs >= alarm.atMs - leadMs),
      )
      if (match) return { action: 'join', incidentId: incident.id, reason: match.reason }
    }
  return { action: 'open', reason: 'no-related-open-incident' }
}
