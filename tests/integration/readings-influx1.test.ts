import { describe, expect, it } from 'vitest'
import { Influx1Store } from '../../server/src/readings/influx1/influx1-store.ts'
import { readingStoreContract } from '../kit/readings-contract.ts'
import { influxdMissing, startInfluxd } from '../kit/services/influxd.ts'

const missing = influxdMissing()
if (missing !== undefined && process.env.CI === 'true') throw new Error(missing)

function open(url: string, database = 'roomkeeper'): Influx1Store {
  return new Influx1Store(
    { kind: 'influx1', url, database, requestTimeoutMs: 10_000 },
    { nowMs: Date.now, onRollupFailure: (error) => console.error(error) },
  )
}

describe.skipIf(missing !== undefined)(`influx1 (real influxd${missing === undefined ? '' : `; skipped: ${missing}`})`, () => {
  readingStoreContract('influx1 on a real influxd', async () => {
    const influxd = await startInfluxd({ config: { data: { 'max-values-per-tag': 0 } } })
    return {
      open: () => open(influxd.url),
      takeAway: () => influxd.stop(),
      bringBack: () => influxd.start(),
      maintain: (store) => (store as Influx1Store).rollUp(),
      dispose: () => influxd.dispose(),
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
          { nowMs: Date.now, onRollupFailure: () => undefined },
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
