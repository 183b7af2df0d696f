import type { CoolingGap, HeatForecast, ThermalRunning } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'

const MINUTE_MS = 60_000

/** `03:42`; with the day where it is not today's. */
export function clockText(ms: number, nowMs: number): string {
  const time = dayjs(ms)
  return time.isSame(dayjs(nowMs), 'day') ? time.format('HH:mm') : time.format('MM-DD HH:mm')
}

/** What is left as `12:30`, or `2:05:00` from an hour and forty minutes on; never below zero. */
export function leftText(leftMs: number): string {
  const seconds = Math.max(0, Math.floor(leftMs / 1000))
  const two = (count: number) => String(count).padStart(2, '0')
  if (seconds < 6000) return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** Whole minutes, rounded down: nobody is promised a minute that is not there. */
export function minutesLeft(atMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((atMs - nowMs) / MINUTE_MS))
}

/** Half of the interval, minutes, at least 1. */
export function plusMinusMinutes({ earliestMs, latestMs }: Extract<HeatForecast, { kind: 'at' }>): number {
  return Math.max(1, Math.round((latestMs - earliestMs) / 2 / MINUTE_MS))
}

/** More open than this is told by its earliest moment: “at 22:40 ± 358 min” helps nobody. */
const WIDE_SHARE = 0.5
const WIDE_MS = 10 * MINUTE_MS

/** Whether the interval is so wide that only its beginning is worth counting down to. */
export function isWide({ atMs, earliestMs, latestMs }: Extract<HeatForecast, { kind: 'at' }>, nowMs: number): boolean {
  const halfMs = (latestMs - earliestMs) / 2
  return halfMs > WIDE_MS && halfMs > WIDE_SHARE * (atMs - nowMs)
}

/** Wide, and its beginning is now: a guess about which nothing more can be said than its middle. */
export function isRough(forecast: Extract<HeatForecast, { kind: 'at' }>, nowMs: number): boolean {
  return isWide(forecast, nowMs) && forecast.earliestMs - nowMs < MINUTE_MS
}

/** The moment by which something must be done, if one is known: the nearer one. */
export function deadlineOf({ forecast, upses }: ThermalRunning): { by: 'temperature' | 'ups'; atMs: number } | null {
  const upsMs = upses[0]?.emptyAtMs ?? null
  // Who acts at the earliest moment is never too late.
  const heatMs = forecast?.kind === 'at' ? forecast.earliestMs : null
  if (heatMs !== null && (upsMs === null || heatMs <= upsMs)) return { by: 'temperature', atMs: heatMs }
  return upsMs === null ? null : { by: 'ups', atMs: upsMs }
}

/**
 * What is said of heat against battery: which is nearer, or of which alone anything is known. null: nothing to compare, because one of them is
 * no limit now. By the two sides themselves where the server names none.
 */
export function comparedAs({ forecast, limitCelsius, upses, nearer }: ThermalRunning): Compared | null {
  const ups = upses[0]
  if (forecast === null || !ups) return null
  if (forecast.kind === 'never') return nearer === 'ups' ? 'ups' : null
  const isHeatKnown = forecast.kind === 'at' && limitCelsius !== null
  const isUpsKnown = ups.emptyAtMs !== null
  if (!isHeatKnown) return isUpsKnown ? 'upsOnly' : 'bothUnknown'
  if (!isUpsKnown) return 'heatOnly'
  return nearer === 'heat' || nearer === 'ups' || nearer === 'either' ? nearer : null
}
type Compared = 'heat' | 'ups' | 'either' | 'upsOnly' | 'heatOnly' | 'bothUnknown'

/** What a UPS promises against what was measured, in words: key and per cent. */
export function verdictOf(claimRatio: number): { key: 'tooMuch' | 'tooLittle' | 'fits'; percent: number } {
  const percent = Math.round((1 / claimRatio - 1) * 100)
  // Charge is shown in whole per cent: within a tenth is as good as it can be measured.
  if (Math.abs(percent) <= 10) return { key: 'fits', percent: 0 }
  return percent > 0 ? { key: 'tooMuch', percent } : { key: 'tooLittle', percent: -percent }
}

/** From this long on a time without cooling shows the slow part of the warming, too. */
const LONG_GAP_MS = 15 * MINUTE_MS
/** Nor is there more to learn for the limit where it was almost reached. */
const NEAR_LIMIT_KELVIN = 1

/** Whether all that counts are short times without cooling that ended far below the limit: of the way there, much is guessed. False without any. */
export function isShortOnly(gaps: readonly CoolingGap[], limitCelsius: number): boolean {
  const used = gaps.filter(({ notLearned, leftOut }) => notLearned === null && leftOut === null)
  const isLong = ({ startMs, endMs, baseCelsius, riseKelvin }: CoolingGap) =>
    endMs - startMs >= LONG_GAP_MS || (baseCelsius ?? 0) + (riseKelvin ?? 0) >= limitCelsius - NEAR_LIMIT_KELVIN
  return used.length > 0 && !used.some(isLong)
}
