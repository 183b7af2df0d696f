import type { Permission } from '@roomkeeper/shared/model'

/** Headings of the menu: what the room does, who watches it, what is written down, how it is set up. */
export const NAVIGATION_GROUPS = ['watch', 'duty', 'records', 'settings'] as const
type NavigationGroup = (typeof NAVIGATION_GROUPS)[number]

/** The pages in the menu, in order, with the permission each needs. */
export const NAVIGATION = [
  { path: '/', name: 'overview', group: 'watch', permission: 'readings.read' },
  { path: '/alarms', name: 'alarms', group: 'watch', permission: 'alarms.read' },
  { path: '/incidents', name: 'incidents', group: 'watch', permission: 'incidents.read' },
  { path: '/history', name: 'history', group: 'watch', permission: 'readings.read' },
  { path: '/devices', name: 'devices', group: 'watch', permission: 'readings.read' },
  { path: '/roster', name: 'roster', group: 'duty', permission: 'alarms.read' },
  { path: '/notices', name: 'notices', group: 'duty', permission: 'alarms.read' },
  { path: '/maintenance', name: 'maintenance', group: 'duty', permission: 'alarms.read' },
  { path: '/proof', name: 'proof', group: 'duty', permission: 'alarms.read' },
  { path: '/alarm-quality', name: 'alarmQuality', group: 'duty', permission: 'alarms.read' },
  { path: '/registers', name: 'registers', group: 'records', permission: 'registers.read' },
  { path: '/inspections', name: 'inspections', group: 'records', permission: 'schedules.read' },
  { path: '/calendar', name: 'calendar', group: 'records', permission: 'schedules.read' },
  { path: '/reports', name: 'reports', group: 'records', permission: 'readings.read' },
  { path: '/pack', name: 'pack', group: 'records', permission: 'pack.read' },
  { path: '/network', name: 'network', group: 'records', permission: 'network.read' },
  { path: '/limits', name: 'limits', group: 'settings', permission: 'readings.read' },
  { path: '/agents', name: 'agents', group: 'settings', permission: 'agents.read' },
  { path: '/accounts', name: 'accounts', group: 'settings', permission: 'accounts.write' },
  { path: '/audit', name: 'audit', group: 'settings', permission: 'audit.read' },
] as const satisfies { path: string; name: string; group: NavigationGroup; permission: Permission }[]

export type NavigationName = (typeof NAVIGATION)[number]['name']
/** Shown in the phone's bottom bar; the rest is behind "more". */
export const PHONE_NAMES: ReadonlySet<NavigationName> = new Set<NavigationName>([
  'overview',
  'alarms',
  'incidents',
  'inspections',
  'registers',
])
