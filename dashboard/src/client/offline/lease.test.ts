import { describe, expect, it } from 'vitest'
import { LEASE_MS, nextLease } from './lease.ts'

describe('whose turn it is to send', () => {
  it('is one tab’s at a time, until it lets go or stays silent', () => {
    const lease = nextLease(undefined, 'a', 1000)
    expect(lease).toEqual({ owner: 'a', untilMs: 1000 + LEASE_MS })
    expect(nextLease(lease, 'b', 2000)).toBeUndefined()
    expect(nextLease(lease, 'a', 2000)?.untilMs).toBe(2000 + LEASE_MS)
    expect(nextLease(lease, 'b', 1000 + LEASE_MS)?.owner).toBe('b')
  })

  it('does not wait for a clock that was set back', () => {
    expect(nextLease({ owner: 'a', untilMs: 10 * LEASE_MS }, 'b', 1000)?.owner).toBe('b')
  })
})
