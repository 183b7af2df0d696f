/** One reading over its limit or not, as the agent logged it; `excursion` numbers the excursion it belongs to. */
export interface JudgedReading {
  timeMs: number
  excursion: number | undefined
}

/** An excursion as the readings show it: nobody can be told of one that no scan has seen. */
export interface SeenExcursion {
  excursion: number
  firstMs: number
  lastMs: number
}

/** A stretch an alarm stood, from its transitions; `toMs` undefined: it stands still. */
export interface StandingStretch {
  fromMs: number
  toMs: number | undefined
}

export interface AlarmTransition {
  event: string
  from: string
  to: string
  atMs: number
}

export interface AlarmVerdict {
  /** Excursions no alarm tells of. */
  lost: number[]
  /** Excursions with more than one raise; one entry for each raise too many. */
  duplicate: number[]
  /** Excursions that are over while their alarm stands still. */
  uncleared: number[]
  /** Stretches without any excursion. */
  unfounded: StandingStretch[]
}

/** The excursions of one point, from its logged readings in order of time. */
export function seenExcursions(readings: readonly JudgedReading[]): SeenExcursion[] {
  const seen: SeenExcursion[] = []
  for (const { timeMs, excursion } of readings) {
    if (excursion === undefined) continue
    const last = seen.at(-1)
    if (last?.excursion === excursion) last.lastMs = timeMs
    else seen.push({ excursion, firstMs: timeMs, lastMs: timeMs })
  }
  return seen
}

const STANDING: ReadonlySet<string> = new Set(['UNACK', 'ACKED'])

/** When one alarm stood, from its transitions in the order they were written. */
export function standingStretches(transitions: readonly AlarmTransition[]): StandingStretch[] {
  const stretches: StandingStretch[] = []
  for (const { event, from, to, atMs } of transitions) {
    const current = stretches.at(-1)
    if (!STANDING.has(from) && STANDING.has(to)) stretches.push({ fromMs: atMs, toMs: undefined })
    // The beginning is put right when a replay shows that it began earlier.
    else if (event === 'late-raise' && current) current.fromMs = Math.min(current.fromMs, atMs)
    else if (STANDING.has(from) && !STANDING.has(to) && current) current.toMs = atMs
  }
  return stretches
}

/**
 * Compares what one limit of one point told with the excursions its readings show. An excursion is told when an alarm stood at some
 * moment of it: several excursions of one outage may be told as one stretch.
 */
export function judgeAlarms(seen: readonly SeenExcursion[], stretches: readonly StandingStretch[], nowMs: number): AlarmVerdict {
  const verdict: AlarmVerdict = { lost: [], duplicate: [], uncleared: [], unfounded: [] }
  const touches = (stretch: StandingStretch, one: SeenExcursion) =>
    stretch.fromMs <= one.lastMs && (stretch.toMs ?? Number.POSITIVE_INFINITY) >= one.firstMs
  for (const one of seen) {
    const told = stretches.filter((stretch) => touches(stretch, one))
    if (told.length === 0) verdict.lost.push(one.excursion)
    const raises = told.filter((stretch) => stretch.fromMs >= one.firstMs).length
    for (let extra = 1; extra < raises; extra++) verdict.duplicate.push(one.excursion)
  }
  const last = seen.at(-1)
  if (last && last.lastMs < nowMs && stretches.some((stretch) => stretch.toMs === undefined)) verdict.uncleared.push(last.excursion)
  verdict.unfounded = stretches.filter((stretch) => !seen.some((one) => touches(stretch, one)))
  return verdict
}
