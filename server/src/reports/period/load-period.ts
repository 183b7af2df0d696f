import type { ReportKind } from '@roomkeeper/shared/http'
import type { PointKind } from '@roomkeeper/shared/model'
import type { Db } from '../../database/schema.ts'
import { subjectOf } from '../../ingest/directory.ts'
import type { PointEntry } from '../../ingest/entries.ts'
import { LimitHistory } from '../../limits/limit-history.ts'
import { localMinuteOf } from '../../limits/local-minute.ts'
import type { BandChange } from '../../readings/history/minute-slots.ts'
import { HOUR_MS } from '../../readings/hours.ts'
import type { ReadingStore } from '../../readings/reading-store.ts'
import type { Period } from '../pack/period.ts'
import { loadSpells, type Spell } from './alarm-spells.ts'
import { exactTimes } from './extreme-times.ts'
import { countIncidents, type IncidentCounts } from './incident-counts.ts'
import { type InspectionRows, loadInspections } from './inspection-figures.ts'
import { type ReportSpan, spanBefore } from './period-of.ts'
import { counterGrowth, type Discharge, dischargesOf } from './power-figures.ts'
import { bucketsOf, slotsOf, type Widths } from './room-slots.ts'
import { addPoint, curveOf, type Slot, type Tally, tallyOf } from './slot-fold.ts'
import { loadUpsHealth, type UpsHealth } from './ups-health.ts'

/** Kinds whose numbers say something over a period; sums of devices and counters are told apart. */
const KINDS = [
  'temperature',
  'humidity',
  'dew-point',
  'voltage',
  'line-to-line-voltage',
  'current',
  'frequency',
  'load',
  'battery-charge',
  'battery-runtime',
  'battery-voltage',
  'battery-temperature',
] as const satisfies readonly PointKind[]
const CURVES: readonly PointKind[] = ['temperature', 'humidity']
/** Status texts of one UPS in a period; one that flutters more is cut, its count is a lower bound. */
const MAX_TEXTS = 20_000
const MINUTE_MS = 60_000
const WIDTHS: Record<ReportKind, Widths> = {
  daily: { slotMs: 5 * MINUTE_MS, blockMs: MINUTE_MS },
  weekly: { slotMs: HOUR_MS, blockMs: MINUTE_MS },
  monthly: { slotMs: HOUR_MS, blockMs: 15 * MINUTE_MS },
  yearly: { slotMs: HOUR_MS, blockMs: 15 * MINUTE_MS },
}

export type PeriodPoint = Pick<PointEntry, 'id' | 'key' | 'name' | 'deviceId' | 'kind' | 'unit' | 'nominal'> & {
  device: Pick<PointEntry['device'], 'id' | 'site' | 'node' | 'device' | 'nodeId' | 'name' | 'isDrill' | 'bornAtMs'> & {
    room: Pick<PointEntry['device']['room'], 'id' | 'name' | 'class'>
  }
}

export interface KindFigures {
  kind: PointKind
  unit: string
  now: Tally
  before: Tally
}

interface Curve {
  kind: PointKind
  unit: string
  stepMs: number
  points: { atMs: number; min: number; mean: number; max: number }[]
  /** As they were, those of the first point that had any; in order of time. */
  bands: BandChange[]
}

interface PowerLine {
  deviceName: string
  pointName: string
  /** W; null for a counter. */
  meanPower: number | null
  maxPower: number | null
  /** kWh: of a counter, or mean power times the time with readings. */
  energy: number
  /** Of the period before; null: nothing was measured. */
  energyBefore: number | null
  isCounted: boolean
}

export interface RoomPeriod {
  id: number
  name: string
  kinds: KindFigures[]
  curves: Curve[]
  discharges: Discharge[]
  /** What its UPSes were measured to carry, and when their batteries are due. */
  ups: UpsHealth[]
  power: PowerLine[]
  incidents: IncidentCounts
}

export interface PeriodData extends Widths {
  span: ReportSpan
  before: ReportSpan
  /** End of what can be known: the period's end, or now. */
  untilMs: number
  rooms: RoomPeriod[]
  spells: Spell[]
  spellsBefore: Spell[]
  inspections: InspectionRows
  inspectionsBefore: InspectionRows
  /** null: the whole hospital. */
  roomId: number | null
  /** Incidents without a room count here only. */
  incidents: IncidentCounts
  problem?: string
}

export interface PeriodQuery {
  db: Db
  store: Pick<ReadingStore, 'history' | 'textChanges'>
  points: Iterable<PeriodPoint>
  span: ReportSpan
  roomId: number | null
  nowMs: number
  timeZone: string
}

/** Everything of a report; curves and sums only, so that a year of a hospital stays small. */
export async function loadPeriod(query: PeriodQuery): Promise<PeriodData> {
  const { db, span, roomId, nowMs, timeZone } = query
  const before = spanBefore(span, timeZone)
  let rooms = db.selectFrom('room').select(['id', 'name']).orderBy('id')
  if (roomId !== null) rooms = rooms.where('id', '=', roomId)
  const incidents = await countIncidents(db, span, before)
  // The period before ends where this one begins.
  const spells = await loadSpells(db, { fromMs: before.fromMs, toMs: span.toMs, roomId })
  const data: PeriodData = {
    ...WIDTHS[span.kind],
    span,
    before,
    untilMs: Math.max(span.fromMs, Math.min(span.toMs, nowMs)),
    rooms: [],
    spells: spells.filter(({ raisedAtMs }) => raisedAtMs >= span.fromMs),
    spellsBefore: spells.filter(({ raisedAtMs }) => raisedAtMs < span.fromMs),
    inspections: await loadInspections(db, span),
    inspectionsBefore: await loadInspections(db, before),
    roomId,
    incidents: incidents(roomId),
  }
  const points = [...query.points].filter(({ device }) => !device.isDrill)
  const limits = new LimitHistory({ db, nowMs: () => nowMs, localMinute: localMinuteOf(timeZone) })
  for (const room of await rooms.execute()) {
    const empty = { kinds: [], curves: [], discharges: [], ups: [], power: [] }
    const own = points.filter(({ device }) => device.room.id === room.id)
    const read = data.problem ? empty : await readRoom(query, limits, own, data).catch((error: Error) => error)
    if (read instanceof Error) data.problem = read.message
    data.rooms.push({ ...room, ...(read instanceof Error ? empty : read), incidents: incidents(room.id) })
  }
  return data
}

type Read = Pick<RoomPeriod, 'kinds' | 'curves' | 'discharges' | 'ups' | 'power'>

/** Throws what the store throws. */
async function readRoom(query: PeriodQuery, limits: LimitHistory, points: readonly PeriodPoint[], data: PeriodData): Promise<Read> {
  const { span, before, slotMs, untilMs } = data
  const read: Read = { kinds: [], curves: [], discharges: [], ups: [], power: [] }
  for (const kind of KINDS) {
    const own = points.filter((point) => point.kind === kind)
    const [first] = own
    if (!first) continue
    const bornMs = Math.min(...own.map(({ device }) => device.bornAtMs))
    const slots = await slotsOf(query, own, { ...span, toMs: untilMs }, data)
    const now = await exactTimes(
      query,
      own,
      tallyOf(slots, { fromMs: span.fromMs, slotMs }, slotCount(slots, span.fromMs, untilMs, bornMs, slotMs)),
      slotMs,
    )
    const earlier = await slotsOf(query, own, before, data)
    const then = tallyOf(earlier, { fromMs: before.fromMs, slotMs }, slotCount(earlier, before.fromMs, before.toMs, bornMs, slotMs))
    if (now.count === 0 && then.count === 0 && bornMs >= untilMs) continue
    read.kinds.push({ kind, unit: first.unit, now, before: then })
    if (!CURVES.includes(kind) || now.count === 0) continue
    // About 150 to 370 points: more cannot be told apart on paper.
    const perPoint = { daily: 1, weekly: 1, monthly: 3, yearly: 24 }[span.kind]
    const curve = curveOf(slots, perPoint).map(({ index, ...point }) => ({ ...point, atMs: span.fromMs + index * perPoint * slotMs }))
    read.curves.push({ kind, unit: first.unit, stepMs: perPoint * slotMs, points: curve, bands: await bandsThen(limits, own, span) })
  }
  for (const point of points) {
    if (point.kind === 'ups-status') {
      const range = { fromMs: span.fromMs, toMs: untilMs }
      const changes = await query.store.textChanges({ point, ...range, limit: MAX_TEXTS })
      read.discharges.push(...dischargesOf(point.device.name, changes, range))
    } else if (point.kind === 'power' || point.kind === 'energy') {
      const line = await powerLine(query, point, { ...span, toMs: untilMs }, slotMs)
      if (line) read.power.push({ ...line, energyBefore: (await powerLine(query, point, before, slotMs))?.energy ?? null })
    }
  }
  read.ups = await loadUpsHealth(query.db, points, read.kinds, untilMs)
  return read
}

async function bandsThen(limits: LimitHistory, points: readonly PeriodPoint[], span: Period): Promise<BandChange[]> {
  for (const point of points) {
    const bands = await limits.bandsOf(subjectOf(point), span)
    if (bands.some(({ band }) => band !== null)) return bands
  }
  return []
}

/** Before its first device a room has nothing to show, and nothing is missing. */
function slotCount(slots: ReadonlyMap<number, Slot>, fromMs: number, toMs: number, bornMs: number, slotMs: number): number {
  const firstMs = slots.size === 0 ? toMs : fromMs + Math.min(...slots.keys()) * slotMs
  const sinceMs = Math.max(fromMs, Math.min(bornMs, firstMs))
  return Math.ceil(Math.max(0, toMs - sinceMs) / slotMs)
}

async function powerLine(
  query: PeriodQuery,
  point: PeriodPoint,
  period: Period,
  slotMs: number,
): Promise<Omit<PowerLine, 'energyBefore'> | undefined> {
  const about = { deviceName: point.device.name, pointName: point.name || point.key }
  const buckets = await bucketsOf(query, point, period, slotMs)
  if (point.kind === 'energy') {
    const energy = counterGrowth(buckets)
    return energy === null ? undefined : { ...about, meanPower: null, maxPower: null, energy, isCounted: true }
  }
  const slots = new Map<number, Slot>()
  const grid = { slotMs, fromMs: period.fromMs }
  addPoint(slots, point.id, buckets, grid)
  const { sum, count, max } = tallyOf(slots, grid, slots.size)
  if (count === 0) return undefined
  const read = [...slots.values()].filter((slot) => slot.count > 0)
  const energy = read.reduce((total, slot) => total + ((slot.sum / slot.count) * slotMs) / HOUR_MS / 1000, 0)
  return { ...about, meanPower: sum / count, maxPower: max?.value ?? null, energy, isCounted: false }
}
