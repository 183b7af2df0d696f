import type { PointDescription, RawReading } from '../driver.ts'
import type { SysfsTree } from './tree.ts'

/** A point below /sys: what it is, and how its reading comes out of its files. */
export interface SysfsSensor {
  description: PointDescription
  /** Rejects when a file cannot be read; the driver turns that into "sensor error". */
  read(tree: SysfsTree, signal: AbortSignal): Promise<RawReading>
}

/** Finds the sensors of one kernel subsystem; none when the machine does not have it. */
export type SensorFinder = (tree: SysfsTree) => Promise<SysfsSensor[]>

/** A number in a file; NaN when the text is none. */
export function parseNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text)
}

export function numberReading(key: string, value: number): RawReading {
  return Number.isFinite(value) ? { key, value: Number(value.toPrecision(12)) } : { key, value: null, bad: 'not-a-number' }
}

/** Names as part of a key: what a metric name may not hold becomes `-`. */
export function keyPart(name: string): string {
  return name.trim().replace(/[\s/+#.]+/g, '-')
}
