import { describe, expect, it } from 'vitest'
import { ChannelError } from './channel.ts'
import { networkAccess } from './network-access.ts'

const isAllowed = (address: string, networks: string[], isPlain = false): boolean => {
  try {
    networkAccess(networks).check(address, isPlain)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(ChannelError)
    return false
  }
}

describe('networkAccess', () => {
  it.each(['8.8.8.8', '93.184.215.14', '2606:2800:220:1::1'])('allows the public %s with TLS only', (address) => {
    expect(isAllowed(address, [])).toBe(true)
    expect(isAllowed(address, [], true)).toBe(false)
    expect(isAllowed(address, [address], true)).toBe(true)
  })

  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    'fd00:ec2::254',
    'no address',
  ])('refuses %s unless it is listed', (address) => {
    expect(isAllowed(address, [])).toBe(false)
    expect(isAllowed(address, ['0.0.0.0/0', '::/0'])).toBe(false)
  })

  it.each([
    ['10.1.2.3', '10.1.0.0/16'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['192.168.1.5', '192.168.1.5'],
    ['::ffff:10.1.2.3', '10.1.2.3/32'],
    ['fd00::1', 'fd00::/8'],
    ['::1', '::1'],
  ])('allows %s when %s is listed, without TLS too', (address, network) => {
    expect(isAllowed(address, [network], true)).toBe(true)
  })
})
