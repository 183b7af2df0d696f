import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../profiles/profile-files.ts'
import { loadProfiles, snmpProfile } from './profile.ts'
import { statusReading } from './status.ts'
import { compareOids, isBelow } from './values.ts'

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

describe('ups-mib status', () => {
  const status = loadProfiles().profiles.find(({ name }) => name === 'ups-mib')?.status
  if (status === undefined) throw new Error('ups-mib has no status')
  const UPS = '1.3.6.1.2.1.33.1'
  const reading = (source: number, battery: number, alarms: number[] = []) =>
    statusReading(
      status,
      new Map([
        [`${UPS}.4.1.0`, source],
        [`${UPS}.2.1.0`, battery],
      ]),
      alarms.map((alarm) => `${UPS}.6.3.${alarm}`),
    )

  it.each([
    [3, 2, [], 'OL'],
    [5, 2, [2], 'OB ALARM'],
    [5, 3, [], 'OB LB'],
    [5, 4, [3, 4], 'OB LB ALARM'],
    [4, 2, [9], 'OL BYPASS ALARM'],
    [6, 2, [], 'OL BOOST'],
    [7, 2, [], 'OL TRIM'],
    [2, 1, [], 'OFF'],
    [3, 2, [1, 8], 'OL ALARM RB OVER'],
  ])('source %i, battery %i, alarms %j: %s', (source, battery, alarms, value) => {
    expect(reading(source, battery, alarms)).toEqual({ key: 'ups.status', value })
  })

  it('is bad when the source is none of those, and unreachable when the card has lost the UPS', () => {
    expect(reading(1, 2)).toEqual({ key: 'ups.status', value: '', bad: 'sensor-error' })
    expect(() => reading(3, 2, [20])).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  })
})

describe('apc-ups status', () => {
  const status = loadProfiles().profiles.find(({ name }) => name === 'apc-ups')?.status
  if (status === undefined) throw new Error('apc-ups has no status')
  const UPS = '1.3.6.1.4.1.318.1.1.1'
  const reading = (output: number, battery: number, comms: number) =>
    statusReading(
      status,
      new Map([
        [`${UPS}.4.1.1.0`, output],
        [`${UPS}.2.1.1.0`, battery],
        [`${UPS}.8.1.0`, comms],
      ]),
      [],
    )

  it.each([
    [2, 2, 'OL'],
    [3, 3, 'OB LB'],
    [4, 2, 'OL BOOST'],
    [9, 2, 'OL BYPASS'],
    [7, 1, 'OFF'],
    [12, 2, 'OL TRIM'],
  ])('output %i, battery %i: %s', (output, battery, value) => {
    expect(reading(output, battery, 1)).toEqual({ key: 'ups.status', value })
  })

  it('is bad when nothing is known of the output, and unreachable when the card has lost the UPS', () => {
    expect(reading(1, 1, 1)).toMatchObject({ bad: 'sensor-error' })
    expect(() => reading(2, 2, 2)).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  })
})

describe('OIDs', () => {
  it('are compared arc by arc', () => {
    expect(['1.3.10', '1.3.9.1', '1.3.9'].sort(compareOids)).toEqual(['1.3.9', '1.3.9.1', '1.3.10'])
    expect(isBelow('1.3.60', '1.3.6')).toBe(false)
    expect(isBelow('1.3.6.0', '1.3.6')).toBe(true)
  })
})
