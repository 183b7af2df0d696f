import { groupedPairingCode, PAIRING_ALPHABET, PAIRING_VALID_MS, pairingCodeOf } from '@roomkeeper/shared/model'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pairingHandlers } from '../../server/src/api/pairing.ts'
import { type BrokerAccess, BrokerAccessError } from '../../server/src/broker/broker.ts'
import { createCredentials, createVerifier } from '../../server/src/broker/credentials.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { createPairings, type Pairings } from '../../server/src/pairing/pairings.ts'
import { type ApiApp, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'

describeEachDatabase('pairing', (newDatabase) => {
  let app: ApiApp
  let db: Db
  let pairings: Pairings
  let administrator: string
  let advancedMs: number
  let brokerProblem: BrokerAccessError | undefined
  let granted: Map<string, string>
  const clock = { nowMs: () => Date.now() + advancedMs }

  beforeEach(async () => {
    advancedMs = 0
    brokerProblem = undefined
    granted = new Map()
    const location = await newDatabase()
    db = await openDatabase(location)
    const log = pino({ level: 'silent' })
    const access: BrokerAccess = {
      grant: async ({ username }, password) => {
        if (brokerProblem) throw brokerProblem
        granted.set(username, password)
      },
      withdraw: async (username) => void granted.delete(username),
      reconcile: async () => ({ missing: [], withdrawn: [] }),
    }
    const credentials = createCredentials({ db, access, log, clock })
    pairings = createPairings({ db, credentials, clock, log, onChange: () => {} })
    const handlers = pairingHandlers({
      pairings,
      brokerForAgents: async () => ({ protocol: 'mqtt', host: null, port: 1883, ca: null }),
      hostId: 'host-1',
      clock,
      log,
      nodeCut: () => {},
    })
    app = await startApiApp(location, { handlers: { agents: handlers } })
    administrator = (await app.addPerson('sysadmin', ['system-administrator'])).cookie
  })
  afterEach(async () => {
    await pairings.stop()
    await app.stop()
    await db.destroy()
  })

  const create = async (node = 'n1'): Promise<{ id: number; code: string }> => {
    const answer = await app.call('POST', '/api/agents/pairings', { cookie: administrator, body: { site: 'east', node } })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const { pairing, code } = answer.body as { pairing: { id: number }; code: string }
    return { id: pairing.id, code }
  }
  const pair = (code: unknown) => app.call('POST', '/api/agents/pair', { body: { code } })
  const states = async (): Promise<string[]> => (await pairings.list()).map(({ state }) => state)
  const audited = async (): Promise<string[]> =>
    (await db.selectFrom('audit').select(['actor', 'action']).where('action', 'like', 'agent.%').orderBy('seq').execute()).map(
      ({ actor, action }) => `${actor} ${action}`,
    )

  it('gives the credential for the code, which works, and keeps only a hash of the code', async () => {
    const { code } = await create()
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/)
    const stored = JSON.stringify([
      await db.selectFrom('pairing').selectAll().execute(),
      await db.selectFrom('audit').selectAll().execute(),
    ])
    expect(stored).not.toContain(code.replace('-', ''))
    expect(stored).not.toContain(code)

    const answer = await pair(code.toLowerCase().replace('-', ' '))
    expect(answer).toMatchObject({
      status: 200,
      body: { site: 'east', node: 'n1', primaryHost: 'host-1', mqtt: { protocol: 'mqtt', host: null, port: 1883, username: 'east.n1' } },
    })
    const { username, password } = (answer.body as { mqtt: { username: string; password: string } }).mqtt
    expect(await createVerifier(db)(username, Buffer.from(password))).toMatchObject({ site: 'east', node: 'n1' })
    expect(granted.get(username)).toBe(password)
    expect(await states()).toEqual(['used'])
    expect(await audited()).toEqual([
      'sysadmin agent.pairing.create',
      'agent agent.pairing.used',
      // Who made the code let the agent in.
      'sysadmin agent.credential.issue',
    ])
  })

  it('gives a stranger nothing without a code', async () => {
    await create()
    for (const code of ['', 'ABCD-2345', 'x'.repeat(40), '%', "' or 1=1 --"]) {
      const answer = await pair(code)
      expect([404, 429], JSON.stringify(answer.body)).toContain(answer.status)
      expect(JSON.stringify(answer.body)).not.toMatch(/east|n1|password/)
      advancedMs += 20_000
    }
    for (const body of [{}, { code: 7 }, { code: null }, { code: ['A'] }, { code: 'x'.repeat(41) }])
      expect((await app.call('POST', '/api/agents/pair', { body })).status).toBe(422)
    expect((await app.call('GET', '/api/agents/pair')).status).toBe(401)
    expect((await app.call('GET', '/api/agents/pairings')).status).toBe(401)
    expect(await db.selectFrom('agentCredential').selectAll().execute()).toEqual([])
  })

  it('takes a code once', async () => {
    const { code } = await create()
    expect((await pair(code)).status).toBe(200)
    const again = await pair(code)
    expect(again).toMatchObject({ status: 404, body: { message: expect.stringContaining('已使用') } })
    expect(JSON.stringify(again.body)).not.toContain('password')
  })

  it('of ten that come at the same time with one code, one wins', async () => {
    const { code } = await create()
    const typed = pairingCodeOf(code) as string
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => pairings.pair(typed, `10.0.${at}.1`)))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['paired', ...Array(9).fill('wrong')])
    expect((await db.selectFrom('agentCredential').selectAll().execute()).length).toBe(1)
    expect((await audited()).filter((entry) => entry.endsWith('pairing.used'))).toHaveLength(1)
  })

  it('of ten servers on one database, one takes the code', async () => {
    const { code } = await create()
    const typed = pairingCodeOf(code) as string
    // No gate between them: the database alone decides.
    const others = Array.from({ length: 5 }, () =>
      createPairings({
        db,
        credentials: { replace: async () => ({ nodeId: 1, username: 'u', password: 'p' }) },
        clock,
        log: pino({ level: 'silent' }),
        onChange: () => {},
      }),
    )
    const answers = await Promise.all(others.map((other) => other.pair(typed, '10.0.0.1')))
    expect(answers.filter(({ outcome }) => outcome === 'paired')).toHaveLength(1)
    for (const other of others) await other.stop()
  })

  it('ends after ten minutes, when it is cancelled, and when a newer one is made for the same agent', async () => {
    const expired = await create()
    advancedMs += PAIRING_VALID_MS
    expect((await pair(expired.code)).status).toBe(404)
    const cancelled = await create()
    const cancel = () => app.call('DELETE', `/api/agents/pairings/${cancelled.id}`, { cookie: administrator, body: {} })
    expect((await cancel()).status).toBe(200)
    expect((await cancel()).status).toBe(404)
    expect((await pair(cancelled.code)).status).toBe(404)
    const older = await create()
    const newer = await create()
    expect((await pair(older.code)).status).toBe(404)
    expect(await states()).toEqual(['open', 'cancelled', 'cancelled', 'expired'])
    expect((await pair(newer.code)).status).toBe(200)
    expect(await audited()).toEqual(expect.arrayContaining(['system agent.pairing.expired', 'sysadmin agent.pairing.cancelled']))
  })

  it('pairing again replaces the credential', async () => {
    const passwordOf = async () => ((await pair((await create()).code)).body as { mqtt: { password: string } }).mqtt.password
    const first = await passwordOf()
    const second = await passwordOf()
    expect(second).not.toBe(first)
    const verify = createVerifier(db)
    expect(await verify('east.n1', Buffer.from(first))).toBeUndefined()
    expect(await verify('east.n1', Buffer.from(second))).toMatchObject({ node: 'n1' })
    expect(await audited()).toContain('sysadmin agent.credential.revoke')
  })

  it('slows the network that guesses, and nobody else; wrong codes are one row', async () => {
    const { code } = await create()
    const outcomes: string[] = []
    for (let at = 0; at < 12; at++) outcomes.push((await pairings.pair('ABCDEFGH', '192.0.2.7')).outcome)
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5)
    expect(outcomes.at(-1)).toBe('too-many')
    const again = await pairings.pair('ABCDEFGH', '192.0.2.7')
    expect(again).toMatchObject({ outcome: 'too-many' })
    expect((again as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(10_000)
    // Strangers from everywhere at the same moment: the agent still gets its turn.
    const crowd = Array.from({ length: 50 }, (_, at) => pairings.pair('ABCDEFGH', `203.0.113.${at}`))
    expect((await pairings.pair(pairingCodeOf(code) as string, '10.0.0.1')).outcome).toBe('paired')
    await Promise.all(crowd)
    await pairings.stop()
    const rows = await db.selectFrom('audit').selectAll().where('action', '=', 'agent.pairing.wrong').execute()
    expect(rows).toHaveLength(1)
    const { count, addresses } = JSON.parse(rows[0]?.afterJson ?? '{}') as { count: number; addresses: string[] }
    expect(count).toBe(55)
    expect(addresses).toHaveLength(10)
  })

  it('answers a wrong code with how long to wait', async () => {
    for (let at = 0; at < 5; at++) await pair('ABCD-EFGH')
    const answer = await pair('ABCD-EFGH')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('keeps the code when the broker does not take the credential', async () => {
    const { code } = await create()
    brokerProblem = new BrokerAccessError('unreachable', 'MQTT broker 10.9.9.9:1883: ECONNREFUSED')
    const refused = await pair(code)
    expect(refused.status).toBe(503)
    expect(JSON.stringify(refused.body)).not.toContain('10.9.9.9')
    brokerProblem = undefined
    expect((await pair(code)).status).toBe(200)
  })

  it('refuses names that cannot be', async () => {
    for (const node of ['a/b', '%c', ''])
      expect((await app.call('POST', '/api/agents/pairings', { cookie: administrator, body: { site: 'east', node } })).status).toBe(422)
    expect(await pairings.list()).toEqual([])
  })
})

describe('a code', () => {
  it('is grouped for people and read back however it is typed', () => {
    expect(groupedPairingCode('ABCDEFGH')).toBe('ABCD-EFGH')
    expect(pairingCodeOf(' abcd efgh')).toBe('ABCDEFGH')
    for (const wrong of ['ABCD-EFG', 'ABCD-EFGHJ', 'ABCD-EFG0', 'ABCD-EFGI', '']) expect(pairingCodeOf(wrong)).toBeUndefined()
    expect(new Set(PAIRING_ALPHABET).size).toBe(31)
  })
})
