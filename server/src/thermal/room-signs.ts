import { upsTokens } from '@roomkeeper/shared/model'
import type { LiveValue } from '../live/live-values.ts'
import type { CoolingGap, GapCause } from './cooling-gaps.ts'
import type { RoomSample } from './heating-model.ts'
import type { CoolingUnit, RoomPoints } from './room-points.ts'

/** What is known of a room's cooling and mains from one look to the next. */
export interface SignState {
  /** Per air conditioner that has said anything: since when it stands still. */
  stopped: ReadonlyMap<number, { sinceMs: number; isFault: boolean } | null>
  mainsLostAtMs: number | null
  /** Its air conditioners were seen to cool without mains. */
  hasOtherPower: boolean
  /** Cooling is lost, or looks so: shown only once it is sure. */
  gap: (Omit<CoolingGap, 'endMs'> & { isSure: boolean; baseCelsius: number | null }) | null
}
export const NO_SIGNS: SignState = { stopped: new Map(), mainsLostAtMs: null, hasOtherPower: false, gap: null }

const STOPPED_PERCENT = 1
const STOPPED_WATTS = 20
const MAINS_GONE_VOLTS = 50
/** A unit that still cools so long after the mains went hangs on a generator or on the UPS. */
const RUNS_ON_AFTER_MS = 60_000
/** A compressor that stands still without a fault may only have reached its setpoint: it counts once the room warms. */
const STOPPED_FOR_MS = 120_000
const STOPPED_RISE_KELVIN = 1
/** The agent's clock counts unless it is off by more than this; then the time of receipt. */
const CLOCK_OFF_MS = 60_000
/** Readings of several points that belong to one moment. */
const TOGETHER_MS = 120_000

/** When a live value was read. */
export function timeOf({ timeMs, receivedAtMs }: LiveValue): number {
  return Math.abs(receivedAtMs - timeMs) > CLOCK_OFF_MS ? receivedAtMs : timeMs
}

interface Said<Value> {
  atMs: number
  value: Value
}

function numberOf(point: { live: LiveValue } | undefined): Said<number> | undefined {
  if (!point || point.live.timeMs === 0 || point.live.quality === 'bad' || typeof point.live.value !== 'number') return undefined
  return { atMs: timeOf(point.live), value: point.live.value }
}
function textOf(point: { live: LiveValue } | undefined): Said<string> | undefined {
  if (!point || point.live.timeMs === 0 || typeof point.live.value !== 'string') return undefined
  return { atMs: timeOf(point.live), value: point.live.value }
}

/** Tokens of ups.status: on battery because the mains are gone, not for a test. */
export function isOnBattery(status: string): boolean {
  const tokens = upsTokens(status)
  return tokens.includes('OB') && !tokens.includes('CAL')
}

/** Whether a unit stands still by its latest readings; undefined: it has said nothing yet. Values hold until the next one. */
function unitNow(unit: CoolingUnit): { isStopped: boolean; isFault: boolean; sinceMs: number; latestMs: number } | undefined {
  const { live: fault } = unit.fault ?? {}
  const isFaultKnown = fault !== undefined && fault.timeMs > 0 && typeof fault.value === 'boolean'
  const output = numberOf(unit.outputPercent)
  const watts = numberOf(unit.watts)
  const signs = [
    ...(isFaultKnown ? [{ atMs: timeOf(fault), isStopped: fault.value === true, isFault: fault.value === true }] : []),
    ...(output ? [{ atMs: output.atMs, isStopped: output.value < STOPPED_PERCENT, isFault: false }] : []),
    ...(watts ? [{ atMs: watts.atMs, isStopped: watts.value < STOPPED_WATTS, isFault: false }] : []),
  ]
  if (signs.length === 0) return undefined
  const stopped = signs.filter(({ isStopped }) => isStopped)
  return {
    isStopped: stopped.length > 0,
    isFault: stopped.some(({ isFault }) => isFault),
    sinceMs: Math.min(...stopped.map(({ atMs }) => atMs)),
    latestMs: Math.max(...signs.map(({ atMs }) => atMs)),
  }
}

/** The next state by the live values; `celsius` is the room's now. Pure but for reading the live values of the points. */
export function nextSigns(before: SignState, points: RoomPoints, celsius: number | null, nowMs: number): SignState {
  const stopped = new Map<number, { sinceMs: number; isFault: boolean } | null>()
  const running: number[] = []
  for (const unit of points.units) {
    const now = unitNow(unit)
    const known = before.stopped.get(unit.device.id)
    if (!now) {
      // A bad reading says nothing: what was known holds.
      if (known !== undefined) stopped.set(unit.device.id, known)
      continue
    }
    stopped.set(
      unit.device.id,
      now.isStopped ? { sinceMs: known?.sinceMs ?? now.sinceMs, isFault: now.isFault || known?.isFault === true } : null,
    )
    if (!now.isStopped) running.push(now.latestMs)
  }
  const mainsLostAtMs = mainsLost(before.mainsLostAtMs, points)
  const hasOtherPower = before.hasOtherPower || (mainsLostAtMs !== null && running.some((atMs) => atMs - mainsLostAtMs >= RUNS_ON_AFTER_MS))
  const units = [...stopped.values()]
  const allStoppedMs =
    units.length > 0 && units.every((unit) => unit !== null) ? Math.max(...units.map((unit) => unit?.sinceMs ?? 0)) : null
  const byMainsMs = hasOtherPower ? null : mainsLostAtMs
  if (byMainsMs === null && allStoppedMs === null) return { stopped, mainsLostAtMs, hasOtherPower, gap: null }

  const starts = [byMainsMs, allStoppedMs].filter((atMs) => atMs !== null)
  const startMs = before.gap?.startMs ?? Math.min(...starts)
  const baseCelsius = before.gap?.baseCelsius ?? celsius
  const found: GapCause = byMainsMs !== null ? 'mains-lost' : units.some((unit) => unit?.isFault) ? 'cooling-fault' : 'cooling-stopped'
  const cause = heavierOf(found, before.gap?.cause)
  const hasWarmed = celsius !== null && baseCelsius !== null && celsius - baseCelsius >= STOPPED_RISE_KELVIN
  const isSure = before.gap?.isSure === true || cause !== 'cooling-stopped' || (nowMs - startMs >= STOPPED_FOR_MS && hasWarmed)
  return { stopped, mainsLostAtMs, hasOtherPower, gap: { startMs, cause, isSure, baseCelsius } }
}

const WEIGHT: Record<GapCause, number> = { 'mains-lost': 2, 'cooling-fault': 1, 'cooling-stopped': 0 }
function heavierOf(found: GapCause, before: GapCause | undefined): GapCause {
  return before !== undefined && WEIGHT[before] > WEIGHT[found] ? before : found
}

/** Lost when every UPS that says its status is on battery, or where none does, when the line is dead. */
function mainsLost(beforeMs: number | null, { upses, mainsVolts }: RoomPoints): number | null {
  const statuses = upses.flatMap(({ status }) => textOf(status) ?? [])
  const volts = numberOf(mainsVolts)
  const isDead = volts !== undefined && volts.value < MAINS_GONE_VOLTS
  const areAllOnBattery = statuses.length > 0 && statuses.every(({ value }) => isOnBattery(value))
  // An empty UPS says OFF and nothing of the mains: what was lost stays lost until it is back on line.
  const isStillLost = beforeMs !== null && statuses.length > 0 && statuses.every(({ value }) => !upsTokens(value).includes('OL'))
  if (!areAllOnBattery && !isStillLost && !(statuses.length === 0 && isDead)) return null
  const times = [...statuses.map(({ atMs }) => atMs), ...(isDead && volts ? [volts.atMs] : [])]
  return beforeMs ?? Math.min(...times)
}

/** The room now: the warmest of its points, with its heat. Undefined without a good reading. */
export function sampleNow({ temperatures, heat }: RoomPoints): RoomSample | undefined {
  const read = temperatures.flatMap((point) => numberOf(point) ?? [])
  if (read.length === 0) return undefined
  const atMs = Math.max(...read.map((each) => each.atMs))
  const celsius = Math.max(...read.filter((each) => atMs - each.atMs <= TOGETHER_MS).map(({ value }) => value))
  const watts = (heat?.points ?? []).map(numberOf)
  const isHeatKnown = watts.length > 0 && watts.every((each) => each !== undefined && Math.abs(atMs - each.atMs) <= TOGETHER_MS)
  if (!isHeatKnown) return { atMs, celsius }
  return { atMs, celsius, heatWatts: watts.reduce((sum, each) => sum + (each?.value ?? 0), 0) }
}

/** A UPS on battery (or empty after it), by its latest readings. */
export function upsNow({ status, charge, load, runtime }: RoomPoints['upses'][number]) {
  const said = textOf(status)
  const parts = [numberOf(charge), numberOf(load), numberOf(runtime)] as const
  const [chargeSaid, loadSaid, runtimeSaid] = parts
  return {
    isOnBattery: said !== undefined && isOnBattery(said.value),
    sample: {
      atMs: Math.max(0, ...[said, ...parts].flatMap((each) => each?.atMs ?? [])),
      ...(said ? { status: said.value } : {}),
      ...(chargeSaid ? { chargePercent: chargeSaid.value } : {}),
      ...(loadSaid ? { loadPercent: loadSaid.value } : {}),
      ...(runtimeSaid ? { runtimeSeconds: runtimeSaid.value } : {}),
    },
  }
}
