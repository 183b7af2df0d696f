import type { Limit, LimitVariant } from '@roomkeeper/shared/model'
import { type LocalMinute, QUARTER_MS, WEEK_MINUTES } from './local-minute.ts'

const MINUTE_MS = 60_000

/** Which variant of a limit holds, and from when until when this answer stays right. 0 = the limit itself, n = its n-th variant. */
export interface VariantAt {
  index: number
  fromMs: number
  untilMs: number
}

/** The variant in force at a time: by the wall clock, so an hour that daylight saving leaves out is left out, and one that comes twice counts twice. */
export function variantAt(variants: readonly LimitVariant[], timeMs: number, localMinute: LocalMinute): VariantAt {
  const fromMs = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS
  const quarterEndMs = (Math.floor(timeMs / QUARTER_MS) + 1) * QUARTER_MS
  const minute = localMinute(timeMs)
  const index = variantIndexAt(variants, minute)
  let untilMs = fromMs + MINUTE_MS
  // Within a quarter of an hour the local clock goes on evenly.
  for (let ahead = 1; untilMs < quarterEndMs && variantIndexAt(variants, (minute + ahead) % WEEK_MINUTES) === index; ahead++)
    untilMs += MINUTE_MS
  return { index, fromMs, untilMs }
}

/** 0 = none of them. */
export function variantIndexAt(variants: readonly LimitVariant[], minuteOfWeek: number): number {
  return variants.findIndex((variant) => holdsAt(variant, minuteOfWeek)) + 1
}

/** The minutes of the week at which something may change. */
export function changesOf(variants: readonly LimitVariant[]): number[] {
  return variants.flatMap(({ days, from, to }) => {
    const begins = minutesOf(from)
    return days.flatMap((day) => {
      const start = (day - 1) * 1440 + begins
      return [start, start + lengthOf(begins, minutesOf(to))].map((minute) => minute % WEEK_MINUTES)
    })
  })
}

function holdsAt({ days, from, to }: LimitVariant, minuteOfWeek: number): boolean {
  const begins = minutesOf(from)
  const length = lengthOf(begins, minutesOf(to))
  return days.some((day) => (minuteOfWeek - (day - 1) * 1440 - begins + 2 * WEEK_MINUTES) % WEEK_MINUTES < length)
}

function lengthOf(begins: number, ends: number): number {
  return (ends - begins + 1440) % 1440 || 1440
}

function minutesOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3))
}

/** The limit as it is with a variant; `index` 0 is the limit itself. Nothing in it varies any more. */
export function withVariant(limit: Limit, index: number): Limit {
  const { variants, ...base } = limit
  const variant = variants?.[index - 1]
  if (!variant) return base
  const { days: _days, from: _from, to: _to, ...different } = variant
  const enabled = limit.enabled && (variant.enabled ?? true)
  return { ...base, ...definedOf(different), enabled }
}

function definedOf<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
