import { expect, it } from 'vitest'
import { parseSensorList, pointOf, type SensorLine } from './sensor-list.ts'

/** As BMCs of several makers print it: `ipmitool sdr elist all`. */
const LIST = `Inlet Temp       | 04h | ok  |  7.1 | 21 degrees C
Exhaust Temp     | 01h | ok  |  7.1 | 35 degrees C
01-Inlet Ambient | 05h | ok  | 64.1 | 70 degrees F
Temp             | 0Eh | ns  |  3.1 | Disabled
Fan1             | 30h | nc  |  7.1 | 3600 RPM
Current 1        | 6Ah | ok  | 10.1 | 0.40 Amps
Voltage 1        | 6Ch | cr  | 10.1 | 196 Volts
Pwr Consumption  | 77h | ok  |  7.1 | 168 Watts
Sys Usage        | FDh | ok  |  7.1 | 3 percent
PS Redundancy    | 77h | ok  |  7.1 | Redundancy Lost
Status           | 85h | ok  | 10.1 | Presence detected
Status           | 86h | ok  | 10.2 | Presence detected, Power Supply AC lost
Drive 0          | A1h | ok  |  4.1 | Drive Present, Predictive Failure
OS Watchdog      | 71h | ok  |  7.1 |
Intrusion        | 73h | ok  |  7.1 |
Get HPM.x Capabilities request failed, compcode = d4
`
const lines = parseSensorList(LIST)
const named = (name: string, number?: string): SensorLine =>
  lines.find((line) => line.name === name && (number === undefined || line.number === number)) as SensorLine

it('takes the lines of sensors and nothing else', () => {
  expect(lines).toHaveLength(15)
  expect(named('01-Inlet Ambient')).toEqual({ name: '01-Inlet Ambient', number: '05h', status: 'ok', entity: 64, reading: '70 degrees F' })
})

it.each([
  ['Inlet Temp', undefined, 'temperature', 21],
  ['Exhaust Temp', undefined, 'board-temperature', 35],
  ['01-Inlet Ambient', undefined, 'temperature', 21.11],
  ['Fan1', undefined, 'fan-speed', 3600],
  ['Current 1', undefined, 'current', 0.4],
  ['Voltage 1', undefined, 'voltage', 196],
  ['Pwr Consumption', undefined, 'power', 168],
  ['Sys Usage', undefined, 'number', 3],
  ['PS Redundancy', undefined, 'contact', true],
  ['Status', '85h', 'contact', false],
  ['Status', '86h', 'contact', true],
  ['Drive 0', undefined, 'contact', true],
  ['Intrusion', undefined, 'contact', false],
])('%s %s is a %s with %s', (name, number, kind, value) => {
  const line = named(name, number)
  const point = pointOf(line)
  expect(point?.description.kind).toBe(kind)
  expect(point?.read(line)).toEqual({ key: point?.description.key, value })
})

it.each(['Temp', 'OS Watchdog'])('%s is no point', (name) => expect(pointOf(named(name))).toBeUndefined())

it('is bad when a sensor falls silent', () => {
  const point = pointOf(named('Inlet Temp'))
  expect(point?.read({ ...named('Inlet Temp'), status: 'ns', reading: 'No Reading' })).toMatchObject({ value: null, bad: 'sensor-error' })
})

it('gives sensors of one name different keys', () => {
  const keys = lines.flatMap((line) => pointOf(line)?.description.key ?? [])
  expect(new Set(keys).size).toBe(keys.length)
})
