import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DriverError } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import { makePlan } from './plan.ts'
import { loadProfiles } from './profile.ts'
import { readStatus } from './status.ts'
import { compareOids, type SnmpValue } from './values.ts'

const FOLDER = new URL('testcases/', import.meta.url)
const recordings = readdirSync(FOLDER).filter((name) => name.endsWith('.snmprec'))
const GARBAGE: readonly SnmpValue[] = ['', 'N/A', 'null', -1, 2_147_483_647, 4_294_967_295, 1e15, '\uFFFD\u0001', '1.3.6.1']

/** A device that answers the objects of a recording, all with one value; what it is it still says. */
function device(recording: string, garbage: SnmpValue) {
  const values = new Map<string, SnmpValue>()
  for (const line of readFileSync(new URL(recording, FOLDER), 'utf8').split('\n')) {
    const [oid = '', , text = ''] = line.split('|')
    if (oid !== '') values.set(oid, oid.startsWith('1.3.6.1.2.1.1.') ? text : garbage)
  }
  return {
    get: async (oids: readonly string[]) => new Map([...values].filter(([oid]) => oids.includes(oid))),
    walk: async (column: string) =>
      new Map(
        [...values]
          .filter(([oid]) => oid.startsWith(`${column}.`))
          .sort(([a], [b]) => compareOids(a, b))
          .map(([oid, value]) => [oid.slice(column.length + 1), value]),
      ),
  } as unknown as SnmpClient
}

describe('a device that sends nothing but garbage', () => {
  it.each(recordings)('%s: is read without an error, and no number is none', async (recording) => {
    for (const garbage of GARBAGE) {
      const client = device(recording, garbage)
      try {
        const { points, statuses, oids } = await makePlan(client, loadProfiles(), 'auto')
        const values = await client.get(oids)
        const readings = points.map((point) => point.read(values))
        for (const choices of statuses) readings.push(...(await readStatus(choices, values, client)))
        for (const { key, value, bad } of readings) {
          if (bad !== undefined) continue
          expect(value, `${key} of ${garbage}`).not.toBeNull()
          if (typeof value === 'number') expect(Number.isFinite(value), `${key} of ${garbage}`).toBe(true)
        }
        expect(new Set(points.map(({ description }) => description.key)).size).toBe(points.length)
      } catch (error) {
        // It may be no known device any more, or say that it has lost what it reports on.
        expect(error, `${garbage}`).toBeInstanceOf(DriverError)
      }
    }
  })
})
