import type { AlarmCondition, AlarmPriority, ReadingValue } from '@roomkeeper/shared/model'

/** What one of two sets of limits would have told. */
export interface Figures {
  alarms: number
  /** Minutes in which one alarm was raised three times or more. */
  chatter: number
  /** Stretches with ten alarms or more in ten minutes over all the points. */
  floods: number
  standingMs: number
  perDay: number
}

/** An alarm that one set tells and the other does not. */
export interface RehearsedAlarm {
  pointId: number
  condition: AlarmCondition
  priority: AlarmPriority
  raisedAtMs: number
  /** null: it stood at the end. */
  clearedAtMs: number | null
  value: ReadingValue
}

/** What a judge says of one limit; other events are no beginning and no end of an alarm. */
export interface AlarmEdge {
  kind: 'raise' | 'clear'
  condition: AlarmCondition
  priority: AlarmPriority
  atMs: number
  value: ReadingValue
}

export type Side = 'now' | 'draft'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** ISA-18.2: chattering is three occurrences or more in a minute. */
const CHATTER_RAISES = 3
/** ISA-18.2: a flood begins with ten alarms in ten minutes and ends below five. */
const FLOOD_MINUTES = 10
const FLOOD_BEGINS = 10
const FLOOD_ENDS_BELOW = 5
const NEWEST = 50

/** One alarm while it stands, and whether the other side's stood at any moment of it. */
interface Standing extends Omit<RehearsedAlarm, 'clearedAtMs'> {
  isMatched: boolean
}

interface OneAlarm {
  standing: Standing | undefined
  /** Of the last raise. */
  minute: number
  raisesInMinute: number
}

/**
 * Two sets of limits over the same readings: figures of each, and which alarms only one of them tells. Alarms are the same when they are
 * of the same limit of the same point and stand at a common moment, so one that is merely raised earlier or later is neither gained nor
 * lost. Pure, and its memory does not grow with the readings or alarms: counts per minute of the range, and the newest fifty of each list.
 */
export class Comparison {
  readonly #range: { fromMs: number; toMs: number }
  readonly #firstMinute: number
  readonly #sides: Record<Side, { alarms: number; chatter: number; standingMs: number; perMinute: Uint32Array }>
  readonly #only: Record<Side, { count: number; newest: RehearsedAlarm[] }> = {
    now: { count: 0, newest: [] },
    draft: { count: 0, newest: [] },
  }

  constructor(range: { fromMs: number; toMs: number }) {
    this.#range = range
    this.#firstMinute = Math.floor(range.fromMs / MINUTE_MS)
    const side = () => ({
      alarms: 0,
      chatter: 0,
      standingMs: 0,
      perMinute: new Uint32Array(Math.ceil(range.toMs / MINUTE_MS) - this.#firstMinute + 1),
    })
    this.#sides = { now: side(), draft: side() }
  }

  /** Begins with a point; points may follow each other in any order. */
  point(pointId: number): PointComparison {
    return new PointComparison(this, pointId, this.#range.toMs)
  }

  /** Called by the point's comparison. */
  raised(side: Side, atMs: number, isChatter: boolean): void {
    const figures = this.#sides[side]
    figures.alarms++
    if (isChatter) figures.chatter++
    const minute = Math.floor(atMs / MINUTE_MS) - this.#firstMinute
    figures.perMinute[minute] = (figures.perMinute[minute] ?? 0) + 1
  }

  /** Called by the point's comparison. */
  ended(side: Side, { isMatched, ...alarm }: Standing, clearedAtMs: number | null): void {
    this.#sides[side].standingMs += (clearedAtMs ?? this.#range.toMs) - alarm.raisedAtMs
    if (isMatched) return
    const only = this.#only[side]
    only.count++
    only.newest.push({ ...alarm, clearedAtMs })
    if (only.newest.length >= 4 * NEWEST) only.newest = newestOf(only.newest)
  }

  figures(side: Side): Figures {
    const { alarms, chatter, standingMs, perMinute } = this.#sides[side]
    const days = (this.#range.toMs - this.#range.fromMs) / DAY_MS
    return { alarms, chatter, floods: floodsIn(perMinute), standingMs, perDay: alarms / days }
  }

  /** Alarms that only this side tells: the draft's are gained, those of now are lost. */
  only(side: Side): { count: number; newest: RehearsedAlarm[] } {
    const { count, newest } = this.#only[side]
    return { count, newest: newestOf(newest) }
  }

  /** Alarms by the day on which they began. `dayStarts`: rising, the first not after the beginning of the range. */
  byDay(dayStarts: readonly number[]): { dayMs: number; now: number; draft: number }[] {
    return dayStarts.map((dayMs, index) => {
      const from = Math.max(0, Math.floor(dayMs / MINUTE_MS) - this.#firstMinute)
      const nextMs = dayStarts[index + 1]
      const to = nextMs === undefined ? undefined : Math.floor(nextMs / MINUTE_MS) - this.#firstMinute
      const sum = (side: Side) => this.#sides[side].perMinute.subarray(from, to).reduce((total, one) => total + one, 0)
      return { dayMs, now: sum('now'), draft: sum('draft') }
    })
  }
}

/** One point's alarms under both sets, folded reading by reading. */
export class PointComparison {
  readonly #whole: Comparison
  readonly #pointId: number
  readonly #toMs: number
  readonly #alarms: Record<Side, Map<AlarmCondition, OneAlarm>> = { now: new Map(), draft: new Map() }
  #edges: (AlarmEdge & { side: Side })[] = []

  constructor(whole: Comparison, pointId: number, toMs: number) {
    this.#whole = whole
    this.#pointId = pointId
    this.#toMs = toMs
  }

  /** What one reading told; `settle` follows when both judges had it. */
  add(side: Side, edge: AlarmEdge): void {
    this.#edges.push({ ...edge, side })
  }

  /**
   * After each reading. An alarm's time is condition + delay, so the events of one reading need not come in their order; those of the next
   * reading are all later. An end goes before a beginning at the same moment: two alarms that only touch are not the same.
   */
  settle(): void {
    if (this.#edges.length === 0) return
    const edges = this.#edges.sort((a, b) => a.atMs - b.atMs || (a.kind === 'clear' ? 0 : 1) - (b.kind === 'clear' ? 0 : 1))
    this.#edges = []
    for (const edge of edges) {
      if (edge.kind === 'raise') this.#raise(edge)
      else this.#clear(edge.side, edge.condition, edge.atMs)
    }
  }

  /** No more readings: what stands is counted to the end of the range. */
  end(): void {
    for (const side of ['now', 'draft'] as const) for (const condition of this.#alarms[side].keys()) this.#clear(side, condition, null)
  }

  #raise({ side, kind: _, ...edge }: AlarmEdge & { side: Side }): void {
    const alarm = this.#alarmOf(side, edge.condition)
    const minute = Math.floor(edge.atMs / MINUTE_MS)
    alarm.raisesInMinute = alarm.minute === minute ? alarm.raisesInMinute + 1 : 1
    alarm.minute = minute
    this.#whole.raised(side, edge.atMs, alarm.raisesInMinute === CHATTER_RAISES)
    const other = this.#alarmOf(side === 'now' ? 'draft' : 'now', edge.condition).standing
    if (other) other.isMatched = true
    const { condition, priority, atMs, value } = edge
    alarm.standing = { pointId: this.#pointId, condition, priority, raisedAtMs: atMs, value, isMatched: other !== undefined }
  }

  #clear(side: Side, condition: AlarmCondition, atMs: number | null): void {
    const alarm = this.#alarmOf(side, condition)
    if (!alarm.standing) return
    this.#whole.ended(side, alarm.standing, atMs === null || atMs >= this.#toMs ? null : atMs)
    alarm.standing = undefined
  }

  #alarmOf(side: Side, condition: AlarmCondition): OneAlarm {
    const known = this.#alarms[side].get(condition)
    if (known) return known
    const alarm: OneAlarm = { standing: undefined, minute: Number.NaN, raisesInMinute: 0 }
    this.#alarms[side].set(condition, alarm)
    return alarm
  }
}

function newestOf(alarms: readonly RehearsedAlarm[]): RehearsedAlarm[] {
  return [...alarms].sort((a, b) => b.raisedAtMs - a.raisedAtMs || a.pointId - b.pointId).slice(0, NEWEST)
}

/** Over whole minutes of the clock: the ten minutes that end with each minute. */
function floodsIn(perMinute: Uint32Array): number {
  let [floods, inWindow, isFlood] = [0, 0, false]
  for (let minute = 0; minute < perMinute.length; minute++) {
    inWindow += (perMinute[minute] ?? 0) - (perMinute[minute - FLOOD_MINUTES] ?? 0)
    if (isFlood) isFlood = inWindow >= FLOOD_ENDS_BELOW
    else if (inWindow >= FLOOD_BEGINS) {
      isFlood = true
      floods++
    }
  }
  return floods
}
