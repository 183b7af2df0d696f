import type { CurvePoint } from './gap-fit.ts'

/** One moment of a room: temperature where it is judged (cold aisle, rack inlet), and the heat of racks or UPS where it is measured. */
export interface RoomSample {
  atMs: number
  celsius: number
  heatWatts?: number
}

/** A stretch of a gap: mean rise and mean heat (null where nothing measures it) around `seconds` after the gap's beginning. */
export interface CurveStretch {
  seconds: number
  riseKelvin: number
  heatWatts: number | null
  /** How many readings it stands for; 1 where that was not kept. */
  readings?: number
}

export const FEWEST_SAMPLES = 6
/** Less than this is not a room that warms. */
export const LEAST_RISE_KELVIN = 0.3
/** Before a gap: this long is averaged as the temperature it starts from, without its end, in which a loss noted late has begun already. */
const BASE_MS = 120_000
const NOTED_LATE_MS = 10_000
/** Fine where the air rises fast, coarser after: a twelfth of the time that has passed, about 35 stretches in 12 min and 60 in three hours. */
const NARROWEST_MS = 10_000
const WIDTH_SHARE = 0.08
/** K; a reading this far from both its neighbours is the sensor's (85 °C after a reset), not the room's. */
const WILD_KELVIN = 3

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean heat over the samples that have it, or null. */
export function meanHeat(samples: readonly RoomSample[]): number | null {
  const heats = samples.flatMap(({ heatWatts }) => (heatWatts === undefined || heatWatts <= 0 ? [] : [heatWatts]))
  return heats.length === 0 ? null : mean(heats)
}

/** In order of time, without single wild readings. */
export function inOrder(samples: readonly RoomSample[]): RoomSample[] {
  const sorted = [...samples].sort((a, b) => a.atMs - b.atMs)
  return sorted.filter(({ celsius }, index) => {
    const away = [sorted[index - 1], sorted[index + 1]].flatMap((other) => (other === undefined ? [] : [celsius - other.celsius]))
    return away.length < 2 || !(away.every((kelvin) => kelvin > WILD_KELVIN) || away.every((kelvin) => kelvin < -WILD_KELVIN))
  })
}

/** The temperature a gap starts from; undefined without a sample before it. */
export function baseOf(samples: readonly RoomSample[], startMs: number): number | undefined {
  const before = samples.filter(({ atMs }) => atMs < startMs && atMs >= startMs - BASE_MS)
  const early = before.filter(({ atMs }) => atMs < startMs - NOTED_LATE_MS)
  // The middle half: as deaf to a wild reading as the median, and finer than the sensor's steps of a tenth.
  const sorted = (early.length > 0 ? early : before).map(({ celsius }) => celsius).sort((a, b) => a - b)
  return sorted.length === 0 ? undefined : mean(sorted.slice(Math.floor(sorted.length / 4), Math.ceil((sorted.length * 3) / 4)))
}

/** The rises between two moments, from samples in order. */
export function curveOf(samples: readonly RoomSample[], startMs: number, endMs: number, baseCelsius: number): CurveStretch[] {
  const curve: CurveStretch[] = []
  let inside: RoomSample[] = []
  let untilMs = startMs + NARROWEST_MS
  const close = () => {
    if (inside.length === 0) return
    curve.push({
      seconds: (mean(inside.map(({ atMs }) => atMs)) - startMs) / 1000,
      riseKelvin: mean(inside.map(({ celsius }) => celsius)) - baseCelsius,
      heatWatts: meanHeat(inside),
      readings: inside.length,
    })
    inside = []
  }
  for (const sample of samples) {
    if (sample.atMs < startMs || sample.atMs >= endMs) continue
    if (sample.atMs >= untilMs) {
      close()
      while (sample.atMs >= untilMs) untilMs += Math.max(NARROWEST_MS, WIDTH_SHARE * (untilMs - startMs))
    }
    inside.push(sample)
  }
  close()
  return curve
}

/** A curve as the fit wants it: heat as a share of `usualWatts`, and 1 all along where none is measured. */
export function pointsOf(curve: readonly CurveStretch[], usualWatts: number | null): CurvePoint[] {
  return curve.map(({ seconds, riseKelvin, heatWatts, readings }) => ({
    seconds,
    riseKelvin,
    heatShare: usualWatts === null ? 1 : (heatWatts ?? usualWatts) / usualWatts,
    readings: readings ?? 1,
  }))
}
