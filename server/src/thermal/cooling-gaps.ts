import { upsTokens } from '@roomkeeper/shared/model'
/** Finds, in stored history of a room, when its cooling was lost. */

/** A stored series, in order of time. */
export type Series<Value> = readonly { atMs: number; value: Value }[]

/** What is stored about one air conditioner; any one of them is enough. */
export interface CoolingUnitHistory {
  /** True while the fault contact is on. */
  fault?: Series<boolean>
  outputPercent?: Series<number>
  electricalWatts?: Series<number>
}

export interface RoomHistory {
  units: readonly CoolingUnitHistory[]
  /** ups.status tokens of NUT; OB is on battery. */
  upsStatus?: Series<string>
  mainsVolts?: Series<number>
  /** False where the air conditioners hang on a generator or on the UPS. Default true: in most small rooms they stop with the mains. */
  coolingNeedsMains?: boolean
  celsius: Series<number>
  heatWatts?: Series<number>
}

export type GapCause = 'mains-lost' | 'cooling-fault' | 'cooling-stopped'
export interface CoolingGap {
  startMs: number
  endMs: number
  cause: GapCause
}
export type GapLeftOut = 'too-short' | 'still-running' | 'no-temperature' | 'history-hole' | 'heat-changed' | 'temperature-fell'

const SHORTEST_MS = 60_000
/** A value holds this long without the next one; after that nobody knows. */
const HOLE_MS = 120_000
/** An air conditioner that gives less is not cooling. */
const STOPPED_PERCENT = 1
/** Electronics of a stopped unit take some; fans alone may take more, so power is only the second-best sign. */
const STOPPED_WATTS = 20
/** Far below 220 V −10 % (GB 12325): gone, not low. */
const MAINS_GONE_VOLTS = 50
const HEAT_CHANGE_SHARE = 0.25
const FALL_KELVIN = 1

interface Span {
  startMs: number
  endMs: number
  /** The history ends here, or is missing from here: whether it went on is unknown. */
  open: boolean
}

function spansWhere<Value>(series: Series<Value> | undefined, holds: (value: Value) => boolean): Span[] {
  const spans: Span[] = []
  let span: Span | undefined
  for (const { atMs, value } of series ?? []) {
    if (span !== undefined && atMs - span.endMs > HOLE_MS) {
      spans.push({ ...span, open: true })
      span = undefined
    }
    if (holds(value)) span = { startMs: span?.startMs ?? atMs, endMs: atMs, open: false }
    else if (span !== undefined) {
      spans.push({ ...span, endMs: atMs })
      span = undefined
    }
  }
  if (span !== undefined) spans.push({ ...span, open: true })
  return spans
}

function union(lists: readonly Span[][]): Span[] {
  const joined: Span[] = []
  for (const span of lists.flat().sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1)
    if (last === undefined || span.startMs > last.endMs) joined.push({ ...span })
    else if (span.endMs >= last.endMs)
      joined[joined.length - 1] = { ...last, endMs: span.endMs, open: span.endMs > last.endMs ? span.open : span.open && last.open }
  }
  return joined
}

function intersection(left: readonly Span[], right: readonly Span[]): Span[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const startMs = Math.max(a.startMs, b.startMs)
      const endMs = Math.min(a.endMs, b.endMs)
      return startMs < endMs ? [{ startMs, endMs, open: a.endMs <= b.endMs ? a.open : b.open }] : []
    }),
  )
}

const touches = (span: Span, others: readonly Span[]) => others.some((other) => other.startMs < span.endMs && other.endMs > span.startMs)

/** All gaps of the history: those to learn from, and those left out with the reason. A room is without cooling when all its units are. */
export function findCoolingGaps(history: RoomHistory): { gaps: CoolingGap[]; leftOut: (CoolingGap & { reason: GapLeftOut })[] } {
  const onBattery = spansWhere(history.upsStatus, (status) => upsTokens(status).includes('OB'))
  const withoutMains = spansWhere(history.mainsVolts, (volts) => volts < MAINS_GONE_VOLTS)
  const mainsLost = history.coolingNeedsMains === false ? [] : union([onBattery, withoutMains])
  const faults = history.units.map(({ fault }) => spansWhere(fault, (on) => on))
  const stopped = history.units.map((unit, index) =>
    union([
      faults[index] ?? [],
      spansWhere(unit.outputPercent, (percent) => percent < STOPPED_PERCENT),
      spansWhere(unit.electricalWatts, (watts) => watts < STOPPED_WATTS),
    ]),
  )
  const [first, ...others] = stopped
  const allStopped = first === undefined ? [] : others.reduce((all, unit) => intersection(all, unit), first)

  const gaps: CoolingGap[] = []
  const leftOut: (CoolingGap & { reason: GapLeftOut })[] = []
  for (const span of union([mainsLost, allStopped])) {
    const cause = touches(span, mainsLost) ? 'mains-lost' : touches(span, faults.flat()) ? 'cooling-fault' : 'cooling-stopped'
    const gap: CoolingGap = { startMs: span.startMs, endMs: span.endMs, cause }
    const reason = reasonAgainst(span, history)
    if (reason === undefined) gaps.push(gap)
    else leftOut.push({ ...gap, reason })
  }
  return { gaps, leftOut }
}

function reasonAgainst({ startMs, endMs, open }: Span, { celsius, heatWatts }: RoomHistory): GapLeftOut | undefined {
  if (open) return 'still-running'
  if (endMs - startMs < SHORTEST_MS) return 'too-short'
  const inside = celsius.filter(({ atMs }) => atMs >= startMs && atMs <= endMs)
  if (inside.length === 0) return 'no-temperature'
  const moments = [startMs, ...inside.map(({ atMs }) => atMs), endMs]
  if (moments.some((atMs, index) => atMs - (moments[index - 1] ?? atMs) > HOLE_MS)) return 'history-hole'
  // Racks switched off or on: another experiment than the one to learn from.
  const heats = (heatWatts ?? []).filter(({ atMs }) => atMs >= startMs && atMs <= endMs).map(({ value }) => value)
  if (heats.length > 0 && Math.max(...heats) - Math.min(...heats) > HEAT_CHANGE_SHARE * Math.max(...heats)) return 'heat-changed'
  // A door opened, or a portable unit: two readings together, so that one wild value does not decide.
  let highest = Number.NEGATIVE_INFINITY
  for (const [index, { value }] of inside.entries()) {
    const pair = Math.max(value, inside[index - 1]?.value ?? value)
    if (pair < highest - FALL_KELVIN) return 'temperature-fell'
    highest = Math.max(highest, Math.min(value, inside[index - 1]?.value ?? value))
  }
  return undefined
}
