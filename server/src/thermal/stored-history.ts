import type { PointEntry } from '../ingest/entries.ts'
import type { ReadingStore, StoredReading, TimeRange } from '../readings/reading-store.ts'
import type { RoomHistory, Series } from './cooling-gaps.ts'
import { HABIT_MS, HABIT_STRETCH_MS, type HeatStretch } from './heat-habit.ts'
import type { RoomSample } from './heating-model.ts'
import type { CoolingUnit, RoomPoints, UpsPoints } from './room-points.ts'
import { isOnBattery } from './room-signs.ts'
import type { UpsSample } from './ups-truth.ts'

export type HistoryReader = Pick<ReadingStore, 'raw' | 'history'>

/** More than a point read each second says in the longest window that is read at once. */
const MOST_READINGS = 60_000
/** Readings of several points that belong to one moment; after that nobody knows. */
const TOGETHER_MS = 120_000
const RUNS_ON_AFTER_MS = 60_000

const isGood = ({ bad }: StoredReading) => bad === undefined

async function read<Value>(
  store: HistoryReader,
  point: PointEntry | undefined,
  range: TimeRange,
  asValue: (value: StoredReading['value']) => Value | undefined,
): Promise<{ atMs: number; value: Value }[] | undefined> {
  if (!point) return undefined
  const readings = await store.raw({ point, ...range, limit: MOST_READINGS })
  return readings.filter(isGood).flatMap(({ timeMs, value }) => {
    const found = asValue(value)
    return found === undefined ? [] : [{ atMs: timeMs, value: found }]
  })
}

const asNumber = (value: StoredReading['value']) => (typeof value === 'number' ? value : undefined)
const asBoolean = (value: StoredReading['value']) =>
  value === null || typeof value === 'string' ? undefined : value === true || value === 1
const asText = (value: StoredReading['value']) => (typeof value === 'string' ? value : undefined)

/** What tells of cooling and mains, without temperatures: few readings find where the many must be read. Throws StoreUnavailableError. */
export async function readSigns(store: HistoryReader, points: RoomPoints, range: TimeRange): Promise<RoomHistory> {
  const units = await Promise.all(points.units.map((unit) => readUnit(store, unit, range)))
  const statuses = await Promise.all(points.upses.map(({ status }) => read(store, status, range, asText)))
  const known = statuses.filter((series) => series !== undefined && series.length > 0)
  const upsStatus = togetherOnBattery(known.filter((series) => series !== undefined))
  // Where a status says what the mains do, a dead line tells nothing more.
  const mainsVolts = known.length > 0 ? undefined : await read(store, points.mainsVolts, range, asNumber)
  return {
    units,
    celsius: [],
    ...(upsStatus.length > 0 ? { upsStatus } : {}),
    ...(mainsVolts ? { mainsVolts } : {}),
    coolingNeedsMains: !runsOnWithoutMains(units, upsStatus),
  }
}

async function readUnit(store: HistoryReader, { fault, outputPercent, watts }: CoolingUnit, range: TimeRange) {
  const faults = await read(store, fault, range, asBoolean)
  const outputs = await read(store, outputPercent, range, asNumber)
  const powers = await read(store, watts, range, asNumber)
  return {
    ...(faults ? { fault: faults } : {}),
    ...(outputs ? { outputPercent: outputs } : {}),
    ...(powers ? { electricalWatts: powers } : {}),
  }
}

/** One status for all UPSes: on battery while each of them is. Pure. */
export function togetherOnBattery(statuses: readonly Series<string>[]): { atMs: number; value: string }[] {
  const [only, ...others] = statuses
  if (only === undefined) return []
  const mapped = (series: Series<string>) => series.map(({ atMs, value }) => ({ atMs, isOn: isOnBattery(value) }))
  if (others.length === 0) return mapped(only).map(({ atMs, isOn }) => ({ atMs, value: isOn ? 'OB' : 'OL' }))
  const all = statuses.flatMap((series, index) => mapped(series).map((each) => ({ ...each, index }))).sort((a, b) => a.atMs - b.atMs)
  const now = new Map<number, boolean>()
  return all.map(({ atMs, isOn, index }) => {
    now.set(index, isOn)
    return { atMs, value: now.size === statuses.length && [...now.values()].every(Boolean) ? 'OB' : 'OL' }
  })
}

/** An air conditioner that was seen to cool a minute after the mains went has other power. Pure. */
function runsOnWithoutMains(units: RoomHistory['units'], upsStatus: Series<string>): boolean {
  let lostMs: number | undefined
  const spans: { fromMs: number; toMs: number }[] = []
  for (const { atMs, value } of upsStatus) {
    if (value === 'OB') {
      lostMs ??= atMs
      if (atMs - lostMs >= RUNS_ON_AFTER_MS) spans.push({ fromMs: atMs - 1, toMs: atMs + 30_000 })
    } else lostMs = undefined
  }
  if (spans.length === 0) return false
  return units.some(({ outputPercent, electricalWatts }) => {
    const runs = [...(outputPercent ?? []), ...(outputPercent?.length ? [] : (electricalWatts ?? []))].filter(({ value }) => value >= 20)
    return runs.some(({ atMs }) => spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs))
  })
}

/** The room's samples of a range: the warmest of its points at each moment, with the heat. Throws StoreUnavailableError. */
export async function readSamples(store: HistoryReader, { temperatures, heat }: RoomPoints, range: TimeRange): Promise<RoomSample[]> {
  const celsius = await Promise.all(temperatures.map(async (point) => (await read(store, point, range, asNumber)) ?? []))
  const watts = await Promise.all((heat?.points ?? []).map(async (point) => (await read(store, point, range, asNumber)) ?? []))
  return joinSamples(celsius, watts)
}

/** The room's heat of the last hours, in stretches in which each of its points told something. Throws StoreUnavailableError. */
export async function readHeat(
  store: Pick<HistoryReader, 'history'>,
  { heat }: Pick<RoomPoints, 'heat'>,
  nowMs: number,
): Promise<HeatStretch[]> {
  const points = heat?.points ?? []
  const toMs = Math.floor(nowMs / HABIT_STRETCH_MS) * HABIT_STRETCH_MS
  const range = { fromMs: toMs - HABIT_MS, toMs, maxBuckets: HABIT_MS / HABIT_STRETCH_MS }
  const answers = await Promise.all(points.map(async (point) => (await store.history({ point, ...range })).buckets))
  const byStretch = Map.groupBy(answers.flat(), ({ timeMs }) => timeMs)
  return [...byStretch].flatMap(([atMs, buckets]) => {
    const means = buckets.flatMap(({ mean }) => mean ?? [])
    return means.length < points.length ? [] : [{ atMs, watts: means.reduce((sum, one) => sum + one, 0) }]
  })
}

/** Pure: a sample at each moment of which any point tells, of the points' latest values. */
export function joinSamples(celsius: readonly Series<number>[], watts: readonly Series<number>[]): RoomSample[] {
  const heatAt = watts.map(latestOf)
  const celsiusAt = celsius.map(latestOf)
  const moments = [...new Set(celsius.flatMap((series) => series.map(({ atMs }) => atMs)))].sort((a, b) => a - b)
  return moments.flatMap((atMs) => {
    const values = celsiusAt.flatMap((latest) => latest(atMs) ?? [])
    const heats = heatAt.flatMap((latest) => latest(atMs) ?? [])
    if (values.length === 0) return []
    const sample = { atMs, celsius: Math.max(...values) }
    return [heats.length === 0 || heats.length < watts.length ? sample : { ...sample, heatWatts: heats.reduce((sum, one) => sum + one, 0) }]
  })
}

/** The value at or shortly before rising moments. */
function latestOf(series: Series<number>): (atMs: number) => number | undefined {
  let next = 0
  return (atMs) => {
    while ((series[next]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) next += 1
    const latest = series[next - 1]
    return latest && atMs - latest.atMs <= TOGETHER_MS ? latest.value : undefined
  }
}

/** A UPS's samples of a range. Throws StoreUnavailableError. */
export async function readUps(store: HistoryReader, { status, charge, load, runtime }: UpsPoints, range: TimeRange): Promise<UpsSample[]> {
  const statuses = await read(store, status, range, asText)
  const charges = (await read(store, charge, range, asNumber)) ?? []
  const loads = (await read(store, load, range, asNumber)) ?? []
  const runtimes = (await read(store, runtime, range, asNumber)) ?? []
  return joinUps(statuses, charges, loads, runtimes)
}

/** Pure: a sample at each reading of the status, or of the charge where there is no status. */
export function joinUps(
  statuses: Series<string> | undefined,
  charges: Series<number>,
  loads: Series<number>,
  runtimes: Series<number>,
): UpsSample[] {
  const [chargeAt, loadAt, runtimeAt] = [latestOf(charges), latestOf(loads), latestOf(runtimes)]
  return (statuses ?? charges).map(({ atMs, value }) => {
    const [chargePercent, loadPercent, runtimeSeconds] = [chargeAt(atMs), loadAt(atMs), runtimeAt(atMs)]
    return {
      atMs,
      ...(typeof value === 'string' ? { status: value } : {}),
      ...(chargePercent === undefined ? {} : { chargePercent }),
      ...(loadPercent === undefined ? {} : { loadPercent }),
      ...(runtimeSeconds === undefined ? {} : { runtimeSeconds }),
    }
  })
}
