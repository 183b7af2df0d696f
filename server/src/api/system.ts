import type { PartState } from '@roomkeeper/shared/http'
import { api } from './base.ts'

/** Version, clock and the state of each part. */
export function createSystemHandlers(options: { version: string; clock: { nowMs(): number }; health(): Record<string, PartState> }) {
  return {
    state: api.system.state.handler(() => ({ version: options.version, nowMs: options.clock.nowMs(), parts: options.health() })),
  }
}
