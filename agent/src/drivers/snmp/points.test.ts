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
