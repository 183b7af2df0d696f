import { createHoldHandlers, type HoldsDeps } from './life/holds.ts'
import { createQualityHandlers, type QualityDeps } from './life/quality.ts'
import { createWindowHandlers } from './life/windows.ts'

export type LifeDeps = HoldsDeps & QualityDeps

/** Shelving, out of service, maintenance windows, and how good the alarms are. */
export function createLifeHandlers(deps: LifeDeps) {
  return { ...createHoldHandlers(deps), ...createWindowHandlers(deps), ...createQualityHandlers(deps) }
}
