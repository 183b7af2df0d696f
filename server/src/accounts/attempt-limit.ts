/**
 * Wrong attempts are slowed down, never locked: the first `freeAttempts` cost nothing, then the wait doubles from 1 s to `maxDelayMs`.
 * The key holds the attacker's own address, so nobody can lock a colleague out from another machine.
 */
export interface AttemptLimitOptions {
  clock: { nowMs(): number }
  freeAttempts: number
  maxDelayMs: number
  /** Forgotten after this much quiet. */
  forgetAfterMs: number
}

/** Beyond this the oldest keys are forgotten, so that an attack cannot fill the memory (about 200 bytes each). */
const MAX_KEYS = 20_000

export class AttemptLimit {
  private readonly options: AttemptLimitOptions
  private readonly entries = new Map<string, { failures: number; blockedUntilMs: number; lastMs: number }>()

  constructor(options: AttemptLimitOptions) {
    this.options = options
  }

  /**
   * Counts an attempt as failed from its beginning, so that a hundred attempts at the same instant do not slip through while the
   * first is still being checked. Returns 0 when it may go on, else how long to wait, ms; a refused attempt is not counted.
   */
  begin(key: string): number {
    const nowMs = this.options.clock.nowMs()
    const known = this.entries.get(key)
    const entry = known && nowMs - known.lastMs < this.options.forgetAfterMs ? known : { failures: 0, blockedUntilMs: 0, lastMs: nowMs }
    if (nowMs < entry.blockedUntilMs) return entry.blockedUntilMs - nowMs
    entry.failures += 1
    entry.lastMs = nowMs
    const excess = entry.failures - this.options.freeAttempts
    if (excess >= 0) entry.blockedUntilMs = nowMs + Math.min(1000 * 2 ** Math.min(excess, 30), this.options.maxDelayMs)
    // Re-inserted, so that the map's order is the order of the last attempt.
    this.entries.delete(key)
    this.entries.set(key, entry)
    if (this.entries.size > MAX_KEYS) this.entries.delete(this.entries.keys().next().value as string)
    return 0
  }

  succeeded(key: string): void {
    this.entries.delete(key)
  }

  /** Takes back one counted attempt: it was not wrong, or could not be checked. */
  takeBack(key: string): void {
    const entry = this.entries.get(key)
    if (!entry) return
    entry.failures -= 1
    entry.blockedUntilMs = 0
    if (entry.failures <= 0) this.entries.delete(key)
  }
}

/** The network an address belongs to: an IPv6 subscriber owns a whole /64, so it counts as one. */
export function addressKey(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (v4) return v4[1] ?? address
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
