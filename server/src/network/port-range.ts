const MAX_PORTS = 200

/** `GE1/0/[1-24]` is 24 ports; without brackets it is one. A range that cannot be right comes back as the problem. */
export function expandPorts(text: string): string[] | { problem: string } {
  const match = /^(.*)\[(\d{1,4})-(\d{1,4})\](.*)$/.exec(text)
  if (!match) return /[[\]]/.test(text) ? { problem: `范围写作 GE1/0/[1-24] / a range is written GE1/0/[1-24]` } : [text]
  const [, before = '', from = '', to = '', after = ''] = match
  const first = Number(from)
  const last = Number(to)
  if (last < first || last - first >= MAX_PORTS)
    return { problem: `范围须由小到大，最多 ${MAX_PORTS} 个 / a range rises and has ${MAX_PORTS} ports at most` }
  return Array.from({ length: last - first + 1 }, (_, index) => `${before}${String(first + index).padStart(from.length, '0')}${after}`)
}
