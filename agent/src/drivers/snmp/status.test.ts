import { describe, expect, it } from 'vitest'
import { loadProfiles } from './profile.ts'
import { type FoundStatus, findStatus, readStatus, statusReading } from './status.ts'
import type { SnmpValue } from './values.ts'

function statusOf(profile: string): FoundStatus {
  const status = loadProfiles().profiles.find(({ name }) => name === profile)?.status
  if (status === undefined) throw new Error(`${profile} has no status`)
  return { ...status, sources: status.sources.map(({ oid = '', ...source }) => ({ ...source, oid })) }
}

describe('ups-mib status', () => {
  const status = statusOf('ups-mib')
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
    [1, 2, [2], 'ALARM OB'],
    [3, 2, [2], 'OL ALARM'],
    [1, 2, [9], 'ALARM BYPASS OL'],
  ])('source %i, battery %i, alarms %j: %s', (source, battery, alarms, value) => {
    expect(reading(source, battery, alarms)).toEqual({ key: 'ups.status', value })
  })

  it('is bad when the source is none of those, and unreachable when the card has lost the UPS', () => {
    expect(reading(1, 2)).toEqual({ key: 'ups.status', value: '', bad: 'sensor-error' })
    expect(() => reading(3, 2, [20])).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  })
})

describe('apc-ups status', () => {
  const status = statusOf('apc-ups')
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

describe('a status put together', () => {
  const BASE = '1.3.6.1.4.1.99999'
  const name = { zh: '状态', en: 'Status' }
  const device = (objects: Record<string, SnmpValue>) => ({
    get: async (oids: readonly string[]) => new Map(Object.entries(objects).filter(([oid]) => oids.includes(oid))),
    walk: async (column: string) =>
      new Map(
        Object.entries(objects)
          .filter(([oid]) => oid.startsWith(`${column}.`))
          .map(([oid, value]) => [oid.slice(column.length + 1), value]),
      ),
  })
  const source = { flags: {}, lost: [] }
  const column = { key: 'ups.status', name, sources: [{ ...source, column: `${BASE}.1`, tokens: { 1: 'OL', 2: 'OB' } }] }

  it('takes all rows of a column, and is none where the device has no object of it', async () => {
    const found = await findStatus(column, device({ [`${BASE}.1.1`]: 1, [`${BASE}.1.2`]: 1 }))
    expect(found?.sources.map(({ oid }) => oid)).toEqual([`${BASE}.1.1`, `${BASE}.1.2`])
    expect(await findStatus(column, device({ [`${BASE}.2.1`]: 1 }))).toBeUndefined()
  })

  it('counts the flags of a text from 1', () => {
    const status = { key: 'ups.status', name, sources: [{ oid: BASE, tokens: {}, flags: { 2: 'OL', 3: 'OVER' }, lost: [] }] }
    const read = (text: string) => statusReading(status, new Map([[BASE, text]]), [])
    expect(read('0110')).toEqual({ key: 'ups.status', value: 'OL OVER' })
    expect(read('1001')).toMatchObject({ bad: 'sensor-error' })
    expect(read('UNKNOWN')).toMatchObject({ bad: 'sensor-error' })
  })

  it('is that of the first profile that knows where the power comes from', async () => {
    const status = (oid: string, tokens: Record<string, string>) => ({ key: 'ups.status', name, sources: [{ ...source, oid, tokens }] })
    const client = device({}) as unknown as Parameters<typeof readStatus>[2]
    const values = new Map<string, SnmpValue>([
      ['1.1', 1],
      ['1.2', 1],
    ])
    const battery = status('1.1', { 1: 'LB' })
    const standard = status('1.2', { 1: 'OB' })
    const silent = status('1.2', {})
    expect(await readStatus([battery, standard], values, client)).toEqual([{ key: 'ups.status', value: 'OB' }])
    expect(await readStatus([silent, battery], values, client)).toEqual([{ key: 'ups.status', value: 'LB' }])
    expect(await readStatus([silent], values, client)).toMatchObject([{ bad: 'sensor-error' }])
  })
})
