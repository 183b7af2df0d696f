import type { PointDescription } from '../../driver.ts'
import type { ReportedPoint } from '../../reported-value.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** What a message said. */
export interface Heard {
  /** Points with their values. They become fresh readings unless the message had been retained. */
  points?: readonly ReportedPoint[]
  /** Points known without a value, e.g. from a Home Assistant configuration. */
  described?: readonly PointDescription[]
  /** Keys of points that are gone. */
  removed?: readonly string[]
  /** Availability or last will. */
  isOnline?: boolean
  maker?: string
  model?: string
  /** Further topics to listen to. */
  topics?: readonly string[]
  /** What could not be understood, for the log. A message nothing of which was understood makes the points of its topic bad. */
  problems?: readonly string[]
}

/** How messages of one make are read. It may remember what it heard; it does no input or output and never throws for what a device sends. */
export interface DeviceFormat {
  /** Topics or filters to listen to. */
  topics: readonly string[]
  /** Topic with the measurements, for the message that nothing came. */
  expected: string
  hear(topic: string, payload: string): Heard
  /** Messages may have been missed. */
  forget?(): void
}

/** The JSON of a message, or why it is none. */
export function parseJson(payload: string): { json: unknown } | { problem: string } {
  try {
    return { json: JSON.parse(payload) as unknown }
  } catch {
    return { problem: `not JSON: ${payload.slice(0, 60)}` }
  }
}

/** Every point of a device that reports by itself says how often. */
export function within(points: readonly ReportedPoint[], reportsWithinMs: number): ReportedPoint[] {
  return points.map(({ description, reading }) => ({ description: { ...description, reportsWithinMs }, reading }))
}
