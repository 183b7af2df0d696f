/** Roles of the hospital's regulation, and what each may do. This is the only permission table: HTTP routes and socket events name a permission from it. */
export const ROLES = {
  director: { zh: '分管领导', en: 'Director' },
  'department-head': { zh: '信息部门责任人', en: 'Department head' },
  'room-keeper': { zh: '机房管理员', en: 'Room keeper' },
  'system-administrator': { zh: '系统管理员', en: 'System administrator' },
  technician: { zh: '网络与硬件维护', en: 'Network & hardware technician' },
  'on-call': { zh: '值班人员', en: 'On-call' },
  'information-officer': { zh: '科室信息员', en: 'Department information officer' },
  auditor: { zh: '审计', en: 'Auditor' },
} as const
export type Role = keyof typeof ROLES
export const ROLE_NAMES = Object.keys(ROLES) as [Role, ...Role[]]

const KEEPERS = ['department-head', 'room-keeper', 'system-administrator', 'technician', 'on-call'] as const satisfies Role[]
const STAFF = ['director', ...KEEPERS, 'auditor'] as const satisfies Role[]

export const PERMISSIONS = {
  /** Own session, own password, own duty switch. */
  self: ROLE_NAMES,
  'readings.read': STAFF,
  'alarms.read': STAFF,
  'alarms.acknowledge': KEEPERS,
  'incidents.read': STAFF,
  'incidents.write': KEEPERS,
  'incidents.assign': ['department-head', 'room-keeper', 'system-administrator', 'on-call'],
  /** Review and close, or give back. */
  'incidents.review': ['department-head'],
  /** For a limited time, with a reason. */
  'alarms.shelve': KEEPERS,
  /** Out of service, and maintenance windows. */
  'maintenance.write': ['department-head', 'room-keeper', 'system-administrator', 'technician'],
  /** Each register names its own readers and writers (shared/src/registers). */
  'registers.read': ROLE_NAMES,
  'schedules.read': STAFF,
  'schedules.write': ['department-head', 'room-keeper', 'system-administrator'],
  /** IP table and switch ports. */
  'network.read': ['department-head', 'room-keeper', 'system-administrator', 'technician', 'on-call', 'auditor'],
  'network.write': ['system-administrator', 'technician'],
  /** The inspection pack: every clause with its evidence. */
  'pack.read': ['director', 'department-head', 'room-keeper', 'auditor'],
  /** Reports that are sent by mail; reading them needs `readings.read`. */
  'reports.write': ['department-head', 'room-keeper', 'system-administrator'],
  'rooms.write': ['department-head', 'room-keeper', 'system-administrator'],
  /** Relays and beacons. */
  'outputs.write': ['department-head', 'room-keeper', 'system-administrator'],
  'limits.write': ['department-head', 'room-keeper', 'system-administrator'],
  'channels.read': KEEPERS,
  /** Ways to tell people, and the escalation. */
  'channels.write': ['department-head', 'system-administrator'],
  /** Drills, the daily all-clear, the outside watcher. */
  'proof.write': ['department-head', 'system-administrator'],
  'roster.write': ['department-head', 'room-keeper', 'system-administrator'],
  'agents.read': ['department-head', 'room-keeper', 'system-administrator', 'technician', 'auditor'],
  'agents.write': ['system-administrator'],
  'accounts.write': ['system-administrator'],
  'audit.read': ['director', 'department-head', 'auditor'],
  'system.read': ['department-head', 'system-administrator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof PERMISSIONS

/** Whether any of the roles grants the permission. Denied by default. */
export function isAllowed(roles: readonly Role[], permission: Permission): boolean {
  const granted: readonly Role[] = PERMISSIONS[permission]
  return roles.some((role) => granted.includes(role))
}
