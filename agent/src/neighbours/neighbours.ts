import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import type { DeviceConfig } from '../config/index.ts'

/** An address that this agent sees in its network: `[IPv4, MAC or '', device id or '']`. */
export type Neighbour = readonly [address: string, mac: string, device: string]

const ARP_TABLE = '/proc/net/arp'
/** Linux, include/uapi/linux/if_arp.h: the entry has been answered. */
const ATF_COM = 0x2
/** One machine-room network; a list beyond this is cut so that the message stays below 64 kB. */
const MAX_NEIGHBOURS = 1000
const READ_EVERY_MS = 5 * 60_000

/** The addresses in the kernel's ARP table, and those at which devices are configured; sorted, each once. */
export function parseNeighbours(arpTable: string, devices: readonly Pick<DeviceConfig, 'id' | 'options'>[]): Neighbour[] {
  const found = new Map<string, { mac: string; device: string }>()
  for (const line of arpTable.split('\n').slice(1)) {
    const [address = '', , flags = '', mac = ''] = line.trim().split(/\s+/)
    if (!isIPv4(address) || (Number(flags) & ATF_COM) === 0 || mac === '00:00:00:00:00:00') continue
    found.set(address, { mac: mac.toLowerCase(), device: '' })
  }
  for (const { id, options } of devices) {
    const address = addressOf(options)
    if (address !== undefined) found.set(address, { mac: found.get(address)?.mac ?? '', device: id })
  }
  return [...found]
    .map(([address, { mac, device }]) => [address, mac, device] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_NEIGHBOURS)
}

/** Drivers name the other side `host` or `url`; names instead of addresses are left to the ARP table. */
function addressOf(options: unknown): string | undefined {
  const { host, url } = (options ?? {}) as { host?: unknown; url?: unknown }
  if (typeof host === 'string' && isIPv4(host) && !host.startsWith('127.')) return host
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  return isIPv4(hostname) && !hostname.startsWith('127.') ? hostname : undefined
}

/** Looks each five minutes; `onRead` gets the list. Systems without an ARP table in /proc tell of configured devices alone. */
export class NeighbourWatch {
  private readonly options: {
    devices: readonly Pick<DeviceConfig, 'id' | 'options'>[]
    onRead(neighbours: Neighbour[]): void
    path?: string
  }
  private timer: NodeJS.Timeout | undefined
  current: readonly Neighbour[] = []

  constructor(options: NeighbourWatch['options']) {
    this.options = options
  }

  async start(): Promise<void> {
    await this.read()
    this.timer = setInterval(() => void this.read(), READ_EVERY_MS)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async read(): Promise<void> {
    const table = await readFile(this.options.path ?? ARP_TABLE, 'utf8').catch(() => '')
    const next = parseNeighbours(table, this.options.devices)
    if (JSON.stringify(next) === JSON.stringify(this.current)) return
    this.current = next
    this.options.onRead(next)
  }
}
