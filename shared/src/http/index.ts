import { accounts } from './accounts.ts'
import { agents } from './agents.ts'
import { alarms } from './alarms.ts'
import { checklists } from './checklists.ts'
import { devices } from './devices.ts'
import { firstRun } from './first-run.ts'
import { floorPlans } from './floor-plans.ts'
import { history } from './history.ts'
import { incidents } from './incidents.ts'
import { life } from './life.ts'
import { limits } from './limits.ts'
import { network } from './network.ts'
import { notices } from './notices.ts'
import { outputs } from './outputs.ts'
import { pack } from './pack.ts'
import { proof } from './proof.ts'
import { registers } from './registers.ts'
import { reports } from './reports.ts'
import { rooms } from './rooms.ts'
import { schedules } from './schedules.ts'
import { session } from './session.ts'
import { system } from './system.ts'
import { thermal } from './thermal.ts'

/** The whole HTTP contract, mounted under /api. Validation, OpenAPI and the typed client follow from it. */
export const contract = {
  session,
  rooms,
  floorPlans,
  devices,
  firstRun,
  outputs,
  pack,
  history,
  limits,
  alarms,
  life,
  incidents,
  agents,
  accounts,
  network,
  notices,
  proof,
  registers,
  reports,
  checklists,
  schedules,
  system,
  thermal,
}

export * from './accounts.ts'
export * from './agents.ts'
export * from './alarms.ts'
export * from './checklists.ts'
export type { RouteMeta } from './contract-base.ts'
export * from './devices.ts'
export * from './first-run.ts'
export * from './floor-plans.ts'
export * from './history.ts'
export * from './incidents.ts'
export * from './life.ts'
export * from './limits.ts'
export * from './network.ts'
export * from './notices.ts'
export * from './outputs.ts'
export * from './pack.ts'
export * from './pairing.ts'
export * from './proof.ts'
export * from './register-import.ts'
export * from './registers.ts'
export * from './reports.ts'
export * from './rooms.ts'
export * from './schedules.ts'
export * from './session.ts'
export * from './system.ts'
export * from './thermal.ts'
