import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../profiles/profile-files.ts'
import type { SnmpClient } from './client.ts'
import { makePlan } from './plan.ts'
import { snmpProfile } from './profile.ts'
import type { SnmpValue } from './values.ts'

const BASE = '1.3.6.1.4.1.99999'
const profile = (name: string, arc: number, more: string, points: string) =>
  parseProfile(
    snmpProfile,
    `name: ${name}\nprotocol: snmp\ntitle: { zh: 测试, en: Test }\nsource: a MIB\ndetect: { probes: [${BASE}.${arc}.1.0] }\n${more}\n${points}`,
    `${name}.yaml`,
  )
const point = (key: string, oid: string, kind: string) =>
  `  - { key: ${key}, oid: ${BASE}.${oid}.0, kind: ${kind}, sentinels: [-1], name: { zh: 点, en: Point } }`
// The standard one comes first in the list, as ups-mib could.
const STANDARD = profile(
  'standard',
  2,
  '',
  [
    'points:',
    point('output.1.voltage', '2.1', 'voltage'),
    point('output.1.load', '2.2', 'load'),
    point('battery.temperature', '2.3', 'battery-temperature'),
  ].join('\n'),
)
const VENDOR = profile(
  'vendor',
  1,
  'completedBy: [standard]',
  [
    'points:',
    point('output.voltage', '1.1', 'voltage'),
    point('ups.load', '1.2', 'load'),
    point('battery.temperature', '1.3', 'battery-temperature'),
  ].join('\n'),
)

async function keysOf(objects: Record<string, SnmpValue>) {
  const values = new Map(Object.entries(objects).map(([oid, value]) => [`${BASE}.${oid}.0`, value]))
  const client = {
    get: async (oids: readonly string[]) => new Map([...values].filter(([oid]) => oids.includes(oid))),
    walk: async () => new Map<string, SnmpValue>(),
  } as unknown as SnmpClient
  const plan = await makePlan(client, { profiles: [STANDARD, VENDOR], wrong: new Map() }, 'auto')
  return plan.points.map(({ description, oids }) => `${description.key} ${oids[0]?.slice(BASE.length + 1)}`)
}

describe('a profile that completes a better one', () => {
  it('adds nothing that the better one has found, whatever the phase', async () => {
    expect(await keysOf({ '1.1': 230, '1.2': 12, '2.1': 231, '2.2': 12 })).toEqual(['output.voltage 1.1.0', 'ups.load 1.2.0'])
  })

  it('adds what the better one does not have', async () => {
    expect(await keysOf({ '1.1': 230, '2.1': 231, '2.2': 12, '2.3': 25 })).toEqual([
      'output.voltage 1.1.0',
      'output.1.load 2.2.0',
      'battery.temperature 2.3.0',
    ])
  })

  it('stands in for a point without a reading, and does not hide one that has none either', async () => {
    expect(await keysOf({ '1.1': 230, '1.3': -1, '2.1': -1, '2.3': 25 })).toEqual(['output.voltage 1.1.0', 'battery.temperature 2.3.0'])
    expect(await keysOf({ '1.1': 230, '1.3': -1, '2.1': 1, '2.3': -1 })).toEqual(['output.voltage 1.1.0', 'battery.temperature 1.3.0'])
  })

  it('is alone where the better one does not fit', async () => {
    expect(await keysOf({ '2.1': 231 })).toEqual(['output.1.voltage 2.1.0'])
  })
})

it('does not make two points of one object that two profiles know by different keys', async () => {
  const other = profile(
    'other',
    3,
    '',
    ['points:', point('ambient.temperature', '1.3', 'temperature'), point('status', '3.1', 'number')].join('\n'),
  )
  const values = new Map<string, SnmpValue>([1, 3].flatMap((arc) => [1, 3].map((at) => [`${BASE}.${arc}.${at}.0`, 20])))
  const client = {
    get: async (oids: readonly string[]) => new Map([...values].filter(([oid]) => oids.includes(oid))),
    walk: async () => new Map<string, SnmpValue>(),
  } as unknown as SnmpClient
  const plan = await makePlan(client, { profiles: [VENDOR, other], wrong: new Map() }, 'auto')
  expect(plan.points.map(({ description }) => description.key)).toEqual(['output.voltage', 'battery.temperature', 'status'])
})
