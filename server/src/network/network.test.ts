import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conflictsOf, SEEN_DAYS } from './conflicts.ts'
import { ipv4Number, ipv4Text, isWithin, parseSubnet } from './ipv4.ts'
import { expandPorts } from './port-range.ts'

const NOW_MS = Date.UTC(2026, 5, 1)
const today = { mac: 'aa:bb:cc:00:11:22', lastSeenMs: NOW_MS - 60_000 }
const entry = { state: 'used', mac: 'aa:bb:cc:00:11:22' }

describe('where the IP table and the agents differ', () => {
  it('is nowhere when both say the same', () => {
    expect(conflictsOf(entry, [today], true, NOW_MS)).toEqual([])
    expect(conflictsOf({ ...entry, mac: '' }, [today], true, NOW_MS)).toEqual([])
    expect(conflictsOf({ state: 'reserved', mac: '' }, [], true, NOW_MS)).toEqual([])
  })

  it('names each difference', () => {
    expect(conflictsOf(undefined, [today], true, NOW_MS)).toEqual(['unknown'])
    expect(conflictsOf({ state: 'free', mac: '' }, [today], true, NOW_MS)).toEqual(['not-used'])
    expect(conflictsOf({ ...entry, mac: '00:00:00:00:00:01' }, [today], true, NOW_MS)).toEqual(['mac-differs'])
    expect(conflictsOf(entry, [today, { ...today, mac: '00:00:00:00:00:02' }], true, NOW_MS)).toEqual(['two-macs'])
    expect(conflictsOf(entry, [], true, NOW_MS)).toEqual(['not-seen'])
  })

  it('does not call unseen what nobody watches, and forgets old sights', () => {
    expect(conflictsOf(entry, [], false, NOW_MS)).toEqual([])
    const old = { ...today, lastSeenMs: NOW_MS - SEEN_DAYS * 86_400_000 }
    expect(conflictsOf(undefined, [old], true, NOW_MS)).toEqual([])
    expect(conflictsOf(entry, [old], true, NOW_MS)).toEqual(['not-seen'])
  })
})

describe('IPv4', () => {
  it('is the same after being made a number', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(octet, octet, octet, octet, (...octets) => {
        expect(ipv4Text(ipv4Number(octets.join('.')))).toBe(octets.join('.'))
      }),
    )
  })

  it('knows the hosts of a subnet', () => {
    const subnet = parseSubnet('10.1.20.0/28')
    if ('problem' in subnet) throw new Error(subnet.problem)
    expect([ipv4Text(subnet.hostFirst), ipv4Text(subnet.hostLast)]).toEqual(['10.1.20.1', '10.1.20.14'])
    expect(isWithin(subnet, ipv4Number('10.1.20.15'))).toBe(true)
    expect(isWithin(subnet, ipv4Number('10.1.20.16'))).toBe(false)
  })

  it('says where a subnet would begin', () => {
    expect(parseSubnet('10.1.20.5/24')).toEqual({ problem: expect.stringContaining('10.1.20.0/24') })
    expect(parseSubnet('10.1.300.0/24')).toEqual({ problem: expect.stringContaining('10.1.20.0/24') })
  })
})

describe('ports', () => {
  it('come one by one or as a range', () => {
    expect(expandPorts('GE1/0/7')).toEqual(['GE1/0/7'])
    expect(expandPorts('GE1/0/[9-11]')).toEqual(['GE1/0/9', 'GE1/0/10', 'GE1/0/11'])
    expect(expandPorts('P[01-03]')).toEqual(['P01', 'P02', 'P03'])
    expect(expandPorts('P[5-3]')).toEqual({ problem: expect.stringContaining('200') })
    expect(expandPorts('P[1-')).toEqual({ problem: expect.stringContaining('[1-24]') })
  })
})
