import type { PointKind } from '@roomkeeper/shared/model'
import type { PointDescription } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { bad } from './validity.ts'

interface Disagreement {
  /** Least distance from the median of the others. */
  distance: number
  /** Below the others only: what is above them may be the beginning of something real that then stands still (steam, a leak). */
  isOnlyBelow?: boolean
}

/**
 * What neighbours in one room cannot differ by, however the air flows. ASHRAE TC 9.9: the air of a rack warms by 10–20 K, so a hot and a
 * cold aisle differ by 20 K at most; 25 K is beyond. Relative humidity between the two differs by 30 % then; 50 % is beyond.
 * Phases, outlets and batteries may truly differ, so no other kind is here.
 */
const DISAGREEMENT: Partial<Record<PointKind, Disagreement>> = {
  temperature: { distance: 25 },
  humidity: { distance: 50, isOnlyBelow: true },
}
/** The step into disagreement: by so much of the distance, within so long. A fire may step too; therefore stillness is asked for as well. */
const STEP_PART = 0.5
const STEP_WITHIN_MS = 300_000
/** How long not one digit has moved since. Hot, moving air never stands still; a broken wire, a shorted probe and a dead bus do. */
const STUCK_MS = 600_000
const STUCK_SCANS = 20
/** Two others at least make a majority with which to disagree. */
const LEAST_OTHERS = 2

/** What the step remembers of one point. */
interface Neighbour {
  point: PointDescription
  value: number
  atMs: number
  /** Since when, and for how many scans, the value has not moved; undefined until it has stepped away from the others. */
  stuck: { sinceMs: number; scans: number } | undefined
}

interface Present {
  member: Neighbour
  value: number
}

/** Probes of one device that measure the same thing in the same place: one kind, and keys that differ in nothing but numbers. */
interface Neighbourhood {
  limit: Disagreement
  members: Neighbour[]
}

export type Neighbourhoods = readonly Neighbourhood[]

const roleOf = ({ kind, key }: PointDescription): string => `${kind} ${key.replace(/\d+/g, '#')}`

/** The groups of three and more neighbours a device has; most have none. */
export function neighbourhoodsOf(points: readonly PointDescription[]): Neighbourhoods {
  const candidates = points.filter(({ kind, reportsWithinMs }) => DISAGREEMENT[kind] !== undefined && reportsWithinMs === undefined)
  return [...Map.groupBy(candidates, roleOf).values()].flatMap((group): Neighbourhood[] => {
    const limit = group[0] && DISAGREEMENT[group[0].kind]
    if (limit === undefined || group.length <= LEAST_OTHERS) return []
    return [{ limit, members: group.map((point) => ({ point, value: Number.NaN, atMs: 0, stuck: undefined })) }]
  })
}

/**
 * Marks a probe bad that stepped away from its neighbours, further than a room can have it, while they stayed, and has not moved a digit
 * since. Everything less certain stays good: a hot spot is real, a fire begins at one probe, and a reading marked bad raises no excursion.
 */
export function judgeNeighbours(neighbourhoods: Neighbourhoods, byKey: Map<string, Reading>, monotonicMs: number): void {
  for (const { limit, members } of neighbourhoods) {
    const present: Present[] = []
    let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const member of members) {
      const reading = byKey.get(member.point.key)
      if (reading?.quality !== 'good' || typeof reading.value !== 'number') continue
      present.push({ member, value: reading.value })
      lowest = Math.min(lowest, reading.value)
      highest = Math.max(highest, reading.value)
    }
    // Nearly always: nobody is far from anybody.
    const isQuiet = highest - lowest < limit.distance
    for (const { member, value } of present) {
      if (isQuiet) member.stuck = undefined
      else if (isStuckAway(limit, member, value, present, monotonicMs)) {
        byKey.set(member.point.key, bad(member.point.key, value, 'neighbour-disagreement'))
      }
    }
    for (const { member, value } of present) {
      member.value = value
      member.atMs = monotonicMs
    }
  }
}

function isStuckAway(limit: Disagreement, member: Neighbour, value: number, present: readonly Present[], nowMs: number): boolean {
  const others = present.filter((other) => other.member !== member)
  const isAway = others.length >= LEAST_OTHERS && isBeyond(limit, value, others)
  if (!isAway) {
    member.stuck = undefined
    return false
  }
  if (member.stuck === undefined) {
    if (hasStepped(limit, member, value, nowMs) && !others.some((other) => hasStepped(limit, other.member, other.value, nowMs))) {
      member.stuck = { sinceMs: nowMs, scans: 0 }
    }
    return false
  }
  if (value !== member.value) {
    // It lives. Should it fall still later, it is judged from then on.
    member.stuck = { sinceMs: nowMs, scans: 0 }
    return false
  }
  member.stuck.scans += 1
  return member.stuck.scans >= STUCK_SCANS && nowMs - member.stuck.sinceMs >= STUCK_MS
}

/** Beyond the distance from the median of the others, who agree with each other. */
function isBeyond({ distance, isOnlyBelow }: Disagreement, value: number, others: readonly Present[]): boolean {
  const sorted = others.map((other) => other.value).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? value
  const spread = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0)
  const away = value - median
  return spread < distance && (isOnlyBelow ? -away : Math.abs(away)) >= distance
}

function hasStepped({ distance }: Disagreement, { value: before, atMs }: Neighbour, value: number, nowMs: number): boolean {
  return nowMs - atMs <= STEP_WITHIN_MS && Math.abs(value - before) >= STEP_PART * distance
}
