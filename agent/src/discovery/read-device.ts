import { setTimeout as delay } from 'node:timers/promises'
import type { Quality } from '@roomkeeper/shared/model'
import type { PointOverride } from '../config/index.ts'
import type { DeviceConnection, DeviceDescription, Driver, DriverContext, PointDescription, RawReading } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { createPipeline } from '../pipeline/index.ts'
import { withDeadline } from '../poller/deadline.ts'
import { OPEN_DEADLINE_TIMEOUTS } from '../poller/device-poller.ts'

const RETRY_MS = 100

/** A reading, or `stale`: what the device sends by itself did not come yet, or is of unknown age. */
export interface SnapshotReading extends Omit<Reading, 'quality'> {
  quality: Quality
}

/** A device as one scan found it, after the pipeline. */
export interface DeviceSnapshot {
  maker?: string
  model?: string
  timeMs: number
  points: { point: PointDescription; reading: SnapshotReading }[]
}

export interface DeviceToRead {
  driver: Driver
  options: unknown
  overrides?: Readonly<Record<string, PointOverride>>
  context: DriverContext
}

/** Opens a device, reads it once as the agent would, and closes it. Rejects with a DriverError, by the agent's own deadlines. */
export async function readDevice({ driver, options, overrides = {}, context }: DeviceToRead): Promise<DeviceSnapshot> {
  const deadlineMs = context.timeoutMs * OPEN_DEADLINE_TIMEOUTS
  const never = new AbortController().signal
  const connection = await withDeadline(
    'opening',
    deadlineMs,
    never,
    () => driver.open(options, context),
    (late) => void late.close().catch(() => {}),
  )
  try {
    const description = await withDeadline('describing', deadlineMs, never, () => connection.describe())
    const raw = await withDeadline('the scan', deadlineMs, never, (signal) => readWhole(connection, description, context.timeoutMs, signal))
    const pipeline = createPipeline(description, { overrides })
    const byKey = new Map(pipeline.process(raw, performance.now()).map((reading) => [reading.key, reading]))
    return {
      maker: description.maker,
      model: description.model,
      timeMs: context.clock.nowMs(),
      // What a device sends by itself may not have come yet.
      points: pipeline.points.map((point) => ({
        point,
        reading: byKey.get(point.key) ?? { key: point.key, value: null, quality: 'stale' },
      })),
    }
  } finally {
    await connection.close().catch(() => {})
  }
}

/** One scan; from a device that speaks by itself as many as fit into `timeoutMs`, until each point came once. */
async function readWhole(
  connection: DeviceConnection,
  { points }: DeviceDescription,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly RawReading[]> {
  const endMs = performance.now() + timeoutMs
  const readings = new Map<string, RawReading>()
  for (;;) {
    for (const reading of await connection.read(signal)) readings.set(reading.key, reading)
    const isWhole = points.every(({ key }) => readings.has(key))
    if (isWhole || connection.listensWhileUnread !== true || performance.now() > endMs) return [...readings.values()]
    await delay(RETRY_MS, undefined, { signal })
  }
}
