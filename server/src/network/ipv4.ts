import ipaddr from 'ipaddr.js'

/** An IPv4 subnet as numbers. */
export interface Ipv4Subnet {
  first: number
  last: number
  /** Without the network's own and the broadcast address; of /31 and /32 all. */
  hostFirst: number
  hostLast: number
}

export function ipv4Number(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((value, octet) => value * 256 + octet, 0)
}

export function ipv4Text(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

/** The subnet, or what is wrong with the text. */
export function parseSubnet(cidr: string): Ipv4Subnet | { problem: string } {
  let network: [ipaddr.IPv4, number]
  try {
    network = ipaddr.IPv4.parseCIDR(cidr)
  } catch {
    return { problem: `“${cidr}”不是网段，如 10.1.20.0/24 / “${cidr}” is not a subnet such as 10.1.20.0/24` }
  }
  const [address, prefix] = network
  const size = 2 ** (32 - prefix)
  const given = ipv4Number(address.toString())
  const first = given - (given % size)
  if (first !== given) {
    const right = `${ipv4Text(first)}/${prefix}`
    return { problem: `“${cidr}”不是网段的首地址，应为 ${right} / “${cidr}” does not begin a subnet; meant ${right}?` }
  }
  const last = first + size - 1
  return prefix >= 31 ? { first, last, hostFirst: first, hostLast: last } : { first, last, hostFirst: first + 1, hostLast: last - 1 }
}

export function isWithin(subnet: Pick<Ipv4Subnet, 'first' | 'last'>, address: number): boolean {
  return address >= subnet.first && address <= subnet.last
}
