import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../profiles/profile-files.ts'
import { findPoints } from './points.ts'
import { snmpProfile } from './profile.ts'
import type { SnmpValue } from './values.ts'

const BASE = '1.3.6.1.4.1.99999'
const PROFILE = parseProfile(
  snmpProfile,
  `
name: test
protocol: snmp
title: { zh: 测试, en: Test }
source: a MIB
detect: { sysObjectIds: [${BASE}] }
tables:
  - key: sensor.{row}
    column: ${BASE}.1.4
    rows: '^7\\.(\\d+)$'
    nameColumn: ${BASE}.1.2
    status: [{ column: ${BASE}.1.5, ok: [1, 2], absent: [0] }]
    decimalsColumn: ${BASE}.1.6
    kind: temperature
    sentinels: [-999]
    variants: { column: ${BASE}.1.3, of: { C: {}, F: { convert: fahrenheit }, K: { convert: kelvin }, RH: { kind: humidity } } }
    name: { zh: '{row} 测点', en: '{row} sensor' }
`,
  'test.yaml',
)

/** Row 7.1: 21.5 °C, unless a column is changed. */
function device(changes: Record<number, SnmpValue> = {}, index = '7.1') {
  const columns: Record<number, SnmpValue> = { 2: 'Aisle', 3: 'C', 4: 215, 5: 1, 6: 1, ...changes }
  const values = new Map(Object.entries(columns).map(([column, value]) => [`${BASE}.1.${column}.${index}`, value]))
  const walk = async (column: string) =>
    new Map([...values].filter(([oid]) => oid.startsWith(`${column}.`)).map(([oid, value]) => [oid.slice(column.length + 1), value]))
  return { values, get: async () => new Map<string, SnmpValue>(), walk }
}

async function onlyPoint(described = device()) {
  const [point, ...others] = await findPoints(PROFILE, described)
  if (point === undefined || others.length > 0) throw new Error('one point was expected')
  return point
}

describe('rows of a table', () => {
  it('are named by the device, and by the first group of the row pattern', async () => {
    const { description, oids } = await onlyPoint()
    expect(description).toEqual({ key: 'sensor.1', kind: 'temperature', unit: 'Cel', name: { zh: 'Aisle 测点', en: 'Aisle sensor' } })
    expect(oids).toEqual([4, 3, 5].map((column) => `${BASE}.1.${column}.7.1`))
  })

  it.each([
    ['another row', device({}, '8.1')],
    ['absent', device({ 5: 0 })],
    ['of no known unit', device({ 3: 'bar' })],
    ['empty', device({ 4: '' })],
  ])('%s: no point', async (_, described) => {
    expect(await findPoints(PROFILE, described)).toEqual([])
  })

  it.each([
    ['unchanged', {}, { value: 21.5 }],
    ['a number sent as text', { 4: '216' }, { value: 21.6 }],
    ['set to °F by someone', { 3: 'F', 4: 707 }, { value: 21.5 }],
    ['set to K by someone', { 3: 'K', 4: 2947 }, { value: 21.55 }],
    ['another sensor in the same place', { 3: 'RH', 4: 450 }, { value: null, bad: 'sensor-error' }],
    ['out of its limits, but measured', { 5: 2 }, { value: 21.5 }],
    ['in error', { 5: 3 }, { value: null, bad: 'sensor-error' }],
    ['pulled out', { 5: 0 }, { value: null, bad: 'sensor-error' }],
    ['sentinel, whatever the unit', { 3: 'F', 4: -999 }, { value: null, bad: 'sentinel' }],
    ['no number', { 4: 'n/a' }, { value: null, bad: 'not-a-number' }],
  ])('%s', async (_, changes, outcome) => {
    const point = await onlyPoint()
    expect(point.read(device(changes).values)).toEqual({ key: 'sensor.1', ...outcome })
  })

  it('are a sensor error once they are gone', async () => {
    expect((await onlyPoint()).read(new Map())).toEqual({ key: 'sensor.1', value: null, bad: 'sensor-error' })
  })
})

describe('phases and finer objects', () => {
  const NAME = '{ zh: 点, en: Point }'
  const profile = parseProfile(
    snmpProfile,
    `
name: test
protocol: snmp
title: { zh: 测试, en: Test }
source: a MIB
detect: { sysObjectIds: [${BASE}] }
points:
  - { key: charge, oid: ${BASE}.1.0, kind: battery-charge, scale: 0.1, sentinels: [-1], name: ${NAME} }
  - { key: charge, oid: ${BASE}.2.0, kind: battery-charge, name: ${NAME} }
  - { key: second, oid: ${BASE}.3.0, kind: voltage, presentIf: [${BASE}.3.0, ${BASE}.4.0], name: ${NAME} }
tables:
  - { key: 'in.{row}', column: ${BASE}.5, kind: voltage, sentinels: [-1], presentIf: [${BASE}.5, ${BASE}.6], name: ${NAME} }
`,
    'test.yaml',
  )
  const read = async (objects: Record<string, SnmpValue>) => {
    const values = new Map(Object.entries(objects).map(([oid, value]) => [`${BASE}.${oid}`, value]))
    const walk = async (column: string) =>
      new Map([...values].filter(([oid]) => oid.startsWith(`${column}.`)).map(([oid, value]) => [oid.slice(column.length + 1), value]))
    const points = await findPoints(profile, { get: async () => values, walk })
    return Object.fromEntries(points.map((point) => [point.description.key, point.read(values).bad ?? point.read(values).value]))
  }

  it('a later object stands in for one that has nothing in it', async () => {
    expect(await read({ '1.0': 998, '2.0': 100 })).toEqual({ charge: 99.8 })
    expect(await read({ '1.0': -1, '2.0': 100 })).toEqual({ charge: 100 })
    expect(await read({ '1.0': 4_294_967_295 })).toEqual({ charge: 'sentinel' })
  })

  it('a phase whose objects are all 0 is none, but the first always is one', async () => {
    expect(await read({ '3.0': 0, '4.0': 0 })).toEqual({})
    expect(await read({ '3.0': 0, '4.0': 2300 })).toEqual({ second: 0 })
    expect(await read({ '5.1': 0, '5.2': 0, '5.3': -1, '6.1': 0, '6.2': 230, '6.3': 0 })).toEqual({ 'in.1': 0, 'in.2': 0 })
  })
})

describe('rows that say their own scale', () => {
  const scaled = (columns: string): Promise<unknown[]> => {
    const profile = parseProfile(
      snmpProfile,
      `
name: test
protocol: snmp
title: { zh: 测试, en: Test }
source: a MIB
detect: { sysObjectIds: [${BASE}] }
tables: [{ key: 's.{row}', column: ${BASE}.1.4, nameColumn: ${BASE}.1.2, kind: temperature, range: [-10, 60], name: { zh: 温度, en: T }, ${columns} }]
`,
      'test.yaml',
    )
    const { values, ...asked } = device({ 6: -100, 7: 10, 8: 0 })
    return findPoints(profile, asked).then((points) => points.map((point) => [point.description.range, point.read(values)]))
  }
  const range = { low: -10, high: 60 }

  it.each([
    ['divided by a column', `divisorColumn: ${BASE}.1.7`, 21.5],
    ['a divisor of 0 is none', `divisorColumn: ${BASE}.1.8`, 215],
    ['divided by a negative scale', `scaleColumn: ${BASE}.1.6`, 2.15],
    ['multiplied by a positive scale', `scaleColumn: ${BASE}.1.7`, 2150],
    ['a scale of 0 is none', `scaleColumn: ${BASE}.1.8`, 215],
    ['a column the device has not', `divisorColumn: ${BASE}.1.99`, 215],
    ['a name that matches, in capitals or not', 'named: ^aisle', 215],
  ])('%s', async (_, columns, value) => {
    expect(await scaled(columns)).toEqual([[range, { key: 's.7.1', value }]])
  })

  it('a range that belongs to a variant', async () => {
    const variants = `variants: { column: ${BASE}.1.3, of: { C: { kind: number, unit: Cel, range: [-40, 150] } } }`
    expect(await scaled(variants)).toEqual([
      [
        { low: -40, high: 150 },
        { key: 's.7.1', value: 215 },
      ],
    ])
  })

  it('another name: no point', async () => {
    expect(await scaled('named: ^rack')).toEqual([])
  })
})
