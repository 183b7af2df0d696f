import type { PointOverride } from '../config/index.ts'
import type { Driver, DriverContext, PointDescription } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { createPipeline } from '../pipeline/index.ts'
import { withDeadline } from '../poller/deadline.ts'
import { OPEN_DEADLINE_TIMEOUTS } from '../poller/device-poller.ts'

/** A device as one scan found it, after the pipeline. */
export interface DeviceSnapshot {
  maker?: string
  model?: string
  timeMs: number
  points: { point: PointDescription; reading: Reading }[]
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
    const raw = await withDeadline('the scan', deadlineMs, never, (signal) => connection.read(signal))
    const pipeline = createPipeline(description, { overrides })
    const byKey = new Map(pipeline.process(raw, performance.now()).map((reading) => [reading.key, reading]))
    return {
      maker: description.maker,
      model: description.model,
      timeMs: context.clock.nowMs(),
      points: pipeline.points.flatMap((point) => {
        const reading = byKey.get(point.key)
        return reading === undefined ? [] : [{ point, reading }]
      }),
    }
  } finally {
    await connection.close().catch(() => {})
  }
}
