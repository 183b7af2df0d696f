import type { HeatForecast } from './heating-model.ts'
import type { RuntimeLeft } from './ups-truth.ts'

/** By what a time is known: learned in this room or of this UPS, a guess of ordinary rooms, or what the UPS claims. */
export interface HeatLimit {
  kind: 'heat'
  limitCelsius: number
  atMs: number
  earliestMs: number
  latestMs: number
  by: 'learned' | 'guess'
}
export interface UpsLimit {
  kind: 'ups'
  atMs: number
  seconds: number
  by: 'learned' | 'claimed'
}

/** Each side as far as it is known, and which comes first. */
export interface Nearer {
  heat: HeatLimit | { kind: 'never'; limitCelsius: number; settlesAtCelsius: number } | { kind: 'unknown'; reason: UnknownHeat }
  ups: UpsLimit | { kind: 'mains-present' } | { kind: 'unknown'; reason: 'nothing-learned-or-claimed' }
  /**
   * heat, ups: that one is the nearer limit. either: they lie closer together than is known, prepare for both.
   * neither: no limit comes into sight. unknown: nobody can say, because a side that is unknown may be the nearer one.
   */
  nearer: 'heat' | 'ups' | 'either' | 'neither' | 'unknown'
  /** The first moment at which one of them may be reached; null where nothing known comes. */
  earliestMs: number | null
}
type UnknownHeat = Extract<HeatForecast, { kind: 'unknown' }>['reason'] | 'cooling-runs'

export interface NearerInputs {
  limitCelsius: number
  /** Absent while the cooling runs: then heat is no limit. */
  forecast?: HeatForecast
  isGuess?: boolean
  /** Absent while mains are present. Of several UPSes the one that ends first. */
  runtime?: RuntimeLeft
  nowMs: number
}

/** Closer together than this neither is first: a battery's end is not known to the minute either. */
const EQUAL_MS = 60_000

/**
 * What the page says of a loss: "32 °C at 03:42 ± 2 min; UPS 18 min; heat is the nearer limit", as data. Heat counts as nearer only when its whole
 * interval lies before the battery's end, and the other way round; a side that is unknown is never taken for far away.
 */
export function nearerLimit({ limitCelsius, forecast, isGuess, runtime, nowMs }: NearerInputs): Nearer {
  const heat = heatSide(limitCelsius, forecast, isGuess === true)
  const ups = upsSide(runtime, nowMs)
  const times = [...(heat.kind === 'heat' ? [heat.earliestMs] : []), ...(ups.kind === 'ups' ? [ups.atMs] : [])]
  return { heat, ups, nearer: compare(heat, ups), earliestMs: times.length === 0 ? null : Math.min(...times) }
}

function heatSide(limitCelsius: number, forecast: HeatForecast | undefined, isGuess: boolean): Nearer['heat'] {
  if (forecast === undefined) return { kind: 'unknown', reason: 'cooling-runs' }
  if (forecast.kind === 'unknown') return forecast
  if (forecast.kind === 'never') return { kind: 'never', limitCelsius, settlesAtCelsius: forecast.settlesAtCelsius }
  return { ...forecast, kind: 'heat', limitCelsius, by: isGuess ? 'guess' : 'learned' }
}

function upsSide(runtime: RuntimeLeft | undefined, nowMs: number): Nearer['ups'] {
  if (runtime === undefined) return { kind: 'mains-present' }
  if ('unknown' in runtime) return { kind: 'unknown', reason: runtime.unknown }
  return { kind: 'ups', atMs: nowMs + runtime.seconds * 1000, seconds: runtime.seconds, by: runtime.by }
}

function compare(heat: Nearer['heat'], ups: Nearer['ups']): Nearer['nearer'] {
  const isHeatNoLimit = heat.kind === 'never' || (heat.kind === 'unknown' && heat.reason === 'cooling-runs')
  if (isHeatNoLimit) return ups.kind === 'ups' ? 'ups' : ups.kind === 'unknown' ? 'unknown' : 'neither'
  if (heat.kind !== 'heat') return 'unknown'
  if (ups.kind === 'mains-present') return 'heat'
  if (ups.kind === 'unknown') return 'unknown'
  if (heat.latestMs < ups.atMs - EQUAL_MS) return 'heat'
  if (heat.earliestMs > ups.atMs + EQUAL_MS) return 'ups'
  return 'either'
}
