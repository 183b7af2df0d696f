import { pointKindInfo } from '@roomkeeper/shared/model'
import { isJsonObject } from '../../json-path.ts'
import { namedContactReading, pointName, type ReportedPoint } from '../../reported-value.ts'
import { tasmotaPoints } from '../../tasmota-sensors.ts'
import type { OptionsOf } from '../options.ts'
import { type DeviceFormat, type Heard, MINUTE_MS, parseJson, within } from './format.ts'

/** TelePeriod's default is 300 s. */
const TELE_PERIOD_MS = 5 * MINUTE_MS

/**
 * Tasmota (tasmota.github.io/docs: MQTT, Commands, DS18x20, Buttons and Switches): `tele/…/SENSOR` every TelePeriod, `tele/…/LWT`
 * retained. A switch that is detached from the relay (SetOption114) reports `stat/…/RESULT` at once.
 */
export function tasmotaFormat({ topic, fullTopic, contacts, reportsWithinMs = TELE_PERIOD_MS }: OptionsOf<'tasmota'>): DeviceFormat {
  const topicOf = (prefix: string, last: string): string =>
    `${fullTopic.replaceAll('%prefix%', prefix).replaceAll('%topic%', topic).replace(/\/*$/, '')}/${last}`
  const [sensor, will, result] = [topicOf('tele', 'SENSOR'), topicOf('tele', 'LWT'), topicOf('stat', 'RESULT')]
  const hasContacts = Object.keys(contacts).length > 0

  const contactPoints = (json: Readonly<Record<string, unknown>>): ReportedPoint[] =>
    Object.entries(contacts).flatMap(([key, { kind, badWhen }]) => {
      if (!Object.hasOwn(json, key)) return []
      const value = json[key]
      const state = isJsonObject(value) ? value.Action : value
      const reading = namedContactReading(key, state, [badWhen], [badWhen === 'ON' ? 'OFF' : 'ON'])
      return [{ description: { key, kind, unit: pointKindInfo(kind).unit, name: pointName(key, kind) }, reading }]
    })

  return {
    topics: [will, sensor, ...(hasContacts ? [result] : [])],
    expected: sensor,
    hear(heardTopic, payload): Heard {
      if (heardTopic === will) return payload === 'Online' || payload === 'Offline' ? { isOnline: payload === 'Online' } : {}
      const parsed = parseJson(payload)
      // RESULT also carries answers to commands of any form; only our switches in it are of interest.
      if ('problem' in parsed) return heardTopic === result ? {} : { problems: [parsed.problem] }
      if (!isJsonObject(parsed.json)) return { problems: ['no JSON object'] }
      const sensors = heardTopic === sensor ? tasmotaPoints(parsed.json) : []
      return { points: within([...sensors, ...contactPoints(parsed.json)], reportsWithinMs) }
    },
  }
}
