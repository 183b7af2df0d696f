import type { PartState } from '@roomkeeper/shared/http'
import type { Logger } from 'pino'

const LOOK_EVERY_MS = 2000

/** Says once in the log when a part of the server falls ill and once when it is well again; between the two /healthz tells. */
export function logHealthChanges(health: () => Record<string, PartState>, log: Logger): { stop(): void } {
  const ill = new Map<string, number>()
  const look = (): void => {
    for (const [part, { ok, message }] of Object.entries(health())) {
      const sinceMs = ill.get(part)
      if (!ok && sinceMs === undefined) {
        ill.set(part, performance.now())
        log.error({ module: 'health', part, reason: message }, 'a part is not well; nothing is lost, the agents keep what cannot be stored')
      }
      if (ok && sinceMs !== undefined) {
        ill.delete(part)
        log.info({ module: 'health', part, afterMs: Math.round(performance.now() - sinceMs) }, 'the part is well again')
      }
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
