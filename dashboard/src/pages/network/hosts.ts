/** A /23 has 510 hosts; more cells than that are no picture any more. */
const LARGEST = 512

/** The host addresses of a subnet in order; empty for one that is too large to be drawn. */
export function hostsOf(cidr: string): string[] {
  const [network = '', prefix = ''] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  const octets = network.split('.').map(Number)
  if (octets.length !== 4 || octets.some(Number.isNaN) || !(size <= LARGEST)) return []
  const first = octets.reduce((value, octet) => value * 256 + octet, 0)
  const [from, to] = size <= 2 ? [first, first + size - 1] : [first + 1, first + size - 2]
  return Array.from({ length: to - from + 1 }, (_, index) =>
    [24, 16, 8, 0].map((shift) => Math.floor((from + index) / 2 ** shift) % 256).join('.'),
  )
}
