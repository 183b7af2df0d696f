import { pointKindInfo } from '@roomkeeper/shared/model'
import { keyPart, numberReading, pointName, type ReportedPoint, readingOfKind } from '../../reported-value.ts'
import type { OptionsOf } from '../options.ts'
import { contactKindOfName, quantityOfName } from '../quantities.ts'
import { type DeviceFormat, type Heard, HOUR_MS, MINUTE_MS } from './format.ts'

/** Sensors send every 60 s unless told otherwise; filters may thin that out. */
const SENSOR_REPORT_MS = 5 * MINUTE_MS
/** Contacts are sent when they change, and when the node connects. */
const CONTACT_REPORT_MS = 24 * HOUR_MS

/**
 * ESPHome (esphome.io: MQTT Client Component): `<prefix>/sensor/<name>/state` with a plain number, `binary_sensor` with ON or OFF, both
 * retained; `<prefix>/status`. The messages have no units: what is measured is taken from the name, or from `kinds`.
 */
export function esphomeFormat({ prefix, kinds, reportsWithinMs }: OptionsOf<'esphome'>): DeviceFormat {
  const status = `${prefix}/status`
  const STATE = /\/(sensor|binary_sensor)\/([^/]+)\/state$/

  const pointOf = (component: string, name: string, payload: string): ReportedPoint | undefined => {
    const isContact = component === 'binary_sensor'
    const wanted = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    const guessed = isContact ? contactKindOfName(name) : quantityOfName(name)?.kind
    const kind = wanted ?? guessed
    if (kind === undefined) return undefined
    const key = keyPart(name)
    const reading = pointKindInfo(kind).valueType === 'number' ? numberReading(key, payload) : readingOfKind(kind, key, payload)
    return {
      description: {
        key,
        kind,
        unit: pointKindInfo(kind).unit,
        name: pointName(name.replaceAll('_', ' '), kind, ''),
        reportsWithinMs: reportsWithinMs ?? (isContact ? CONTACT_REPORT_MS : SENSOR_REPORT_MS),
      },
      reading,
    }
  }

  return {
    topics: [status, `${prefix}/sensor/+/state`, `${prefix}/binary_sensor/+/state`],
    expected: `${prefix}/sensor/+/state`,
    hear(topic, payload): Heard {
      if (topic === status) return /^(online|offline)$/.test(payload) ? { isOnline: payload === 'online' } : {}
      const [, component, name] = STATE.exec(topic) ?? []
      const point = component === undefined || name === undefined ? undefined : pointOf(component, name, payload)
      return point === undefined ? {} : { points: [point] }
    },
  }
}
