import { accounts } from './accounts.ts'
import { agents } from './agents.ts'
import { alarms } from './alarms.ts'
import { devices } from './devices.ts'
import { history } from './history.ts'
import { incidents } from './incidents.ts'
import { inspections } from './inspections.ts'
import { life } from './life.ts'
import { limits } from './limits.ts'
import { notices } from './notices.ts'
import { outputs } from './outputs.ts'
import { proof } from './proof.ts'
import { registers } from './registers.ts'
import { rooms } from './rooms.ts'
import { schedules } from './schedules.ts'
import { session } from './session.ts'
import { system } from './system.ts'

/** The whole HTTP contract, mounted under /api. Validation, OpenAPI and the typed client follow from it. */
export const contract = {
  session,
  rooms,
  devices,
  outputs,
  history,
  limits,
  alarms,
  life,
  incidents,
  inspections,
  agents,
  accounts,
  notices,
  proof,
  registers,
  schedules,
  system,
}

export * from './accounts.ts'
export * from './agents.ts'
export * from './alarms.ts'
export type { RouteMeta } from './contract-base.ts'
export * from './devices.ts'
export * from './history.ts'
export * from './incidents.ts'
export * from './inspections.ts'
export * from './life.ts'
export * from './limits.ts'
export * from './notices.ts'
export * from './outputs.ts'
export * from './pairing.ts'
export * from './proof.ts'
export * from './registers.ts'
export * from './rooms.ts'
export * from './schedules.ts'
export * from './session.ts'
export * from './system.ts'
