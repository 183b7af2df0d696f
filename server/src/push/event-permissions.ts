import type { Permission } from '@roomkeeper/shared/model'
import type { Change, ServerToBrowser } from '@roomkeeper/shared/push'

/**
 * The permission each event to a browser needs. `change` depends on its topic; `self` goes to everyone who is signed in, but its
 * transition number only to those who may read alarms.
 */
export const SERVER_EVENT_PERMISSIONS = {
  hello: 'self',
  tick: 'self',
  signedOut: 'self',
  live: 'readings.read',
  alarm: 'alarms.read',
  presence: 'incidents.read',
  change: 'by topic',
} as const satisfies Record<keyof ServerToBrowser, Permission | 'by topic'>

export const CHANGE_PERMISSIONS = {
  alarms: 'alarms.read',
  incidents: 'incidents.read',
  registers: 'registers.read',
  schedules: 'schedules.read',
  network: 'network.read',
  rooms: 'readings.read',
  agents: 'agents.read',
  notices: 'alarms.read',
  limits: 'readings.read',
  proof: 'alarms.read',
  thermal: 'readings.read',
} as const satisfies Record<Change['topic'], Permission>
