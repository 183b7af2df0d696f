import { changeRow, removeRow } from './database.ts'

interface Lease {
  owner: string
  untilMs: number
}

/** A tab that was closed while it sent must not hold up the next one for long; one that is alive renews it in time. */
export const LEASE_MS = 10_000
const RENEW_MS = 3000

/** Whose turn it is to send: the one who has the lease until it runs out. Web locks would do it, but browsers give them only to pages under TLS. */
export function nextLease(lease: Lease | undefined, owner: string, nowMs: number): Lease | undefined {
  const isFree = lease === undefined || lease.owner === owner || lease.untilMs <= nowMs || lease.untilMs > nowMs + LEASE_MS
  return isFree ? { owner, untilMs: nowMs + LEASE_MS } : undefined
}

/** Runs `work` unless another tab is at it; says whether it ran. Should two run all the same, the server still takes everything once. */
export async function withLease(owner: string, work: () => Promise<void>): Promise<boolean> {
  const claim = async () => (await changeRow<Lease>('lease', 'sender', (lease) => nextLease(lease, owner, Date.now()))) !== undefined
  if (!(await claim())) return false
  const timer = setInterval(() => void claim().catch(() => undefined), RENEW_MS)
  const release = () => removeRow('lease', 'sender').catch(() => undefined)
  window.addEventListener('pagehide', release)
  try {
    await work()
  } finally {
    clearInterval(timer)
    window.removeEventListener('pagehide', release)
    await release()
  }
  return true
}
