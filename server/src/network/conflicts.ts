import type { AddressConflict } from '@roomkeeper/shared/http'

/** What the table says of one address; undefined: nothing. */
export interface TableEntry {
  state: string
  mac: string
}

/** One agent's sight of an address. */
export interface Sight {
  mac: string
  lastSeenMs: number
}

/** A sight older than this says nothing of today. */
export const SEEN_DAYS = 30
const SEEN_MS = SEEN_DAYS * 86_400_000

/** Where table and agents say different things of one address. `isWatched`: some agent sees addresses of its subnet, so that not being seen means something. */
export function conflictsOf(entry: TableEntry | undefined, sights: readonly Sight[], isWatched: boolean, nowMs: number): AddressConflict[] {
  const recent = sights.filter(({ lastSeenMs }) => nowMs - lastSeenMs < SEEN_MS)
  const macs = new Set(recent.flatMap(({ mac }) => (mac === '' ? [] : [mac])))
  const found: AddressConflict[] = []
  if (recent.length > 0 && !entry) found.push('unknown')
  if (recent.length > 0 && entry && entry.state !== 'used') found.push('not-used')
  if (macs.size > 1) found.push('two-macs')
  if (entry?.mac && macs.size > 0 && !macs.has(entry.mac)) found.push('mac-differs')
  if (entry?.state === 'used' && recent.length === 0 && isWatched) found.push('not-seen')
  return found
}
