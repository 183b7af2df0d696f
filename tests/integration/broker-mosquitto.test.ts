import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCredentials } from '../../server/src/broker/credentials.ts'
import { runDynamicSecurity } from '../../server/src/broker/dynamic-security.ts'
import type { HostConnection } from '../../server/src/broker/host-connection.ts'
import { createOutsideBroker } from '../../server/src/broker/outside-broker.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { type BrokerUnderTest, closeOf, describeBrokerContract, startHost } from '../kit/broker-contract.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const CLOCK = { nowMs: () => Date.now() }
const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')

async function startOutside(mosquitto: Mosquitto, lines: string[] = []): Promise<BrokerUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-broker-'))
  const db = await openDatabase(join(dir, 'roomkeeper.sqlite'))
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const broker = createOutsideBroker({ url: mosquitto.adminUrl, hostId: 'test-host', log, clock: CLOCK })
  const credentials = createCredentials({ db, access: broker.access, log, clock: CLOCK })
  return {
    broker,
    credentials,
    db,
    url: mosquitto.url,
    hostId: 'test-host',
    dispose: async () => {
      await broker.close()
      await db.destroy()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

describe.skipIf(missing !== undefined)(`mosquitto ${missing ?? ''}`, () => {
  describeBrokerContract('outside (Mosquitto with dynamic security)', async () => {
    const mosquitto = await startMosquitto()
    const under = await startOutside(mosquitto)
    return {
      ...under,
      dispose: async () => {
        await under.dispose()
        await mosquitto.dispose()
      },
    }
  })

  describe('outside broker', () => {
    let mosquitto: Mosquitto
    let under: BrokerUnderTest
    let host: HostConnection
    let lines: string[]

    const start = async (dynamicSecurity: boolean): Promise<void> => {
      lines = []
      mosquitto = await startMosquitto({ dynamicSecurity })
      under = await startOutside(mosquitto, lines)
      host = under.broker.connectHost()
    }
    beforeEach(() => start(true))
    afterEach(async () => {
      await host.close()
      await under.dispose()
      await mosquitto.dispose()
    })
    const without = async (): Promise<void> => {
      await under.dispose()
      await mosquitto.dispose()
      await start(false)
    }

    test('an agent cannot change who may come in', async () => {
      const credential = await under.credentials.issue('s', 'n', 'tester')
      const agent = mqtt.connect(under.url, { protocolVersion: 4, reconnectPeriod: 0, clientId: credential.username, ...credential })
      agent.on('error', () => undefined)
      const commands = [{ command: 'createClient', username: 'intruder', password: 'intruder' }]
      await agent.publishAsync('$CONTROL/dynamic-security/v1', JSON.stringify({ commands }), { qos: 1 })
      agent.end(true)
      const [answer] = await runDynamicSecurity(mosquitto.adminUrl, [{ command: 'getClient', username: 'intruder' }])
      expect(answer?.error).toBe('Client not found')
    })

    test('the host comes back after the broker was killed, with the births of STATE again, and says once that it was away', async () => {
      const lost: string[] = []
      let connects = 0
      host.onDisconnected((reason) => lost.push(reason))
      host.onConnected(() => {
        connects += 1
      })
      await startHost(host)
      await mosquitto.stop('SIGKILL')
      await waitFor('the loss is noticed', 20_000, async () => (lost.length > 0 ? true : undefined))
      await expect(host.publish('spBv1.0/s/NCMD/n', Buffer.alloc(0), { qos: 0, retain: false })).rejects.toThrow('not connected')
      await mosquitto.start()
      await waitFor('connected again', 30_000, async () => (connects === 2 ? true : undefined))
      expect(lost).toHaveLength(1)
      expect(host.connected).toBe(true)
    })

    test('a command under way when the broker dies is reported, not forgotten', async () => {
      await startHost(host)
      mosquitto.pause()
      const sent = host.publish('spBv1.0/s/NCMD/n', Buffer.from('x'), { qos: 1, retain: false })
      const outcome = expect(sent).rejects.toThrow()
      await mosquitto.stop('SIGKILL')
      await outcome
    })

    test('a broker that is not there is tried again until it is', async () => {
      await mosquitto.stop()
      const connected = startHost(host)
      await waitFor('the log says so', 20_000, async () =>
        lines.some((line) => line.includes('no connection to the broker')) ? true : undefined,
      )
      expect(under.broker.status()).toMatchObject({ ok: false, message: expect.stringContaining('ECONNREFUSED') })
      await expect(under.credentials.issue('s', 'n', 'tester')).rejects.toMatchObject({ kind: 'unreachable' })
      await mosquitto.start()
      await connected
      expect(under.broker.status().ok).toBe(true)
      // What could not be mirrored was not issued, so it can be now.
      await expect(under.credentials.issue('s', 'n', 'tester')).resolves.toMatchObject({ username: 's.n' })
    })

    test('a revocation while the broker is away follows when it is back', async () => {
      const credential = await under.credentials.issue('s', 'n', 'tester')
      const stays = await under.credentials.issue('s', 'stays', 'tester')
      await mosquitto.stop()
      await expect(under.credentials.revoke(credential.nodeId, 'stolen', 'tester')).rejects.toMatchObject({ kind: 'unreachable' })
      await mosquitto.start()
      expect(await under.credentials.reconcile()).toEqual([])
      const answers = await runDynamicSecurity(mosquitto.adminUrl, [
        { command: 'getClient', username: credential.username },
        { command: 'getClient', username: stays.username },
      ])
      expect(answers.map(({ error }) => error)).toEqual(['Client not found', undefined])
    })

    test('a broker that forgot its list: the agents are named, those with a known password come back', async () => {
      const password = 'a-password-from-the-credentials-file'
      await under.credentials.ensure('s', 'known', password, 'start')
      await under.credentials.issue('s', 'unknown', 'tester')
      await runDynamicSecurity(mosquitto.adminUrl, [
        { command: 'deleteClient', username: 's.known' },
        { command: 'deleteClient', username: 's.unknown' },
      ])
      await under.credentials.ensure('s', 'known', password, 'start')
      expect((await under.credentials.reconcile()).map(({ username }) => username)).toEqual(['s.unknown'])
      expect(lines.some((line) => line.includes('revoke and issue them again') && line.includes('s.unknown'))).toBe(true)
    })

    test('rules that somebody changed are put right, others are left alone', async () => {
      await under.credentials.issue('s', 'n', 'tester')
      const everything = [{ acltype: 'publishClientSend' as const, topic: '#', allow: true }]
      await runDynamicSecurity(mosquitto.adminUrl, [
        { command: 'modifyRole', rolename: 'roomkeeper-agent:s.n', acls: everything },
        { command: 'createRole', rolename: 'somebody-else', acls: everything },
      ])
      await under.credentials.reconcile()
      const [roles] = await runDynamicSecurity(mosquitto.adminUrl, [{ command: 'listRoles', verbose: true, count: -1, offset: 0 }])
      const { roles: listed } = (roles as { data: { roles: { rolename: string; acls: unknown[] }[] } }).data
      const byName = new Map(listed.map((role) => [role.rolename, role.acls]))
      expect(byName.get('roomkeeper-agent:s.n')).toHaveLength(12)
      expect(byName.get('somebody-else')).toEqual([expect.objectContaining({ topic: '#' })])
    })

    test('the will of a dead connection of the same host is overruled at once', async () => {
      await startHost(host)
      const watcher = mqtt.connect(mosquitto.adminUrl, { protocolVersion: 4 })
      const states: boolean[] = []
      watcher.on('message', (_topic, payload) => states.push((JSON.parse(payload.toString()) as { online: boolean }).online))
      await watcher.subscribeAsync('spBv1.0/STATE/test-host', { qos: 1 })
      await waitFor('online', 20_000, async () => (states.length === 1 ? true : undefined))
      await watcher
        .publishAsync('spBv1.0/STATE/test-host', JSON.stringify({ online: false, timestamp: 1 }), { qos: 1, retain: true })
        .catch(() => undefined)
      await waitFor(`online again: ${states}`, 20_000, async () => (states.length === 3 ? true : undefined))
      expect(states).toEqual([true, false, true])
      watcher.end(true)
    })

    test('a broker without the plugin carries messages, and says that nobody keeps its door', async () => {
      await without()
      await startHost(host)
      expect(under.broker.status()).toMatchObject({ ok: false, message: expect.stringContaining('mosquitto_dynamic_security.so') })
      await expect(under.credentials.issue('s', 'n', 'tester')).rejects.toMatchObject({ kind: 'unmanaged' })
      expect(await under.db.selectFrom('agentCredential').select('revoked').execute()).toEqual([{ revoked: 1 }])
      const heard: string[] = []
      host.onMessage((topic) => heard.push(topic))
      const agent = mqtt.connect(under.url, { protocolVersion: 4 })
      agent.publish('spBv1.0/s/NDATA/n', 'x')
      await waitFor('the message', 20_000, async () => (heard.includes('spBv1.0/s/NDATA/n') ? true : undefined))
      const closed = closeOf(agent)
      agent.end(true)
      await closed
    })

    test('the password in the URL is in no log line and no message', async () => {
      await mosquitto.stop()
      host.start()
      await waitFor('a log line', 20_000, async () => (lines.length > 0 ? true : undefined))
      const password = new URL(mosquitto.adminUrl).password
      expect(password).toHaveLength(32)
      expect(JSON.stringify([lines, under.broker.status()])).not.toContain(password)
    })
  })
})
