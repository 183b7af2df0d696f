import { describe, expect, it } from 'vitest'
import { AttemptLimit, addressKey } from './attempt-limit.ts'

const OPTIONS = { freeAttempts: 3, maxDelayMs: 60_000, forgetAfterMs: 900_000 }

function startLimit() {
  const clock = { ms: 1_000_000, nowMs: () => clock.ms }
  return { clock, limit: new AttemptLimit({ clock, ...OPTIONS }) }
}

describe('AttemptLimit', () => {
  it('lets the first attempts through, then doubles the wait up to the longest', () => {
    const { clock, limit } = startLimit()
    const waits: number[] = []
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const waitMs = limit.begin('key')
      waits.push(waitMs)
      clock.ms += waitMs
      if (waitMs > 0) expect(limit.begin('key')).toBe(0)
    }
    expect(waits).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  it('counts attempts that begin at the same instant before any of them has failed', () => {
    const { limit } = startLimit()
    const answers = Array.from({ length: 100 }, () => limit.begin('key'))
    expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(3)
  })

  it('does not lengthen the wait for attempts it refused', () => {
    const { clock, limit } = startLimit()
    while (limit.begin('key') === 0);
    for (let attempt = 0; attempt < 1000; attempt += 1) limit.begin('key')
    clock.ms += 1000
    expect(limit.begin('key')).toBe(0)
  })

  it('keeps keys apart, and forgets one after success or quiet', () => {
    const { clock, limit } = startLimit()
    while (limit.begin('attacker') === 0);
    expect(limit.begin('owner')).toBe(0)
    limit.succeeded('attacker')
    expect(limit.begin('attacker')).toBe(0)
    while (limit.begin('quiet') === 0);
    clock.ms += OPTIONS.forgetAfterMs
    for (let attempt = 0; attempt < OPTIONS.freeAttempts; attempt += 1) expect(limit.begin('quiet')).toBe(0)
  })
})

describe('addressKey', () => {
  it.each([
    ['192.168.1.7', '192.168.1.7'],
    ['::ffff:192.168.1.7', '192.168.1.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
