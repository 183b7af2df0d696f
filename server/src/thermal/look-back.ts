import type { Db } from '../database/schema.ts'
import { type CoolingGap, findCoolingGaps } from './cooling-gaps.ts'
import type { Fits } from './fits.ts'
import type { RoomPoints } from './room-points.ts'
import { type HistoryReader, readSamples, readSigns, readUps } from './stored-history.ts'
import { keepDischarge, keepGap, lookedUpto, setLookedUpto } from './thermal-rows.ts'
import { findDischarges } from './ups-truth.ts'

export interface LookDeps {
  db: Db
  readings: HistoryReader
  clock: { nowMs(): number }
  fits: Pick<Fits, 'learn'>
  /** A server that stops does not read a week to its end. */
  isStopped(): boolean
}

const HOUR_MS = 3_600_000
/** A first look begins so long ago: readings are kept longer, but a server that was only updated must not read for hours. */
const FIRST_LOOK_MS = 7 * 24 * HOUR_MS
/** Looked at again each time: an agent that was cut off replays its readings later. */
const AGAIN_MS = 6 * HOUR_MS
/** Read at once. */
const WINDOW_MS = 12 * HOUR_MS
/** Before a gap: the temperature it starts from, and that it did begin there. */
const BEFORE_MS = 3 * 60_000
/** A compressor that reached its setpoint stands still many times a day: what hardly warmed teaches nothing new. */
const LEAST_STOPPED_RISE_KELVIN = 1.5
/** A room that is still warm from the last loss warms otherwise than one at rest: its racks and walls have taken up heat. */
const RECOVERED_AFTER_MS = 20 * 60_000
/** Not worth telling: nothing was lost, or it goes on. */
const NOT_KEPT: ReadonlySet<string> = new Set(['too-short', 'still-running', 'no-rise'])

/**
 * Learns from what is stored of a room since the last look: gaps and discharges, each kept once. What is going on at the end is left to the next
 * look. Returns whether anything was learned. Throws StoreUnavailableError; what was looked through until then stays so.
 */
export async function lookBack(deps: LookDeps, points: RoomPoints): Promise<boolean> {
  const { db, clock } = deps
  const nowMs = clock.nowMs()
  const upto = await lookedUpto(db, points.roomId)
  let fromMs = upto === undefined ? nowMs - FIRST_LOOK_MS : Math.min(upto, nowMs) - AGAIN_MS
  let hasLearned = false
  while (fromMs < nowMs && !deps.isStopped()) {
    const toMs = Math.min(nowMs, fromMs + WINDOW_MS)
    const found = await lookAt(deps, points, { fromMs, toMs })
    hasLearned = found.hasLearned || hasLearned
    const unfinishedMs = found.unfinishedMs === undefined ? toMs : Math.max(fromMs, found.unfinishedMs - BEFORE_MS)
    await setLookedUpto(db, points.roomId, Math.max(upto ?? 0, toMs === nowMs ? unfinishedMs : Math.max(fromMs, unfinishedMs)))
    if (toMs === nowMs) break
    // What runs over the edge is read whole by the next window, unless it fills a whole one.
    fromMs = unfinishedMs > fromMs ? unfinishedMs : toMs
    // Years of a large hospital are looked through beside everything else.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return hasLearned
}

async function lookAt(deps: LookDeps, points: RoomPoints, range: { fromMs: number; toMs: number }) {
  const gaps = await lookForGaps(deps, points, range)
  let { hasLearned, unfinishedMs } = gaps
  for (const ups of points.upses) {
    const samples = await readUps(deps.readings, ups, range)
    const last = samples.at(-1)?.atMs ?? range.toMs
    const { discharges } = findDischarges(samples)
    for (const discharge of discharges) {
      if (discharge.startMs - range.fromMs < BEFORE_MS / 2 && samples[0]?.atMs === discharge.startMs) continue
      // Its end was not seen yet.
      if (discharge.endMs === last) unfinishedMs = Math.min(unfinishedMs ?? Number.POSITIVE_INFINITY, discharge.startMs)
      else if (await keepDischarge(deps.db, ups.device.id, discharge, deps.clock.nowMs())) hasLearned = true
    }
  }
  return { hasLearned, unfinishedMs }
}

async function lookForGaps({ db, readings, clock, fits }: LookDeps, points: RoomPoints, range: { fromMs: number; toMs: number }) {
  let hasLearned = false
  let unfinishedMs: number | undefined
  const signs = await readSigns(readings, points, range)
  // Without temperatures: only where gaps are.
  const { gaps, leftOut } = findCoolingGaps(signs)
  const candidates: (CoolingGap & { reason?: string })[] = [...gaps, ...leftOut]
  for (const candidate of candidates) {
    if (candidate.reason === 'still-running') {
      // With a hole in the readings after it, it is over and nobody knows when.
      if (range.toMs - candidate.endMs < AGAIN_MS) unfinishedMs = Math.min(unfinishedMs ?? Number.POSITIVE_INFINITY, candidate.startMs)
      continue
    }
    if (candidate.reason === 'too-short' || candidate.startMs - range.fromMs < BEFORE_MS / 2) continue
    const { startMs, endMs, cause } = candidate
    const samples = await readSamples(readings, points, { fromMs: startMs - BEFORE_MS, toMs: endMs + 1 })
    const judged = findCoolingGaps({
      ...signs,
      celsius: samples.map(({ atMs, celsius }) => ({ atMs, value: celsius })),
      heatWatts: samples.flatMap(({ atMs, heatWatts }) => (heatWatts === undefined ? [] : [{ atMs, value: heatWatts }])),
    })
    const against = isStillWarm(candidate, candidates) ? 'not-recovered' : judged.leftOut.find((gap) => gap.startMs === startMs)?.reason
    const result = against === undefined ? await fits.learn({ samples, startMs, endMs }) : { leftOut: against }
    if ('leftOut' in result && (NOT_KEPT.has(result.leftOut) || cause === 'cooling-stopped')) continue
    if ('learned' in result && cause === 'cooling-stopped' && riseOf(result.learned.curve) < LEAST_STOPPED_RISE_KELVIN) continue
    const gap = { roomId: points.roomId, startMs, endMs, cause, heatSource: points.heat?.source ?? null, result }
    if (await keepGap(db, gap, clock.nowMs())) hasLearned = true
  }
  return { hasLearned, unfinishedMs }
}

/** Whether another loss ended shortly before. Compressors that stand still for a while do so all day. */
function isStillWarm({ startMs }: CoolingGap, all: readonly (CoolingGap & { reason?: string })[]): boolean {
  return all.some(
    ({ endMs, cause, reason }) =>
      cause !== 'cooling-stopped' && reason !== 'too-short' && endMs <= startMs && startMs - endMs < RECOVERED_AFTER_MS,
  )
}

/** K. */
export function riseOf(curve: readonly { riseKelvin: number }[]): number {
  return Math.max(0, ...curve.map(({ riseKelvin }) => riseKelvin))
}

/** When the gap that is running now began, by what is stored; undefined: none runs by it. For a server that starts in the middle. */
export async function runningSince(readings: HistoryReader, points: RoomPoints, nowMs: number): Promise<number | undefined> {
  const signs = await readSigns(readings, points, { fromMs: nowMs - WINDOW_MS, toMs: nowMs })
  const { leftOut } = findCoolingGaps(signs)
  return leftOut.filter(({ reason }) => reason === 'still-running').at(-1)?.startMs
}
