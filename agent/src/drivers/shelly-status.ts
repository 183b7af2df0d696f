import { type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import { isJsonObject, type JsonPath, parseJsonPath, valueAt } from './json-path.ts'
import { contactReading, numberReading, pointName, type ReportedPoint } from './reported-value.ts'

interface Property {
  path: JsonPath
  kind: PointKind
  unit?: Unit
  scale?: number
}
const property = (path: string, kind: PointKind, rest: Omit<Property, 'path' | 'kind'> = {}): Property => ({
  path: parseJsonPath(path),
  kind,
  ...rest,
})

const WATT_HOURS = { scale: 0.001 }
const METER = [property('voltage', 'voltage'), property('current', 'current'), property('freq', 'frequency')]
const PHASES = ['a', 'b', 'c'].flatMap((phase) => [
  property(`${phase}_voltage`, 'voltage'),
  property(`${phase}_current`, 'current'),
  property(`${phase}_act_power`, 'power'),
  property(`${phase}_freq`, 'frequency'),
])

/** Status of the components of Gen2 and later (shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices). */
const COMPONENTS: Record<string, readonly Property[]> = {
  temperature: [property('tC', 'temperature')],
  humidity: [property('rh', 'humidity')],
  devicepower: [property('battery.percent', 'battery-charge'), property('battery.V', 'battery-voltage')],
  switch: [
    property('apower', 'power'),
    ...METER,
    property('aenergy.total', 'energy', WATT_HOURS),
    property('temperature.tC', 'board-temperature'),
  ],
  pm1: [property('apower', 'power'), ...METER, property('aenergy.total', 'energy', WATT_HOURS)],
  em: [...PHASES, property('total_act_power', 'power'), property('total_current', 'current')],
  emdata: [property('total_act', 'energy', WATT_HOURS)],
  em1: [property('act_power', 'power'), ...METER],
  em1data: [property('total_act_energy', 'energy', WATT_HOURS)],
  flood: [property('alarm', 'leak')],
  smoke: [property('alarm', 'smoke')],
  voltmeter: [property('voltage', 'number', { unit: 'V' })],
}

/**
 * The points of a Shelly's status, Gen2 and later: the answer of `Shelly.GetStatus`, or any part of it.
 * `errors` of a component (`read`, `out_of_range`) makes its points bad.
 */
export function shellyPoints(status: Readonly<Record<string, unknown>>): ReportedPoint[] {
  return Object.entries(status).flatMap(([key, component]) => {
    const [, type = '', id] = /^([a-z0-9]+):(\d+)$/.exec(key) ?? []
    if (!isJsonObject(component) || !Object.hasOwn(COMPONENTS, type)) return []
    const hasErrors = Array.isArray(component.errors) && component.errors.some((error) => error === 'read' || error === 'out_of_range')
    return (COMPONENTS[type] as readonly Property[]).flatMap((each) => {
      const value = valueAt(component, each.path)
      // A component has only what its model measures. A sensor that failed gives null.
      return value === undefined ? [] : [pointOf(`${key}.${each.path.join('.')}`, `${type} ${id}`, each, hasErrors ? null : value)]
    })
  })
}

/** The points of `/status` of a Shelly of the first generation (shelly-api-docs.shelly.cloud/gen1). */
export function shellyGen1Points(status: Readonly<Record<string, unknown>>): ReportedPoint[] {
  const list = (name: string): unknown[] => (Array.isArray(status[name]) ? status[name] : [])
  const single: Property[] = [
    property('tmp.tC', 'temperature'),
    property('hum.value', 'humidity'),
    property('bat.value', 'battery-charge'),
    property('bat.voltage', 'battery-voltage'),
    property('flood', 'leak'),
    property('smoke', 'smoke'),
    property('temperature', 'board-temperature'),
  ]
  // `total` of a relay's meter counts watt-minutes, that of an energy meter watt-hours.
  const channels = [
    ...list('meters').flatMap((_, n) => [
      property(`meters[${n}].power`, 'power'),
      property(`meters[${n}].total`, 'energy', { scale: 1 / 60_000 }),
    ]),
    ...list('emeters').flatMap((_, n) => [
      property(`emeters[${n}].power`, 'power'),
      property(`emeters[${n}].voltage`, 'voltage'),
      property(`emeters[${n}].current`, 'current'),
      property(`emeters[${n}].total`, 'energy', WATT_HOURS),
    ]),
    ...Object.keys(isJsonObject(status.ext_temperature) ? status.ext_temperature : {}).map((n) =>
      property(`ext_temperature['${n}'].tC`, 'temperature'),
    ),
    ...Object.keys(isJsonObject(status.ext_humidity) ? status.ext_humidity : {}).map((n) =>
      property(`ext_humidity['${n}'].hum`, 'humidity'),
    ),
  ]
  return [...single, ...channels].flatMap((each) => {
    const value = valueAt(status, each.path)
    const isValid = valueAt(status, [...each.path.slice(0, -1), 'is_valid'])
    return value === undefined ? [] : [pointOf(each.path.join('.'), '', each, isValid === false ? null : value)]
  })
}

function pointOf(key: string, owner: string, { kind, unit, scale }: Property, value: unknown): ReportedPoint {
  const reading = pointKindInfo(kind).valueType === 'boolean' ? contactReading(key, value) : numberReading(key, value, { scale })
  return { description: { key, kind, unit: unit ?? pointKindInfo(kind).unit, name: pointName(owner || key, kind) }, reading }
}
