import type { AlarmCondition, AlarmPriority } from '@roomkeeper/shared/model'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { NodeSession } from './node-session.ts'

/** An alarm about an agent itself. Its room is that of its devices when they are all in one. */
export function nodeSignal(
  session: NodeSession,
  condition: AlarmCondition & ('log-loss' | 'log-filling' | 'log-unavailable' | 'node-offline' | 'clock-wrong'),
  priority: AlarmPriority,
  atMs: number,
  value: number | null = null,
): AlarmSignal {
  const rooms = new Set([...session.entry.devices.values()].map((device) => device.room.id))
  const roomId = rooms.size === 1 ? ([...rooms][0] as number) : null
  return ownSignal({ source: 'node', sourceId: session.entry.id, condition, priority, atMs, value, roomId })
}
