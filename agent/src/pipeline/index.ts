import { type Calibration, POINT_KINDS, type PointKindInfo } from '@roomkeeper/shared/model'
import type { PointOverride } from '../config/index.ts'
import type { DeviceDescription, PointDescription, RawReading } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { deriveDewPoint, derivedDewPoints } from './dew-point.ts'
import { type JumpMemory, judgeJump } from './jump.ts'
import { bad, judgeValue } from './validity.ts'

export interface Pipeline {
  /** The device's points as they are published: corrected by the configuration, with derived ones. */
  points: readonly PointDescription[]
  /** Judges one scan. `monotonicMs` is when it was read, on a clock that never jumps. */
  process(raw: readonly RawReading[], monotonicMs: number): Reading[]
}

/** What agent.yaml and people say of a device's points, by key. */
export interface PipelineSettings {
  overrides?: Readonly<Record<string, PointOverride>>
  calibrations?: Readonly<Record<string, Calibration>>
}

/** The way of a device's raw readings: value → calibration → jump → derived. The order here is the order of the steps. */
export function createPipeline(description: DeviceDescription, { overrides = {}, calibrations = {} }: PipelineSettings = {}): Pipeline {
  const measured = description.points
    .filter((point) => overrides[point.key]?.ignore !== true)
    .map((point) => corrected(point, overrides[point.key]))
  const dewPoints = derivedDewPoints(measured)
  const memories = new Map<string, JumpMemory>()

  const calibrated = (reading: Reading): Reading => {
    const offset = calibrations[reading.key]?.offset ?? 0
    return offset === 0 || typeof reading.value !== 'number' || reading.quality === 'bad'
      ? reading
      : { ...reading, value: withoutFloatNoise(reading.value + offset) }
  }

  const judgeJumpOf = (point: PointDescription, reading: Reading, monotonicMs: number): Reading => {
    if (reading.quality === 'bad' || typeof reading.value !== 'number') return reading
    const { isImpossible, memory } = judgeJump(point.kind, memories.get(point.key), reading.value, monotonicMs)
    memories.set(point.key, memory)
    return isImpossible ? bad(point.key, reading.value, 'impossible-jump') : reading
  }

  return {
    points: [...measured, ...dewPoints.map((dewPoint) => corrected(dewPoint.point, overrides[dewPoint.point.key]))],
    process(raw, monotonicMs) {
      const rawByKey = new Map(raw.map((reading) => [reading.key, reading]))
      const readings = measured
        .filter((point) => point.reportsWithinMs === undefined || rawByKey.has(point.key))
        .map((point) => judgeJumpOf(point, calibrated(judgeValue(point, rawByKey.get(point.key))), monotonicMs))
      if (dewPoints.length === 0) return readings
      const byKey = new Map(readings.map((reading) => [reading.key, reading]))
      const derivable = dewPoints.filter(({ temperatureKey, humidityKey }) => byKey.has(temperatureKey) && byKey.has(humidityKey))
      return [...readings, ...derivable.map((dewPoint) => deriveDewPoint(dewPoint, byKey))]
    },
  }
}

function corrected(point: PointDescription, override: PointOverride | undefined): PointDescription {
  if (override === undefined) return point
  const result = { ...point }
  if (override.name) result.name = override.name
  if (override.low !== undefined || override.high !== undefined) {
    const kind: PointKindInfo = POINT_KINDS[point.kind]
    const range = point.range ?? kind.range ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
    result.range = { low: override.low ?? range.low, high: override.high ?? range.high }
  }
  return result
}

/** 23.1 + 0.2 is 23.300000000000004; no sensor is that fine. */
function withoutFloatNoise(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
