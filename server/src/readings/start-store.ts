import type { Logger } from 'pino'
import type { ReadingStore } from './reading-store.ts'

const RETRY_MS = 5000

/**
 * Brings the store up, and tries again for as long as it is away: the server starts without it, alarms do not need it, and readings
 * wait in the agents' logs. `stop` ends the attempts.
 */
export function startStore(store: ReadingStore, log: Logger): { firstAttempt: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let lastReason = ''
  const attempt = async (): Promise<void> => {
    const answer = await store.start()
    if (answer.kind === 'ready') {
      log.info({ module: 'readings', store: store.kind, version: answer.version }, 'readings store is ready')
      return
    }
    if (answer.reason !== lastReason)
      log.error(
        { module: 'readings', store: store.kind, kind: answer.kind, reason: answer.reason },
        'readings store is not ready; trying again',
      )
    lastReason = answer.reason
    timer = setTimeout(() => void attempt(), RETRY_MS)
  }
  return { firstAttempt: attempt(), stop: () => clearTimeout(timer) }
}
