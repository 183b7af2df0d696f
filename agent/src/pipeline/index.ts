import { type Calibration, POINT_KINDS, type PointKindInfo } from '@roomkeeper/shared/model'
import type { PointOverride } from '../config/index.ts'
import type { DeviceDescription, PointDescription, RawReading } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { deriveDewPoint, derivedDewPoints } from './dew-point.ts'
import { isFrozen, mayFreeze, newStillness, type StillnessMemory } from './frozen.ts'
import { type JumpMemory, judgeJump } from './jump.ts'
import { judgeNeighbours, neighbourhoodsOf } from './neighbours.ts'
import { type ContradictionMemory, resolveStatus, saidReading, statusSourcesOf } from './ups-status.ts'
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

/** One point with what the steps remember of it. */
interface MeasuredPoint {
  point: PointDescription
  offset: number
  mayFreeze: boolean
  stillness?: StillnessMemory
  jump?: JumpMemory
}

/**
 * The way of a device's raw readings: value → frozen → calibration → jump, point by point; then neighbours → UPS status → derived, which
 * look at the whole scan. The order here is the order of the steps.
 */
export function createPipeline(description: DeviceDescription, { overrides = {}, calibrations = {} }: PipelineSettings = {}): Pipeline {
  const measured = description.points
    .filter((point) => overrides[point.key]?.ignore !== true)
    .map((point) => corrected(point, overrides[point.key]))
  const states = measured.map(
    (point): MeasuredPoint => ({ point, offset: calibrations[point.key]?.offset ?? 0, mayFreeze: mayFreeze(point) }),
  )
  const neighbourhoods = neighbourhoodsOf(measured)
  const status = statusSourcesOf(measured)
  const said = status && overrides[status.said.key]?.ignore !== true ? [corrected(status.said, overrides[status.said.key])] : []
  const dewPoints = derivedDewPoints(measured)
  let contradiction: ContradictionMemory | undefined

  const judgeAlone = (state: MeasuredPoint, raw: RawReading | undefined, monotonicMs: number): Reading =>
    judgeJumpOf(state, calibrated(judgeFrozenOf(state, judgeValue(state.point, raw), monotonicMs), state.offset), monotonicMs)

  return {
    points: [...measured, ...said, ...dewPoints.map(({ point }) => corrected(point, overrides[point.key]))],
    process(raw, monotonicMs) {
      const rawByKey = new Map(raw.map((reading) => [reading.key, reading]))
      const alone = states
        .filter(({ point }) => point.reportsWithinMs === undefined || rawByKey.has(point.key))
        .map((state) => judgeAlone(state, rawByKey.get(state.point.key), monotonicMs))
      if (neighbourhoods.length === 0 && status === undefined && dewPoints.length === 0) return alone
      const byKey = new Map(alone.map((reading) => [reading.key, reading]))
      judgeNeighbours(neighbourhoods, byKey, monotonicMs)
      const statusReading = status && byKey.get(status.statusKey)
      if (status && statusReading) {
        const { reading, memory } = resolveStatus(statusReading, status, byKey, contradiction, monotonicMs)
        contradiction = memory
        byKey.set(reading.key, reading)
        if (said.length > 0) byKey.set(status.said.key, saidReading(status, rawByKey))
      }
      const derivable = dewPoints.filter(({ temperatureKey, humidityKey }) => byKey.has(temperatureKey) && byKey.has(humidityKey))
      return [...byKey.values(), ...derivable.map((dewPoint) => deriveDewPoint(dewPoint, byKey))]
    },
  }
}

function judgeFrozenOf(state: MeasuredPoint, reading: Reading, monotonicMs: number): Reading {
  if (!state.mayFreeze || reading.quality === 'bad' || typeof reading.value !== 'number') return reading
  if (state.stillness === undefined) {
    state.stillness = newStillness(reading.value, monotonicMs)
    return reading
  }
  const frozen = isFrozen(state.stillness, reading.value, monotonicMs, state.point.kind)
  return frozen ? bad(reading.key, reading.value, 'frozen') : reading
}

function calibrated(reading: Reading, offset: number): Reading {
  if (offset === 0 || typeof reading.value !== 'number' || reading.quality === 'bad') return reading
  return { ...reading, value: withoutFloatNoise(reading.value + offset) }
}

function judgeJumpOf(state: MeasuredPoint, reading: Reading, monotonicMs: number): Reading {
  if (reading.quality === 'bad' || typeof reading.value !== 'number') return reading
  const { isImpossible, memory } = judgeJump(state.point.kind, state.jump, reading.value, monotonicMs)
  state.jump = memory
  return isImpossible ? bad(reading.key, reading.value, 'impossible-jump') : reading
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
