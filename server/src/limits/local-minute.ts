import { offsetMs } from '@roomkeeper/shared/wall-clock'

/** The minute of the week by a place's clock: Monday 00:00 = 0 … Sunday 23:59 = 10079. */
export type LocalMinute = (timeMs: number) => number

export const WEEK_MINUTES = 7 * 1440
const MINUTE_MS = 60_000
/** Offsets from UTC have changed at full quarters of an hour only, in every zone for decades (Lord Howe: half an hour, at a full one). */
export const QUARTER_MS = 15 * MINUTE_MS
/** 1970-01-01 was a Thursday. */
const EPOCH_MINUTE = 3 * 1440
/** Quarters remembered; a replay goes through them in order. */
const MAX_KNOWN_QUARTERS = 2000

/** The clock of an IANA time zone, daylight saving included. Asking Intl takes microseconds: once for each quarter of an hour. */
export function localMinuteOf(timeZone: string): LocalMinute {
  const known = new Map<number, number>()
  const offsetMinutes = (quarter: number): number => {
    const found = known.get(quarter)
    if (found !== undefined) return found
    const offset = offsetMs(quarter * QUARTER_MS, timeZone) / MINUTE_MS
    if (known.size >= MAX_KNOWN_QUARTERS) known.clear()
    known.set(quarter, offset)
    return offset
  }
  return (timeMs) => {
    const minute = Math.floor(timeMs / MINUTE_MS) + offsetMinutes(Math.floor(timeMs / QUARTER_MS)) + EPOCH_MINUTE
    return ((minute % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES
  }
}

/** By the clock of the computer. */
export const systemLocalMinute: LocalMinute = localMinuteOf(Intl.DateTimeFormat().resolvedOptions().timeZone)
