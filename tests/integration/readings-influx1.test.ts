import { describe, expect, it } from 'vitest'
import { Influx1Store } from '../../server/src/readings/influx1/influx1-store.ts'
import { influxHistorySuite } from '../kit/influx-history-suite.ts'
import { contractHistory, readingStoreContract, type StoreOptions } from '../kit/readings-contract.ts'
import { influxdMissing, startInfluxd } from '../kit/services/influxd.ts'

const missing = influxdMissing()
if (missing !== undefined && process.env.CI === 'true') throw new Error(missing)

function open(url: string, { nowMs = Date.now, ...kept }: StoreOptions = {}, database = 'roomkeeper'): Influx1Store {
  return new Influx1Store(
    { kind: 'influx1', url, database, requestTimeoutMs: 10_000, ...kept },
    { nowMs, onMaintenanceFailure: (error) => console.error(error), history: contractHistory },
  )
}

describe.skipIf(missing !== undefined)(`influx1 (real influxd${missing === undefined ? '' : `; skipped: ${missing}`})`, () => {
  readingStoreContract('influx1 on a real influxd', async () => {
    const influxd = await startInfluxd({ config: { data: { 'max-values-per-tag': 0 } } })
    return {
      open: (options) => open(influxd.url, options),
      takeAway: () => influxd.stop(),
      bringBack: () => influxd.start(),
      maintain: (store) => (store as Influx1Store).maintain(),
      dispose: () => influxd.dispose(),
    }
  })

  influxHistorySuite('influx1 on a real influxd', async () => {
    const influxd = await startInfluxd({ config: { data: { 'max-values-per-tag': 0 } } })
    const execute = (q: string): Promise<Response> => fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
    return {
      url: influxd.url,
      open: (url, database, { nowMs, ...more }) =>
        new Influx1Store(
          { kind: 'influx1', url, database, requestTimeoutMs: 10_000, ...more },
          { nowMs, onMaintenanceFailure: (error) => console.error(error), history: contractHistory },
        ),
      post: async (database, lines) => {
        await execute(`CREATE DATABASE ${database}`)
        await fetch(`${influxd.url}/write?db=${database}&precision=ms`, { method: 'POST', body: lines })
      },
      dispose: () => influxd.dispose(),
    }
  })

  it('takes back the retention policy of earlier versions, which would delete history too', async () => {
    const influxd = await startInfluxd()
    try {
      const ask = async (q: string): Promise<string> =>
        (await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })).text()
      await ask('CREATE DATABASE roomkeeper')
      await ask('CREATE RETENTION POLICY readings ON roomkeeper DURATION 240h REPLICATION 1 DEFAULT')
      const store = open(influxd.url)
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      await store.stop()
      const policies = await ask('SHOW RETENTION POLICIES ON roomkeeper')
      expect(policies).toContain('["readings","0s"')
    } finally {
      await influxd.dispose()
    }
  })

  it('with a login: the wrong password is a configuration error, the right one works', async () => {
    const influxd = await startInfluxd({ config: { http: { 'auth-enabled': true } } })
    try {
      await fetch(`${influxd.url}/query`, {
        method: 'POST',
        body: new URLSearchParams({ q: `CREATE USER keeper WITH PASSWORD 'right' WITH ALL PRIVILEGES` }),
      })
      const withPassword = (password: string): Influx1Store =>
        new Influx1Store(
          { kind: 'influx1', url: influxd.url, database: 'roomkeeper', username: 'keeper', password, requestTimeoutMs: 5000 },
          { nowMs: Date.now, onMaintenanceFailure: () => undefined, history: contractHistory },
        )
      const wrong = withPassword('wrong')
      expect(await wrong.start()).toMatchObject({ kind: 'configuration', reason: expect.stringContaining('401') })
      // Credentials may be mended at the server, so readings are kept and tried again.
      expect(await wrong.probe()).toMatchObject({ kind: 'retry', reason: expect.stringContaining('401') })
      await wrong.stop()
      const right = withPassword('right')
      expect(await right.start()).toMatchObject({ kind: 'ready', version: expect.stringMatching(/^1\./) })
      await right.stop()
    } finally {
      await influxd.dispose()
    }
  })
})
