import { isIPv4 } from 'node:net'
import type { Metric } from '@roomkeeper/shared/sparkplug'
import type { AgentFault } from './node-session.ts'

/** Metrics by name; those without one are left out. */
export function byName(metrics: readonly Metric[]): Map<string, Metric> {
  return new Map(metrics.flatMap((metric) => (metric.name === undefined ? [] : [[metric.name, metric] as const])))
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : ''
}

/** The agent's own list of faults; text that is no such list counts as none. */
export function parseFaults(value: unknown): AgentFault[] {
  try {
    const faults: unknown = JSON.parse(typeof value === 'string' ? value : '[]')
    if (!Array.isArray(faults)) return []
    return faults.slice(0, 100).map((fault: Partial<AgentFault>) => ({
      device: typeof fault.device === 'string' ? fault.device.slice(0, 64) : null,
      kind: textOf(fault.kind),
      message: textOf(fault.message),
    }))
  } catch {
    return []
  }
}

/** An address that an agent sees in its network. */
export interface Neighbour {
  address: string
  /** Lower case with colons; empty: not known. */
  mac: string
  /** Sparkplug id of the agent's device that is there; empty: none that it reads. */
  device: string
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/

/** What an agent says of its network; entries that are no address are left out. */
export function parseNeighbours(value: unknown): Neighbour[] {
  try {
    const list: unknown = JSON.parse(typeof value === 'string' ? value : '[]')
    if (!Array.isArray(list)) return []
    return list.slice(0, 1000).flatMap((entry: unknown) => {
      const [address, mac, device] = Array.isArray(entry) ? (entry as unknown[]) : []
      if (typeof address !== 'string' || !isIPv4(address)) return []
      return [{ address, mac: typeof mac === 'string' && MAC.test(mac) ? mac : '', device: textOf(device) }]
    })
  } catch {
    return []
  }
}
