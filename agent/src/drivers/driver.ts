import type { BadReason, PointKind, ReadingValue } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { Logger } from 'pino'
import type { z } from 'zod'

/** A point as a device offers it. `key` is unique on the device, stable over restarts, and becomes the Sparkplug metric name. */
export interface PointDescription {
  key: string
  kind: PointKind
  unit: Unit
  /** Narrower than the kind's own range where the device's data sheet says so. */
  range?: { low: number; high: number }
  /** Values this device sends for "no reading"; they become quality bad, reason sentinel. */
  sentinels?: readonly number[]
  /** What the line is built for, in the point's unit (120 V, 60 Hz), where the device says so: the server's default limits go by it. */
  nominal?: number
  name?: { zh: string; en: string }
  /**
   * The device sends this point by itself, at least so often (ms), as battery-powered sensors do. A scan without it says only that nothing
   * new came; every other point that a scan leaves out is taken for one that could not be read.
   */
  reportsWithinMs?: number
  /** An output (relay, beacon) that `write` switches. */
  isWritable?: boolean
}

/** What is known of a device once it answered. */
export interface DeviceDescription {
  maker?: string
  model?: string
  points: readonly PointDescription[]
}

/** One value read. `bad` is set when the device itself says the value cannot be used. */
export interface RawReading {
  key: string
  value: ReadingValue
  bad?: BadReason
}

/** One opened device. `read` gives every point of the description in one scan; a point that could not be read is present with `bad`. */
export interface DeviceConnection {
  /**
   * The device speaks by itself, also while it is not known yet: after a failed description or scan the connection stays open, and
   * `describe` is asked again on it. Without this it is closed, and opened anew.
   */
  readonly listensWhileUnread?: boolean
  /** Points appeared, changed or went since the last `describe`, which is asked again before the next scan. Not a fault. */
  readonly isDescriptionStale?: boolean
  describe(): Promise<DeviceDescription>
  /** Reads all points once. Rejects with a DriverError when the device as a whole does not answer. Must end within `timeoutMs` of the signal's owner. */
  read(signal: AbortSignal): Promise<readonly RawReading[]>
  /** Switches an output of the description; resolves when the device has confirmed it. Rejects with a DriverError. */
  write?(key: string, value: ReadingValue, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** What a driver may use. The clock and the logger are passed in; a driver never reads global state. */
export interface DriverContext {
  log: Logger
  clock: { nowMs(): number }
  /** Bounds each network request, ms. */
  timeoutMs: number
  /** Asks for a scan now instead of at the next interval: the device said by itself that something changed (a trap, a message). */
  wake(): void
  /** Folder with the user's own device profiles beside those that come with the agent. */
  profilesDir?: string
}

/**
 * A driver: one folder under `drivers/`, one line in `drivers/index.ts`. The folder's name is the configuration key.
 * `options` is the schema of the device's own keys in agent.yaml: type, check, default and sentence together.
 * Its index.ts holds only name, summary and options; `open` imports the rest, so that an agent loads no library it does not use.
 */
export interface Driver<Options = unknown> {
  name: string
  /** What it speaks to, in one sentence each, for help texts. */
  summary: { zh: string; en: string }
  options: z.ZodType<Options>
  /** Opens a device. Does no I/O that can hang beyond `context.timeoutMs`. */
  open(options: Options, context: DriverContext): Promise<DeviceConnection>
}

export type DriverErrorKind =
  /** No answer: try again later. */
  | 'unreachable'
  /** The device refused who we are. */
  | 'denied'
  /** The device answered something its protocol does not allow. */
  | 'garbage'
  /** agent.yaml asks for something the device does not have. Tried again slowly all the same: a device that is starting may not have it yet. */
  | 'configuration'

/** The only error a driver throws on purpose. `retryable` says whether trying again soon can help. */
export class DriverError extends Error {
  readonly kind: DriverErrorKind
  readonly retryable: boolean
  constructor(kind: DriverErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'DriverError'
    this.kind = kind
    this.retryable = kind !== 'configuration'
  }
}
