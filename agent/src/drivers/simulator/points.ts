import type { ReadingValue } from '@roomkeeper/shared/model'
import type { PointDescription } from '../driver.ts'
import { RACK_HEIGHTS, type RackHeight, type RoomMeasurements } from './instruments.ts'
import { jitter } from './noise.ts'
import type { SimulatedRole } from './options.ts'

/** One point of a role: how it is described, and how its instrument shows the room. */
export interface SimulatedPoint extends PointDescription {
  /** `noise` is the sensor's own jitter now: mean 0, standard deviation 1. */
  show(measured: RoomMeasurements, noise: number): ReadingValue
}

/** A sensor's last digit: readings have the resolution of the real thing. */
function rounded(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(3))
}

/** Standard deviation of a good digital sensor's jitter: 0.04 °C and 0.15 % RH. */
const TEMPERATURE_JITTER_KELVIN = 0.04
const HUMIDITY_JITTER_PERCENT = 0.15

const PROBE_NAMES = {
  'cold-aisle': { zh: '冷通道', en: 'Cold aisle' },
  'hot-aisle': { zh: '热通道', en: 'Hot aisle' },
  room: { zh: '机房中部', en: 'Middle of the room' },
}
export type ProbeName = keyof typeof PROBE_NAMES

function probePoints(probe: ProbeName): SimulatedPoint[] {
  const { zh, en } = PROBE_NAMES[probe]
  return [
    {
      key: `${probe}-temperature`,
      kind: 'temperature',
      unit: 'Cel',
      name: { zh: `${zh}温度`, en: `${en} temperature` },
      show: ({ probes }, noise) => rounded(probes[probe].celsius + TEMPERATURE_JITTER_KELVIN * noise, 0.01),
    },
    {
      key: `${probe}-humidity`,
      kind: 'humidity',
      unit: '%',
      name: { zh: `${zh}湿度`, en: `${en} humidity` },
      show: ({ probes }, noise) =>
        rounded(Math.min(100, Math.max(0, probes[probe].humidityPercent + HUMIDITY_JITTER_PERCENT * noise)), 0.1),
    },
  ]
}

const UPS_POINTS: SimulatedPoint[] = [
  { key: 'status', kind: 'ups-status', unit: '1', name: { zh: 'UPS 状态', en: 'UPS status' }, show: ({ ups }) => ups.status },
  {
    key: 'input-voltage',
    kind: 'voltage',
    unit: 'V',
    name: { zh: '输入电压', en: 'Input voltage' },
    show: ({ mainsVolts }) => rounded(mainsVolts, 0.1),
  },
  {
    key: 'input-frequency',
    kind: 'frequency',
    unit: 'Hz',
    name: { zh: '输入频率', en: 'Input frequency' },
    show: ({ mainsHertz }) => rounded(mainsHertz, 0.01),
  },
  {
    key: 'output-voltage',
    kind: 'voltage',
    unit: 'V',
    name: { zh: '输出电压', en: 'Output voltage' },
    show: ({ ups }) => rounded(ups.outputVolts, 0.1),
  },
  { key: 'load', kind: 'load', unit: '%', name: { zh: '负载', en: 'Load' }, show: ({ ups }) => rounded(ups.loadPercent, 0.1) },
  {
    key: 'battery-charge',
    kind: 'battery-charge',
    unit: '%',
    name: { zh: '电池电量', en: 'Battery charge' },
    show: ({ ups }) => rounded(ups.chargePercent, 0.1),
  },
  {
    key: 'battery-runtime',
    kind: 'battery-runtime',
    unit: 's',
    name: { zh: '电池剩余时间', en: 'Battery runtime' },
    show: ({ ups }) => Math.round(ups.runtimeSeconds),
  },
  {
    key: 'battery-voltage',
    kind: 'battery-voltage',
    unit: 'V',
    name: { zh: '电池电压', en: 'Battery voltage' },
    show: ({ ups }) => rounded(ups.batteryVolts, 0.1),
  },
  {
    key: 'battery-temperature',
    kind: 'battery-temperature',
    unit: 'Cel',
    name: { zh: '电池温度', en: 'Battery temperature' },
    show: ({ ups }, noise) => rounded(ups.batteryCelsius + TEMPERATURE_JITTER_KELVIN * noise, 0.1),
  },
]

const COOLING_POINTS: SimulatedPoint[] = [
  {
    key: 'return-temperature',
    kind: 'temperature',
    unit: 'Cel',
    name: { zh: '回风温度', en: 'Return air temperature' },
    show: ({ cooling }, noise) => rounded(cooling.returnCelsius + TEMPERATURE_JITTER_KELVIN * noise, 0.1),
  },
  {
    // Air leaves the coil colder than a room may be: as a plain number it is not judged by the room's temperature limits.
    key: 'supply-temperature',
    kind: 'number',
    unit: 'Cel',
    name: { zh: '送风温度', en: 'Supply air temperature' },
    show: ({ cooling }, noise) => rounded(cooling.supplyCelsius + TEMPERATURE_JITTER_KELVIN * noise, 0.1),
  },
  {
    key: 'output',
    kind: 'number',
    unit: '%',
    name: { zh: '制冷输出', en: 'Cooling output' },
    show: ({ cooling }) => rounded(cooling.outputPercent, 0.1),
  },
  {
    key: 'power',
    kind: 'power',
    unit: 'W',
    name: { zh: '空调功率', en: 'Air conditioner power' },
    show: ({ cooling }) => Math.round(cooling.electricalWatts),
  },
  {
    key: 'fault',
    kind: 'cooling-fault',
    unit: '1',
    name: { zh: '空调故障', en: 'Cooling fault' },
    show: ({ cooling }) => cooling.failed,
  },
]

const CONTACT_POINTS: SimulatedPoint[] = [
  { key: 'leak', kind: 'leak', unit: '1', name: { zh: '漏水', en: 'Water leak' }, show: ({ contacts }) => contacts.leak },
  { key: 'smoke', kind: 'smoke', unit: '1', name: { zh: '烟雾', en: 'Smoke' }, show: ({ contacts }) => contacts.smoke },
  { key: 'door', kind: 'door', unit: '1', name: { zh: '机房门', en: 'Room door' }, show: ({ contacts }) => contacts.doorOpen },
]

function rackPoints(rackCount: number): SimulatedPoint[] {
  const each = Array.from({ length: rackCount }, (_, index): SimulatedPoint => {
    const number = index + 1
    return {
      key: `rack-${number}-power`,
      kind: 'power',
      unit: 'W',
      name: { zh: `${number} 号机柜功率`, en: `Rack ${number} power` },
      show: ({ racks }) => Math.round(racks.wattsEach[index] ?? 0),
    }
  })
  return [
    {
      key: 'power',
      kind: 'power',
      unit: 'W',
      name: { zh: '机柜总功率', en: 'Power of all racks' },
      show: ({ racks }) => Math.round(racks.watts),
    },
    ...each,
  ]
}

const HEIGHT_NAMES: Record<RackHeight, { zh: string; en: string }> = {
  bottom: { zh: '下部', en: 'bottom' },
  middle: { zh: '中部', en: 'middle' },
  top: { zh: '顶部', en: 'top' },
}

/** Temperature at three heights before each rack, as GB 50462 measures a room; humidity once per rack. */
function inletPoints(rackCount: number): SimulatedPoint[] {
  return Array.from({ length: rackCount }, (_, index): SimulatedPoint[] => {
    const rack = `R${String(index + 1).padStart(2, '0')}`
    const shown = (measured: RoomMeasurements, height: RackHeight) => measured.racks.inlets[index]?.[height]
    const temperatures = RACK_HEIGHTS.map((height): SimulatedPoint => {
      const { zh, en } = HEIGHT_NAMES[height]
      return {
        key: `rack-${index + 1}-${height}-temperature`,
        kind: 'temperature',
        unit: 'Cel',
        name: { zh: `${rack} ${zh}温度`, en: `${rack} ${en} temperature` },
        show: (measured, noise) => rounded((shown(measured, height)?.celsius ?? 0) + TEMPERATURE_JITTER_KELVIN * noise, 0.01),
      }
    })
    return [
      ...temperatures,
      {
        key: `rack-${index + 1}-middle-humidity`,
        kind: 'humidity',
        unit: '%',
        name: { zh: `${rack} 中部湿度`, en: `${rack} middle humidity` },
        show: (measured, noise) => rounded((shown(measured, 'middle')?.humidityPercent ?? 0) + HUMIDITY_JITTER_PERCENT * noise, 0.1),
      },
    ]
  }).flat()
}

/** The points of a role. */
export function pointsOfRole(role: SimulatedRole, probes: readonly ProbeName[], rackCount: number): SimulatedPoint[] {
  switch (role) {
    case 'environment':
      return probes.flatMap(probePoints)
    case 'ups':
      return UPS_POINTS
    case 'cooling':
      return COOLING_POINTS
    case 'contacts':
      return CONTACT_POINTS
    case 'racks':
      return rackPoints(rackCount)
    case 'rack-inlets':
      return inletPoints(rackCount)
  }
}

/** A point's own noise at a model time. */
export function sensorNoise(seed: number, key: string, modelSeconds: number): number {
  return jitter(seed, key, modelSeconds)
}
