import {
  contact,
  excerpts,
  type FoundPoint,
  health,
  inputVoltageOf,
  isCovered,
  keyOf,
  measured,
  membersWithKeys,
  nameOf,
  PERCENT,
  RPM,
  sensorQuantity,
  temperatureOf,
  voltageOf,
  WATTS,
} from './found-points.ts'
import { asResource, linkOf, type Resource, resourcesIn, statusOf, textIn } from './resource.ts'

/** Reads the points out of one resource. Property names are those of DSP0268; the older ones of early schemas are taken too. */
export type Parser = (resource: Resource) => FoundPoint[]

/** The chassis' own health, and whether it was opened. */
export const chassisParser =
  (path: string): Parser =>
  (chassis) => {
    const key = keyOf(path)
    const name = nameOf(chassis, key)
    const intrusion = textIn(asResource(chassis.PhysicalSecurity)?.IntrusionSensor)
    return [
      ...health(key, name, statusOf(chassis)),
      ...contact(
        `${key}.Intrusion`,
        { zh: `${name} 机箱开启`, en: `${name} intrusion` },
        intrusion === undefined ? undefined : intrusion !== 'Normal',
      ),
    ]
  }

/** The health of a whole system, with all that is in it. */
export const systemParser =
  (path: string): Parser =>
  (system) => {
    const key = keyOf(path)
    return health(key, nameOf(system, key), statusOf(system, ['HealthRollup', 'Health']))
  }

export const thermalParser =
  (path: string, label: string): Parser =>
  (thermal) => {
    const at = keyOf(path)
    return [
      ...membersWithKeys(`${at}.Temperatures`, resourcesIn(thermal.Temperatures)).flatMap(({ key, member }) => {
        const name = nameOf(member, key)
        return measured(key, temperatureOf(member.PhysicalContext, name), label + name, member.ReadingCelsius, statusOf(member))
      }),
      ...membersWithKeys(`${at}.Fans`, resourcesIn(thermal.Fans)).flatMap(({ key, member }) => {
        const name = label + nameOf(member, key)
        const status = statusOf(member)
        const reading = member.Reading === undefined ? member.ReadingRPM : member.Reading
        const isPercent = /percent|%/i.test(textIn(member.ReadingUnits) ?? textIn(member.Units) ?? '')
        return [...measured(key, isPercent ? PERCENT : RPM, name, reading, status), ...health(key, name, status)]
      }),
      ...redundancies(`${at}.Redundancy`, label, thermal.Redundancy),
    ]
  }

export const powerParser =
  (path: string, label: string): Parser =>
  (power) => {
    const at = keyOf(path)
    return [
      ...membersWithKeys(`${at}.PowerControl`, resourcesIn(power.PowerControl)).flatMap(({ key, member }) =>
        measured(key, WATTS, label + nameOf(member, 'Power'), member.PowerConsumedWatts, statusOf(member)),
      ),
      ...membersWithKeys(`${at}.PowerSupplies`, resourcesIn(power.PowerSupplies)).flatMap(({ key, member }) => {
        const name = label + nameOf(member, key)
        const status = statusOf(member)
        const output = member.PowerOutputWatts ?? member.LastPowerOutputWatts
        return [
          ...health(key, name, status),
          ...lineInput(key, name, member),
          ...measured(`${key}.InputVoltage`, inputVoltageOf(member), `${name} input voltage`, member.LineInputVoltage, status),
          ...measured(`${key}.InputPower`, WATTS, `${name} input power`, member.PowerInputWatts, status),
          ...measured(`${key}.OutputPower`, WATTS, `${name} output power`, output, status),
        ]
      }),
      ...membersWithKeys(`${at}.Voltages`, resourcesIn(power.Voltages)).flatMap(({ key, member }) => {
        const name = nameOf(member, key)
        return measured(key, voltageOf(member, name), label + name, member.ReadingVolts, statusOf(member))
      }),
      ...redundancies(`${at}.Redundancy`, label, power.Redundancy),
    ]
  }

/** A sensor of the collection `Sensors`. Its unit is in the name where there is none of it here. */
export const sensorParser =
  (label: string, isWanted: (type: string) => boolean): Parser =>
  (sensor) => {
    const path = linkOf(sensor)
    if (path === undefined || asResource(sensor.Status)?.State === 'Deferring') return []
    const name = nameOf(sensor, keyOf(path))
    const quantity = sensorQuantity(sensor, name)
    if (!isWanted(quantity.kind)) return []
    const unit = quantity.unit === '1' && quantity.kind === 'number' ? textIn(sensor.ReadingUnits) : undefined
    return measured(keyOf(path), quantity, `${label}${name}${unit === undefined ? '' : ` (${unit})`}`, sensor.Reading, statusOf(sensor))
  }

/** `Fans` of a ThermalSubsystem. */
export const fanParser =
  (label: string, covered: ReadonlySet<string>): Parser =>
  (fan) => {
    const key = keyOf(linkOf(fan) ?? '')
    const name = label + nameOf(fan, key)
    const status = statusOf(fan)
    const speed = asResource(fan.SpeedPercent) ?? {}
    const reading = isCovered(speed, covered)
      ? []
      : speed.SpeedRPM === undefined
        ? measured(key, PERCENT, name, speed.Reading, status)
        : measured(key, RPM, name, speed.SpeedRPM, status)
    return [...reading, ...health(key, name, status)]
  }

/** `PowerSupplies` of a PowerSubsystem. */
export const powerSupplyParser =
  (label: string): Parser =>
  (supply) => {
    const key = keyOf(linkOf(supply) ?? '')
    const name = label + nameOf(supply, key)
    return [...health(key, name, statusOf(supply)), ...lineInput(key, name, supply)]
  }

/** Redundancy groups of a ThermalSubsystem (`FanRedundancy`) or PowerSubsystem (`PowerSupplyRedundancy`). */
export const redundancyParser =
  (path: string, property: string, label: string): Parser =>
  (subsystem) =>
    redundancies(`${keyOf(path)}.${property}`, label, subsystem[property], property.replace('Redundancy', ' redundancy'))

export const thermalMetricsParser =
  (path: string, label: string, covered: ReadonlySet<string>): Parser =>
  (metrics) => {
    const at = keyOf(path)
    const seen = new Set(covered)
    const point = (key: string, name: string, context: unknown, excerpt: Resource): FoundPoint[] => {
      if (isCovered(excerpt, seen)) return []
      if (typeof excerpt.DataSourceUri === 'string') seen.add(excerpt.DataSourceUri)
      return measured(key, temperatureOf(context, name), label + name, excerpt.Reading, statusOf(excerpt))
    }
    const summary = Object.entries(asResource(metrics.TemperatureSummaryCelsius) ?? {}).flatMap(([name, value]) => {
      const excerpt = asResource(value)
      // `Ambient` is the room, `Internal` and `Exhaust` are not.
      return excerpt === undefined ? [] : point(`${at}.${name}`, name, name === 'Ambient' ? 'Room' : name, excerpt)
    })
    const readings = resourcesIn(metrics.TemperatureReadingsCelsius).flatMap((excerpt, index) => {
      const source = linkOf({ '@odata.id': excerpt.DataSourceUri })
      const key = source === undefined ? `${at}.${index}` : keyOf(source)
      return point(key, nameOf(excerpt, key), excerpt.PhysicalContext, excerpt)
    })
    return [...summary, ...readings]
  }

export const metricsParser =
  (path: string, label: string, covered: ReadonlySet<string>, without: readonly string[] = []): Parser =>
  (metrics) =>
    excerpts(keyOf(path), label, metrics, covered, without)

/** Circuits and outlets of a PDU. */
export const circuitParser =
  (label: string, covered: ReadonlySet<string>): Parser =>
  (circuit) => {
    const key = keyOf(linkOf(circuit) ?? '')
    const name = `${label}${nameOf(circuit, key)}`
    return [...excerpts(key, name, circuit, covered), ...health(key, name, statusOf(circuit))]
  }

export const leakParser =
  (label: string): Parser =>
  (detector) => {
    const key = keyOf(linkOf(detector) ?? '')
    const state = textIn(detector.DetectorState)
    const name = label + nameOf(detector, key)
    const status = statusOf(detector)
    if (state === undefined) return []
    const reading = { key, value: state !== 'OK' }
    return [{ description: { key, kind: 'leak', unit: '1', name: { zh: name, en: name } }, reading, isAbsent: status.isAbsent }]
  }

function redundancies(at: string, label: string, groups: unknown, fallback = 'Redundancy'): FoundPoint[] {
  return membersWithKeys(at, resourcesIn(groups)).flatMap(({ key, member }, index) =>
    health(key, `${label}${nameOf(member, `${fallback} ${index + 1}`)}`, statusOf(member)),
  )
}

/** Has a power supply lost its mains? */
function lineInput(key: string, name: string, supply: Resource): FoundPoint[] {
  const status = textIn(supply.LineInputStatus)
  return contact(
    `${key}.LineInput`,
    { zh: `${name} 输入异常`, en: `${name} input lost` },
    status === undefined ? undefined : status !== 'Normal',
  )
}
