/** A time of the wall clock, without a zone. */
export interface WallTime {
  year: number
  /** 1 … 12 */
  month: number
  day: number
  hour: number
  minute: number
}

/** No zone has ever moved its clock by more than a day (Samoa left out 30 December 2011). */
const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const numeric = 'numeric'
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  })
  formats.set(timeZone, made)
  return made
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/** What the wall clock of the zone shows. */
export function wallTimeOf(atMs: number, timeZone: string): WallTime & { second: number } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute'), second: part('second') }
}

function asUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** How far the zone's clock is ahead of UTC at that moment. Throws a RangeError for a zone that is not known here. */
export function offsetMs(atMs: number, timeZone: string): number {
  const wall = wallTimeOf(atMs, timeZone)
  return asUtc(wall) + wall.second * 1000 - Math.floor(atMs / 1000) * 1000
}

/** A moment found by the wall clock. `leapt`: the clock never shows it and leaps over it (spring); `twice`: it shows it twice (autumn). */
export interface Moment {
  atMs: number
  clock: 'plain' | 'leapt' | 'twice'
}

/** When the wall clock of the zone shows this time: the first of two, and the moment of the leap where it never does. */
export function momentOf(wall: WallTime, timeZone: string): Moment {
  const asIfUtcMs = asUtc(wall)
  const before = offsetMs(asIfUtcMs - DAY_MS, timeZone)
  const after = offsetMs(asIfUtcMs + DAY_MS, timeZone)
  const moments = [...new Set([before, after])]
    .filter((offset) => offsetMs(asIfUtcMs - offset, timeZone) === offset)
    // The larger offset gives the earlier moment.
    .sort((a, b) => b - a)
    .map((offset) => asIfUtcMs - offset)
  const [first] = moments
  if (first !== undefined) return { atMs: first, clock: moments.length > 1 ? 'twice' : 'plain' }
  return { atMs: leapBetween(asIfUtcMs - DAY_MS - before, asIfUtcMs + DAY_MS - after, timeZone), clock: 'leapt' }
}

export function instantOf(wall: WallTime, timeZone: string): number {
  return momentOf(wall, timeZone).atMs
}

/** The moment between the two at which the offset changes, to the second. */
function leapBetween(fromMs: number, toMs: number, timeZone: string): number {
  const before = offsetMs(fromMs, timeZone)
  let [low, high] = [Math.floor(fromMs / 1000), Math.ceil(toMs / 1000)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(middle * 1000, timeZone) === before) low = middle
    else high = middle
  }
  return high * 1000
}
