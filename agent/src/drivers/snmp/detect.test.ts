import { expect, it } from 'vitest'
import { parseProfile } from '../../profiles/profile-files.ts'
import type { SnmpClient } from './client.ts'
import { detectProfiles } from './detect.ts'
import { snmpProfile } from './profile.ts'

const MAKER = '1.3.6.1.4.1.99999'
const profile = (name: string, detect: string) =>
  parseProfile(snmpProfile, `{ name: ${name}, protocol: snmp, title: { zh: 测, en: T }, source: a MIB, detect: ${detect} }`, `${name}.yaml`)
const PROFILES = {
  profiles: [
    profile('makers-own', `{ tables: [${MAKER}.1], probes: [${MAKER}.2.0], within: [${MAKER}] }`),
    profile('any-maker', '{ tables: [1.3.6.1.2.1.99] }'),
  ],
  wrong: new Map<string, string>(),
}

/** A device that has a row in every table it is asked for, and notes what that was. */
function device(sysObjectId: string) {
  const asked: string[] = []
  const client = {
    get: async (oids: readonly string[]) => {
      asked.push(...oids)
      return new Map(oids.filter((oid) => oid === '1.3.6.1.2.1.1.2.0').map((oid) => [oid, sysObjectId]))
    },
    walk: async (oid: string) => {
      asked.push(oid)
      return new Map([['1', 1]])
    },
  } as unknown as SnmpClient
  return { client, asked }
}

it('asks only the devices of a maker for its tables and probes', async () => {
  const theirs = device(`${MAKER}.7`)
  const others = device('1.3.6.1.4.1.8072.3.2.10')
  expect((await detectProfiles(PROFILES, 'auto', theirs.client)).profiles.map(({ name }) => name)).toEqual(['makers-own', 'any-maker'])
  expect((await detectProfiles(PROFILES, 'auto', others.client)).profiles.map(({ name }) => name)).toEqual(['any-maker'])
  expect(theirs.asked.filter((oid) => oid.startsWith(MAKER))).toEqual([`${MAKER}.2.0`, `${MAKER}.1`])
  expect(others.asked.filter((oid) => oid.startsWith(MAKER))).toEqual([])
})

const withPoints = (name: string, detect: string, oid: string) =>
  parseProfile(
    snmpProfile,
    `{ name: ${name}, protocol: snmp, title: { zh: 测, en: T }, source: a MIB, detect: ${detect}, points: [{ key: a, oid: ${oid}, kind: temperature, name: { zh: 温, en: T } }] }`,
    `${name}.yaml`,
  )

it('recognises a profile by any object it reads, where the maker’s card lacks the one it is recognised by', async () => {
  const profiles = {
    profiles: [
      withPoints('of-the-maker', `{ probes: [${MAKER}.9.0] }`, `${MAKER}.5.0`),
      withPoints('of-another-maker', '{ probes: [1.3.6.1.4.1.88888.9.0] }', '1.3.6.1.4.1.88888.5.0'),
      withPoints('standard', '{ probes: [1.3.6.1.2.1.33.9.0] }', '1.3.6.1.2.1.33.5.0'),
    ],
    wrong: new Map<string, string>(),
  }
  const answers = new Map<string, string | number>([
    ['1.3.6.1.2.1.1.2.0', `${MAKER}.7`],
    [`${MAKER}.5.0`, 21],
    ['1.3.6.1.4.1.88888.5.0', 22],
    ['1.3.6.1.2.1.33.5.0', 23],
  ])
  const client = {
    get: async (oids: readonly string[]) => new Map([...answers].filter(([oid]) => oids.includes(oid))),
    walk: async () => new Map(),
  } as unknown as SnmpClient
  expect((await detectProfiles(profiles, 'auto', client)).profiles.map(({ name }) => name)).toEqual(['of-the-maker', 'standard'])
})
