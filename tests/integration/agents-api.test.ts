import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentHandlers, type NodeState } from '../../server/src/api/agents.ts'
import type { AgentIdentity } from '../../server/src/broker/agent-access.ts'
import { type BrokerAccess, BrokerAccessError } from '../../server/src/broker/broker.ts'
import { createCredentials, createVerifier } from '../../server/src/broker/credentials.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { type ApiApp, startApiApp } from '../kit/api-app.ts'

const CLOCK = { nowMs: () => Date.now() }

describe('agents over HTTP', () => {
  let dir: string
  let app: ApiApp
  let db: Db
  let administrator: string
  let granted: Map<string, AgentIdentity>
  let brokerProblem: BrokerAccessError | undefined
  const states = new Map<number, NodeState>()
  const cut: number[] = []

  beforeEach(async () => {
    states.clear()
    cut.length = 0
    granted = new Map()
    brokerProblem = undefined
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-agents-api-'))
    const location = join(dir, 'roomkeeper.sqlite')
    db = await openDatabase(location)
    const access: BrokerAccess = {
      grant: async (identity) => {
        if (brokerProblem) throw brokerProblem
        granted.set(identity.username, identity)
      },
      withdraw: async (username) => {
        if (brokerProblem) throw brokerProblem
        granted.delete(username)
      },
      reconcile: async () => ({ missing: [], withdrawn: [] }),
    }
    const credentials = createCredentials({ db, access, log: pino({ level: 'silent' }), clock: CLOCK })
    const handlers = agentHandlers({ db, credentials, nodeState: (id) => states.get(id), nodeCut: (id) => cut.push(id) })
    app = await startApiApp(location, { handlers: { agents: handlers } })
    administrator = (await app.addPerson('sysadmin', ['system-administrator'])).cookie
  })
  afterEach(async () => {
    await app.stop()
    await db.destroy()
    await rm(dir, { recursive: true, force: true })
  })

  const create = (node: string) => app.call('POST', '/api/agents', { cookie: administrator, body: { site: 'east', node } })

  test('the password of a new agent is shown once, works, and is never listed', async () => {
    const answer = await create('n1')
    expect(answer.status).toBe(200)
    const { agent, username, password } = answer.body as { agent: { id: number }; username: string; password: string }
    expect(agent).toMatchObject({ site: 'east', node: 'n1', online: false, faults: [], credential: { username, revoked: false } })
    expect(await createVerifier(db)(username, Buffer.from(password))).toEqual({ username, site: 'east', node: 'n1' })
    const list = await app.call('GET', '/api/agents', { cookie: administrator })
    expect(list.body).toEqual([agent])
    expect(JSON.stringify(list.body)).not.toContain(password)
  })

  test('what the ingest knows of a node is shown with what the database knows', async () => {
    const { agent } = (await create('n1')).body as { agent: { id: number } }
    const faults = [{ device: 'ups1', kind: 'unreachable', message: 'timeout' }]
    states.set(agent.id, { online: true, lastSeenMs: 5, clockOffsetMs: -40, backlog: 7, faults })
    for (const [epoch, committedOffset, updatedAtMs] of [
      ['new', 12, 2000],
      ['old', 900, 1000],
    ] as const)
      await db.insertInto('logPosition').values({ nodeId: agent.id, epoch, committedOffset, updatedAtMs }).execute()
    const list = await app.call('GET', '/api/agents', { cookie: administrator })
    expect(list.body).toEqual([
      expect.objectContaining({ online: true, lastSeenMs: 5, clockOffsetMs: -40, backlog: 7, faults, committedOffset: 12 }),
    ])
  })

  test('issued twice is a conflict, a name that is none is invalid', async () => {
    await create('n1')
    expect(await create('n1')).toMatchObject({ status: 409, body: { message: expect.stringContaining('revoke it first') } })
    expect((await create('a/b')).status).toBe(422)
    expect(await create('%c')).toMatchObject({ status: 422, body: { message: expect.stringContaining('1–64') } })
  })

  test('revoking cuts, needs a reason, and is not there twice', async () => {
    const { agent, username } = (await create('n1')).body as { agent: { id: number }; username: string }
    const revoke = (body: unknown) => app.call('DELETE', `/api/agents/${agent.id}/credential`, { cookie: administrator, body })
    expect((await revoke({ reason: '' })).status).toBe(422)
    expect(granted.has(username)).toBe(true)
    expect(await revoke({ reason: 'stolen' })).toMatchObject({ status: 200, body: { ok: true } })
    expect(granted.has(username)).toBe(false)
    expect(cut).toEqual([agent.id])
    expect((await revoke({ reason: 'again' })).status).toBe(404)
    const list = await app.call('GET', '/api/agents', { cookie: administrator })
    expect(list.body).toEqual([expect.objectContaining({ credential: expect.objectContaining({ revoked: true }) })])
  })

  test('when the broker does not take it, nothing is issued and the reason is told', async () => {
    brokerProblem = new BrokerAccessError('unreachable', 'MQTT broker 10.0.0.1:1883: ECONNREFUSED')
    expect(await create('n1')).toMatchObject({ status: 409, body: { message: expect.stringContaining('ECONNREFUSED') } })
    expect(await db.selectFrom('agentCredential').select('revoked').execute()).toEqual([{ revoked: 1 }])
    brokerProblem = undefined
    expect((await create('n1')).status).toBe(200)
  })

  test('only a system administrator issues and revokes', async () => {
    const keeper = await app.addPerson('keeper', ['room-keeper'])
    expect((await app.call('GET', '/api/agents', { cookie: keeper.cookie })).status).toBe(200)
    expect((await app.call('POST', '/api/agents', { cookie: keeper.cookie, body: { site: 'east', node: 'n1' } })).status).toBe(403)
    expect((await app.call('DELETE', '/api/agents/1/credential', { cookie: keeper.cookie, body: { reason: 'x' } })).status).toBe(403)
    expect(await db.selectFrom('edgeNode').selectAll().execute()).toEqual([])
  })

  test('quarantined readings come newest first, in pages', async () => {
    for (const offset of [1, 2, 3])
      await db
        .insertInto('quarantine')
        .values({
          path: 'east/n1/ups1/load',
          epoch: 'e',
          offset,
          timeMs: 1000 + offset,
          valueJson: '"x"',
          reason: 'field type conflict',
          atMs: 9,
        })
        .execute()
    const first = await app.call('GET', '/api/quarantine?limit=2', { cookie: administrator })
    const rows = first.body as { id: number; offset: number; value: unknown; reason: string }[]
    expect(rows.map(({ offset }) => offset)).toEqual([3, 2])
    expect(rows[0]).toMatchObject({ path: 'east/n1/ups1/load', value: 'x', reason: 'field type conflict', timeMs: 1003 })
    const next = await app.call('GET', `/api/quarantine?limit=2&before=${rows[1]?.id}`, { cookie: administrator })
    expect((next.body as { offset: number }[]).map(({ offset }) => offset)).toEqual([1])
  })
})
