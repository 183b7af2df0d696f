import { describe, expect, it } from 'vitest'
import { hostsOf } from './hosts.ts'

describe('hosts of a subnet', () => {
  it('leaves out the network and the broadcast address', () => {
    expect(hostsOf('10.1.20.248/29')).toEqual(['10.1.20.249', '10.1.20.250', '10.1.20.251', '10.1.20.252', '10.1.20.253', '10.1.20.254'])
    expect(hostsOf('10.1.20.0/24')).toHaveLength(254)
  })

  it('takes all of a point-to-point link, and draws nothing of what is too large', () => {
    expect(hostsOf('10.0.0.4/31')).toEqual(['10.0.0.4', '10.0.0.5'])
    expect(hostsOf('10.0.0.0/16')).toEqual([])
    expect(hostsOf('nothing')).toEqual([])
  })
})
