import type { HEAT_SOURCES, JUDGED_BY } from '@roomkeeper/shared/http'
import { isMainsVoltage } from '../api/leading-points.ts'
import type { DeviceEntry, PointEntry } from '../ingest/entries.ts'
import { levelsAt } from '../limits/limit-band.ts'
import type { LocalMinute } from '../limits/local-minute.ts'
import { deviceClassOf } from '../registers/inspection/device-class.ts'

export type JudgedBy = (typeof JUDGED_BY)[number]
export type HeatSource = (typeof HEAT_SOURCES)[number]

export interface CoolingUnit {
  device: DeviceEntry
  fault: PointEntry | undefined
  outputPercent: PointEntry | undefined
  watts: PointEntry | undefined
}

export interface UpsPoints {
  device: DeviceEntry
  status: PointEntry | undefined
  charge: PointEntry | undefined
  load: PointEntry | undefined
  runtime: PointEntry | undefined
  batteryTemperature: PointEntry | undefined
}

/** What tells of a room's heat, cooling and power. */
export interface RoomPoints {
  roomId: number
  /** By which rule `temperatures` were chosen; null: the room has no temperature that counts. */
  judgedBy: JudgedBy | null
  temperatures: PointEntry[]
  heat: { source: HeatSource; points: PointEntry[] } | null
  units: CoolingUnit[]
  upses: UpsPoints[]
  mainsVolts: PointEntry | undefined
}

/** Air that left the racks, comes from or goes to a coil, or is not the room's at all. */
const NOT_JUDGED =
  /return|supply|hot|exhaust|outlet|outdoor|outside|battery|cpu|disk|water|coil|回风|送风|热通道|热风|出风|排风|室外|电池|水温|盘管/i
/** Best first: ASHRAE and GB 50174 judge the air that the equipment takes in. */
const JUDGED: readonly { by: JudgedBy; words: RegExp }[] = [
  { by: 'rack-inlet', words: /inlet|intake|rack|进风|机柜/i },
  { by: 'cold-aisle', words: /cold|冷通道|冷池/i },
  { by: 'room', words: /room|ambient|middle|机房|环境|室内|中部/i },
  { by: 'any', words: /(?:)/ },
]
/** The sum of others on the same device. */
const IS_TOTAL = /^(power|total|.*[._-]total|total[._-].*)$|总/i
const IS_INPUT = /input|mains|utility|市电|进线|输入/i
const IS_COOLING_OUTPUT = /output|capacity|compressor|cool|制冷|压缩机/i

const wordsOf = ({ key, name, nameEn }: PointEntry) => `${key} ${name} ${nameEn}`

/** Chooses the points of one room. Retired devices and drills are left out by the caller. */
export function roomPoints(roomId: number, devices: readonly DeviceEntry[]): RoomPoints {
  const units: CoolingUnit[] = []
  const upses: UpsPoints[] = []
  const others: DeviceEntry[] = []
  for (const device of devices) {
    const points = [...device.points.values()]
    const kinds = new Set<string>(points.map(({ kind }) => kind))
    const { name, maker, model } = device
    const deviceClass = deviceClassOf({ name, maker, model, kinds })
    if (deviceClass === 'air-conditioner') {
      const unit = coolingUnit(device, points)
      if (unit.fault || unit.outputPercent || unit.watts) units.push(unit)
    } else if (kinds.has('ups-status') || kinds.has('battery-charge')) upses.push(upsPoints(device, points))
    else others.push(device)
  }
  const upsDevices = upses.map(({ device }) => device)
  return {
    roomId,
    ...judgedTemperatures(others),
    heat: heatOf(others, upsDevices),
    units,
    upses,
    mainsVolts: upsDevices.flatMap(pointsOf).find((point) => isMainsVoltage(point) && !/bypass|旁路/i.test(wordsOf(point))),
  }
}

const pointsOf = (device: DeviceEntry) => [...device.points.values()]

function judgedTemperatures(devices: readonly DeviceEntry[]): Pick<RoomPoints, 'judgedBy' | 'temperatures'> {
  const candidates = devices.flatMap(pointsOf).filter((point) => point.kind === 'temperature' && !NOT_JUDGED.test(wordsOf(point)))
  for (const { by, words } of JUDGED) {
    const temperatures = candidates.filter((point) => words.test(wordsOf(point)))
    if (temperatures.length > 0) return { judgedBy: by, temperatures }
  }
  return { judgedBy: null, temperatures: [] }
}

/** All heat of a room is electricity that its racks took: measured there, else behind the UPS. */
function heatOf(devices: readonly DeviceEntry[], upses: readonly DeviceEntry[]): RoomPoints['heat'] {
  const racks = devices.flatMap((device) => {
    const powers = pointsOf(device).filter((point) => point.kind === 'power' && point.unit === 'W' && !IS_INPUT.test(wordsOf(point)))
    const total = powers.find(({ key, name }) => IS_TOTAL.test(key) || IS_TOTAL.test(name))
    return total ? [total] : powers
  })
  if (racks.length > 0) return { source: 'racks', points: racks }
  const behind = upses.flatMap((device) =>
    pointsOf(device)
      .filter((point) => point.kind === 'power' && point.unit === 'W' && !IS_INPUT.test(wordsOf(point)))
      .slice(0, 1),
  )
  if (behind.length > 0) return { source: 'ups-power', points: behind }
  const loads = upses.flatMap((device) =>
    pointsOf(device)
      .filter(({ kind }) => kind === 'load')
      .slice(0, 1),
  )
  return loads.length > 0 ? { source: 'ups-load', points: loads } : null
}

function coolingUnit(device: DeviceEntry, points: readonly PointEntry[]): CoolingUnit {
  return {
    device,
    fault: points.find(({ kind }) => kind === 'cooling-fault'),
    outputPercent: points.find((point) => point.unit === '%' && point.kind === 'number' && IS_COOLING_OUTPUT.test(wordsOf(point))),
    watts: points.find(({ kind, unit }) => kind === 'power' && unit === 'W'),
  }
}

function upsPoints(device: DeviceEntry, points: readonly PointEntry[]): UpsPoints {
  const ofKind = (kind: PointEntry['kind']) => points.find((point) => point.kind === kind)
  return {
    device,
    status: ofKind('ups-status'),
    charge: ofKind('battery-charge'),
    load: ofKind('load'),
    runtime: ofKind('battery-runtime'),
    batteryTemperature: ofKind('battery-temperature'),
  }
}

/** Equipment gives up here once the room's own limit is passed, °C at its inlet: ASHRAE TC 9.9 2021, allowable, classes A2, A3, A4. */
const EQUIPMENT_CELSIUS = [35, 40, 45] as const

/**
 * The next limit above a temperature: the lowest `high-high` in force on the points at that time, by day or night (else `high`), then what
 * equipment bears.
 */
export function nextLimit(
  points: readonly Pick<PointEntry, 'limits'>[],
  celsius: number | null,
  timeMs: number,
  localMinute: LocalMinute,
): { celsius: number; kind: 'own' | 'equipment' } | null {
  const levels = points.map(({ limits }) => levelsAt(limits, timeMs, localMinute))
  const lowestOf = (level: 'high' | 'high-high') => Math.min(...levels.map((each) => each[level] ?? Number.POSITIVE_INFINITY))
  const own = [lowestOf('high-high'), lowestOf('high')].find(Number.isFinite)
  if (own === undefined) return null
  if (celsius === null || celsius < own) return { celsius: own, kind: 'own' }
  const next = EQUIPMENT_CELSIUS.find((limit) => limit > own && limit > celsius)
  return next === undefined ? { celsius: own, kind: 'own' } : { celsius: next, kind: 'equipment' }
}
