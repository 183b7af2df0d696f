import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { z } from 'zod'
import { ChannelError } from './channel.ts'

/** `10.1.0.0/16`, `192.168.1.5`, `fd00::/8`. */
const network = z
  .string()
  .refine((text) => parseNetwork(text) !== undefined, '应为 IP 地址或网段，如 10.1.0.0/16 · an address or a network like 10.1.0.0/16')

/** The setting of every channel that posts to an address somebody typed in. */
export const allowedNetworks = z
  .array(network)
  .default([])
  .describe(
    '允许访问的内网地址或网段（如 10.1.0.0/16）；公网地址无需填写 · Addresses or networks inside the hospital that may be reached, like 10.1.0.0/16; public ones need no entry',
  )

interface Network {
  address: string
  prefix: number
  family: 'ipv4' | 'ipv6'
  contains(address: string): boolean
}

/**
 * Not the public Internet (IANA special-purpose address registries, RFC 6890): reachable only by an entry that lies inside the same
 * block, so that 0.0.0.0/0 opens neither the loopback nor the metadata service of a cloud (169.254.169.254).
 */
const SPECIAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  // IPv6: tunnels and documentation inside 2000::/3, then all that is outside it, the narrowest block first.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  ...['::/96', '64:ff9b::/96', 'fe80::/10', 'ff00::/8', 'fc00::/7', '::/3', '4000::/2', '8000::/1'],
].map(mustParse)

/** Decides which addresses a channel may connect to. */
export interface NetworkAccess {
  /** Whether the address was allowed by name, not only because it is public. */
  isListed(address: string): boolean
  /** Throws a ChannelError of kind `configuration` for an address that may not be reached. `isPlain`: without TLS. */
  check(address: string, isPlain: boolean): void
  /** For `net.connect`: resolves and checks, so that what was checked is what is connected to. */
  lookup(isPlain: boolean): LookupFunction
}

/** `networks` as the setting gives them. */
export function networkAccess(networks: readonly string[]): NetworkAccess {
  const allowed = networks.map(mustParse)
  const isListed = (text: string): boolean => {
    const address = withoutMapping(text)
    const block = SPECIAL.find(({ contains }) => contains(address))
    return allowed.some(({ contains, prefix }) => contains(address) && prefix >= (block?.prefix ?? 0))
  }
  const check = (text: string, isPlain: boolean): void => {
    if (isIP(text) !== 0 && isListed(text)) return
    if (isIP(text) === 0 || SPECIAL.some(({ contains }) => contains(withoutMapping(text))))
      throw new ChannelError('configuration', `地址 ${text} 不在允许的内网网段中 · ${text} is not among the allowed networks`)
    if (isPlain) throw new ChannelError('configuration', '公网地址必须使用 https:// · a public address is reached by https:// only')
  }
  const lookup =
    (isPlain: boolean): LookupFunction =>
    (name, options, done) =>
      resolveName(name, { ...options, all: true }, (error, found) => {
        if (error !== null) return done(error, [])
        try {
          // One forbidden answer refuses the name: a mixed answer is how a name is turned against its resolver.
          for (const { address } of found) check(address, isPlain)
        } catch (refusal) {
          return done(refusal as NodeJS.ErrnoException, [])
        }
        const [first] = found
        if (options.all === true || first === undefined) done(null, found)
        else done(null, first.address, first.family)
      })
  return { isListed, check, lookup }
}

/** `::ffff:127.0.0.1` is 127.0.0.1 for the kernel. */
function withoutMapping(address: string): string {
  const bare = address.split('%')[0] ?? ''
  if (isIP(bare) !== 6) return bare
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$|^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(
    new URL(`http://[${bare}]`).hostname.slice(1, -1),
  )
  if (mapped === null) return bare
  if (mapped[3] !== undefined) return mapped[3]
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', prefixText, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0 || (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText))) return undefined
  const [family, bits] = version === 4 ? (['ipv4', 32] as const) : (['ipv6', 128] as const)
  const prefix = prefixText === undefined ? bits : Number(prefixText)
  if (prefix > bits) return undefined
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return { address, prefix, family, contains: (other) => isIP(other) === version && list.check(other, family) }
}

function mustParse(text: string): Network {
  const parsed = parseNetwork(text)
  if (parsed === undefined) throw new Error(`not a network: ${text}`)
  return parsed
}
