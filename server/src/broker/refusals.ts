import type { Logger } from 'pino'
import type { RefusalKind } from './broker.ts'

/** One line a minute for each kind and peer: a misconfigured agent that tries every second must not fill the disk. */
const LOG_INTERVAL_MS = 60_000
/** Peers remembered; beyond it the oldest is forgotten, so strangers cannot fill the memory either. */
const PEERS_REMEMBERED = 1000

/** Counts every refusal and logs the first of each kind and peer in a minute, with how many were left out since. */
export interface Refusals {
  add(kind: RefusalKind, peer: { username: string | undefined; address: string | undefined }, sentence: string): void
  counts(): Readonly<Partial<Record<RefusalKind, number>>>
}

export function createRefusals(log: Logger, clock: { nowMs(): number }): Refusals {
  const counts: Partial<Record<RefusalKind, number>> = {}
  const peers = new Map<string, { loggedAtMs: number; leftOut: number }>()
  return {
    counts: () => counts,
    add(kind, { username, address }, sentence) {
      counts[kind] = (counts[kind] ?? 0) + 1
      // The name a stranger chose is data, not text: bounded here, and quoted by the logger.
      const shownUsername = username?.slice(0, 128)
      const key = `${kind} ${address} ${shownUsername}`
      const known = peers.get(key)
      const nowMs = clock.nowMs()
      if (known && nowMs - known.loggedAtMs < LOG_INTERVAL_MS) {
        known.leftOut += 1
        return
      }
      peers.delete(key)
      peers.set(key, { loggedAtMs: nowMs, leftOut: 0 })
      if (peers.size > PEERS_REMEMBERED) peers.delete(peers.keys().next().value as string)
      log.warn({ kind, username: shownUsername, address, leftOut: known?.leftOut ?? 0 }, `refused: ${sentence}`)
    },
  }
}
