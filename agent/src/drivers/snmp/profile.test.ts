import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../profiles/profile-files.ts'
import { loadProfiles, snmpProfile } from './profile.ts'
import { compareOids, isBelow, numberOf } from './values.ts'

const MINIMAL = `
name: test
protocol: snmp
title: { zh: 测试, en: Test }
source: a MIB
detect: { probes: [1.3.6.1.4.1.99999.1.0] }
points:
  - { key: t, oid: 1.3.6.1.4.1.99999.1.0, kind: temperature, name: { zh: 温度, en: Temperature } }
`

describe('profiles', () => {
  it('are all valid, and say how they are recognised', () => {
    const profiles = loadProfiles().profiles
    expect(profiles.map(({ name }) => name)).toEqual(expect.arrayContaining(['entity-sensor', 'ups-mib']))
    for (const { name, detect } of profiles) {
      expect([...detect.sysObjectIds, ...detect.probes, ...detect.tables], name).not.toEqual([])
    }
  })

  it('fills in what may be left out', () => {
    expect(parseProfile(snmpProfile, MINIMAL, 'test.yaml').points[0]).toMatchObject({ scale: 1, sentinels: [] })
  })

  it.each([
    ['a kind nobody knows', MINIMAL.replace('kind: temperature', 'kind: warmth'), /points\[0\]\.kind/],
    ['a misspelt key', MINIMAL.replace('oid:', 'iod:'), /iod/],
    ['an OID with a leading dot', MINIMAL.replace('oid: 1.3', 'oid: .1.3'), /points\[0\]\.oid/],
    ['another name than the file', MINIMAL.replace('name: test', 'name: other'), /name must be that of the file/],
    ['a contact without its states', MINIMAL.replace('kind: temperature', 'kind: door'), /contact/],
    ['a variant that is said nowhere', MINIMAL.replace('kind:', 'variants: { of: {} }, kind:'), /either oid or column/],
    [
      'a table whose rows are no regular expression',
      MINIMAL.replace('points:', 'tables:').replace('key: t, oid:', "key: 't.{row}', rows: '(', column:"),
      /regular expression/,
    ],
    ['a text without its enumeration', MINIMAL.replace('kind: temperature', 'kind: text'), /tokens/],
  ])('refuse %s and say where', (_, text, message) => {
    expect(() => parseProfile(snmpProfile, text, 'test.yaml')).toThrow(message)
  })
})

describe('OIDs', () => {
  it('are compared arc by arc', () => {
    expect(['1.3.10', '1.3.9.1', '1.3.9'].sort(compareOids)).toEqual(['1.3.9', '1.3.9.1', '1.3.10'])
    expect(isBelow('1.3.60', '1.3.6')).toBe(false)
    expect(isBelow('1.3.6.0', '1.3.6')).toBe(true)
  })
})

describe('raw values as numbers', () => {
  it.each([
    [-1, -1],
    ['230.5', 230.5],
    [' 23,6 ', 23.6],
    ['50.0 Hz', 50],
    ['100%', 100],
    ['21 °C', 21],
    ['-5', -5],
  ])('%j: %f', (raw, value) => expect(numberOf(raw)).toBe(value))

  it.each(['', 'N/A', 'Unavailable', '1.2 kW', '12:30', '0x1f', '--'])('%j is none', (raw) => expect(numberOf(raw)).toBeNaN())
})
