import type { Permission } from '@roomkeeper/shared/model'

/** The pages in the menu, in order, with the permission each needs. */
export const NAVIGATION = [
  { path: '/', name: 'overview', permission: 'readings.read' },
  { path: '/alarms', name: 'alarms', permission: 'alarms.read' },
  { path: '/incidents', name: 'incidents', permission: 'incidents.read' },
  { path: '/inspections', name: 'inspections', permission: 'inspections.read' },
  { path: '/notices', name: 'notices', permission: 'alarms.read' },
  { path: '/roster', name: 'roster', permission: 'alarms.read' },
  { path: '/maintenance', name: 'maintenance', permission: 'alarms.read' },
  { path: '/proof', name: 'proof', permission: 'alarms.read' },
  { path: '/alarm-quality', name: 'alarmQuality', permission: 'alarms.read' },
  { path: '/history', name: 'history', permission: 'readings.read' },
  { path: '/devices', name: 'devices', permission: 'readings.read' },
  { path: '/limits', name: 'limits', permission: 'readings.read' },
  { path: '/agents', name: 'agents', permission: 'agents.read' },
  { path: '/accounts', name: 'accounts', permission: 'accounts.write' },
  { path: '/audit', name: 'audit', permission: 'audit.read' },
] as const satisfies { path: string; name: string; permission: Permission }[]

export type NavigationName = (typeof NAVIGATION)[number]['name']
/** Shown in the phone's bottom bar; the rest is behind "more". */
export const PHONE_NAMES: ReadonlySet<NavigationName> = new Set<NavigationName>(['overview', 'alarms', 'incidents', 'inspections'])
