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
