import { type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import { isJsonObject } from '../../json-path.ts'
import { contactReading, keyPart, numberReading, pointName, type ReportedPoint } from '../../reported-value.ts'
import type { OptionsOf } from '../options.ts'
import { type DeviceFormat, type Heard, HOUR_MS, parseJson, within } from './format.ts'

interface Property {
  kind: PointKind
  unit?: Unit
  scale?: number
  isInverted?: boolean
}

/** Names and units as on zigbee2mqtt.io: Exposes, and the pages of the devices. */
const PROPERTIES: Record<string, Property> = {
  temperature: { kind: 'temperature' },
  humidity: { kind: 'humidity' },
  device_temperature: { kind: 'board-temperature' },
  pressure: { kind: 'number', unit: 'Pa', scale: 100 },
  co2: { kind: 'number' },
  voc: { kind: 'number' },
  pm25: { kind: 'number' },
  water_leak: { kind: 'leak' },
  smoke: { kind: 'smoke' },
  // `contact` is true while the magnet is near: the door is closed.
  contact: { kind: 'door', isInverted: true },
  gas: { kind: 'contact' },
  carbon_monoxide: { kind: 'contact' },
  tamper: { kind: 'contact' },
  battery_low: { kind: 'contact' },
  battery: { kind: 'battery-charge' },
  power: { kind: 'power' },
  current: { kind: 'current' },
  energy: { kind: 'energy' },
  ac_frequency: { kind: 'frequency' },
}
/** Endpoints of devices with several channels. */
const ENDPOINT = /^(.+?)_(l\d|\d|left|right|top|bottom|center|a|b|c|phase_[abc])$/

/** Sleeping devices check in about every hour; availability gives them 25 hours. */
const BATTERY_REPORT_MS = 4 * HOUR_MS
/** Zigbee2MQTT asks devices to report at least every hour. */
const MAINS_REPORT_MS = HOUR_MS

/**
 * Zigbee2MQTT (zigbee2mqtt.io: MQTT Topics and Messages, Device Availability): one JSON a device, retained only when asked for;
 * `…/availability` as a word or as `{"state":"online"}`.
 */
export function zigbee2mqttFormat({ device, prefix, reportsWithinMs }: OptionsOf<'zigbee2mqtt'>): DeviceFormat {
  const [state, availability, bridge] = [`${prefix}/${device}`, `${prefix}/${device}/availability`, `${prefix}/bridge/state`]
  let hasBattery = false
  let isBridgeOnline: boolean | undefined
  let isDeviceOnline: boolean | undefined
  const online = (): Heard => ({ isOnline: isBridgeOnline === false ? false : (isDeviceOnline ?? isBridgeOnline) })

  return {
    topics: [bridge, availability, state],
    expected: state,
    hear(topic, payload): Heard {
      if (topic === bridge || topic === availability) {
        const word = /\b(online|offline)\b/.exec(payload)?.[1]
        if (word === undefined) return {}
        if (topic === bridge) isBridgeOnline = word === 'online'
        else isDeviceOnline = word === 'online'
        return online()
      }
      const parsed = parseJson(payload)
      if ('problem' in parsed) return { problems: [parsed.problem] }
      if (!isJsonObject(parsed.json)) return { problems: ['no JSON object'] }
      hasBattery ||= 'battery' in parsed.json || 'battery_low' in parsed.json
      return {
        points: within(zigbeePoints(parsed.json, hasBattery), reportsWithinMs ?? (hasBattery ? BATTERY_REPORT_MS : MAINS_REPORT_MS)),
      }
    },
  }
}

/** `hasBattery`: the device is known to have one, so that its `voltage` is the battery's, in mV, and not that of the mains. */
export function zigbeePoints(json: Readonly<Record<string, unknown>>, hasBattery: boolean): ReportedPoint[] {
  return Object.entries(json).flatMap(([name, value]) => {
    const [, channelName = '', endpoint] = ENDPOINT.exec(name) ?? []
    const [base, channel] = isKnown(name) || !isKnown(channelName) ? [name, undefined] : [channelName, endpoint]
    const known = base === 'voltage' ? voltage(value, hasBattery) : Object.hasOwn(PROPERTIES, base) ? PROPERTIES[base] : undefined
    if (known === undefined) return []
    const { kind, unit, scale, isInverted } = known
    const key = keyPart(kind === 'battery-voltage' ? 'battery_voltage' : name)
    const { valueType } = pointKindInfo(kind)
    return [
      {
        description: { key, kind, unit: unit ?? pointKindInfo(kind).unit, name: pointName(channel ?? '', kind, base) },
        reading: valueType === 'boolean' ? contactReading(key, value, isInverted) : numberReading(key, value, { scale }),
      },
    ]
  })
}

function isKnown(name: string): boolean {
  return name === 'voltage' || Object.hasOwn(PROPERTIES, name)
}

function voltage(value: unknown, hasBattery: boolean): Property {
  return hasBattery || Number(value) > 1000 ? { kind: 'battery-voltage', scale: 0.001 } : { kind: 'voltage' }
}
