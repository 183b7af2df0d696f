import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { usernameOf } from '../../server/src/broker/agent-access.ts'
import type { Broker } from '../../server/src/broker/broker.ts'
import { CredentialError, type Credentials, type IssuedCredential } from '../../server/src/broker/credentials.ts'
import type { HostConnection } from '../../server/src/broker/host-connection.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { waitFor } from './services/child-program.ts'

/** One broker with its credentials, as a contract test needs it. */
export interface BrokerUnderTest {
  broker: Broker
  credentials: Credentials
  db: Db
  /** Where agents connect, without a credential. */
  url: string
  hostId: string
  dispose(): Promise<void>
}

const SITE = '东院 A'
const DEADLINE_MS = 5000

/** What every broker promises: an agent speaks for its own node only, strangers not at all, and a revoked agent no longer. */
export function describeBrokerContract(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`${name}: broker contract`, () => {
    let under: BrokerUnderTest
    let host: HostConnection
    let heard: { topic: string; text: string }[]
    let clients: MqttClient[]

    beforeEach(async () => {
      clients = []
      heard = []
      under = await start()
      host = under.broker.connectHost()
      host.onMessage((topic, payload) => {
        if (!topic.startsWith('spBv1.0/STATE/')) heard.push({ topic, text: Buffer.from(payload).toString() })
      })
      await startHost(host)
    })
    afterEach(async () => {
      for (const client of clients) client.end(true)
      await host.close()
      await under.dispose()
    })

    const agent = async (credential: IssuedCredential, options: IClientOptions = {}): Promise<MqttClient> => {
      const client = open(credential, options)
      await ready(client)
      return client
    }
    const open = (credential: Partial<IssuedCredential>, options: IClientOptions = {}): MqttClient => {
      const client = mqtt.connect(under.url, {
        manualConnect: true,
        protocolVersion: 4,
        reconnectPeriod: 0,
        connectTimeout: DEADLINE_MS,
        clientId: credential.username,
        username: credential.username,
        password: credential.password,
        ...options,
      })
      client.on('error', () => undefined)
      clients.push(client)
      return client
    }
    const hears = (topic: string, text: string): Promise<true> =>
      waitFor(`the host hears ${text} on ${topic}, it heard ${JSON.stringify(heard)}`, DEADLINE_MS, async () =>
        heard.some((message) => message.topic === topic && message.text === text) ? true : undefined,
      )

    test('an agent publishes under its own node, and the host hears it in order', async () => {
      const credential = await under.credentials.issue(SITE, 'n1', 'tester')
      const client = await agent(credential)
      const topics = ['NBIRTH/n1', 'DBIRTH/n1/ups 1', 'DDATA/n1/ups 1', 'NDATA/n1', 'DDEATH/n1/ups 1', 'NDEATH/n1'].map(
        (rest) => `spBv1.0/${SITE}/${rest}`,
      )
      for (const topic of topics) client.publish(topic, topic, { qos: 0 })
      await hears(topics[5] as string, topics[5] as string)
      expect(heard.map(({ topic }) => topic)).toEqual(topics)
    })

    test.each([
      ['another node', `spBv1.0/${SITE}/NDATA/n2`],
      ['a device of another node', `spBv1.0/${SITE}/DDATA/n2/ups1`],
      ['another site', 'spBv1.0/west/NDATA/n1'],
      ['a command', `spBv1.0/${SITE}/NCMD/n1`],
      ['a device command', `spBv1.0/${SITE}/DCMD/n1/ups1`],
      ['the state of the host', 'spBv1.0/STATE/test-host'],
      ['a topic that is too deep', `spBv1.0/${SITE}/DDATA/n1/ups1/more`],
      ['a topic of 200 levels', `spBv1.0/${SITE}/DDATA/n1${'/x'.repeat(200)}`],
      ['an unknown message type', `spBv1.0/${SITE}/XDATA/n1`],
      ['node data with a device', `spBv1.0/${SITE}/NDATA/n1/ups1`],
    ])('an agent cannot publish to %s', async (_what, topic) => {
      const first = await under.credentials.issue(SITE, 'n1', 'tester')
      const second = await under.credentials.issue(SITE, 'n2', 'tester')
      const observed: string[] = []
      host.onMessage((heardTopic, payload) => {
        const text = Buffer.from(payload).toString()
        if (text === 'forbidden') observed.push(heardTopic)
        else heard.push({ topic: heardTopic, text })
      })
      const client = await agent(first)
      // Refused by silence (Mosquitto acknowledges and drops) or by closing the connection (Aedes).
      const closed = closeOf(client)
      await Promise.race([client.publishAsync(topic, 'forbidden', { qos: 1 }).catch(() => undefined), closed])
      const other = await agent(second)
      await other.publishAsync(`spBv1.0/${SITE}/NDATA/n2`, 'marker', { qos: 1 })
      await hears(`spBv1.0/${SITE}/NDATA/n2`, 'marker')
      expect(observed).toEqual([])
    })

    test("a will under another agent's node never arrives, one's own does when the agent dies", async () => {
      const first = await under.credentials.issue(SITE, 'n1', 'tester')
      const second = await under.credentials.issue(SITE, 'n2', 'tester')
      const liar = open(first, { will: { topic: `spBv1.0/${SITE}/NDEATH/n2`, payload: Buffer.from('forged'), qos: 1, retain: false } })
      await settled(liar)
      liar.stream.destroy()
      const own = await agent(second, {
        will: { topic: `spBv1.0/${SITE}/NDEATH/n2`, payload: Buffer.from('died'), qos: 1, retain: false },
      })
      own.stream.destroy()
      await hears(`spBv1.0/${SITE}/NDEATH/n2`, 'died')
      expect(heard.map(({ text }) => text)).toEqual(['died'])
    })

    test('strangers are refused', async () => {
      const credential = await under.credentials.issue(SITE, 'n1', 'tester')
      const strangers: Partial<IssuedCredential>[] = [
        {},
        { username: credential.username },
        { ...credential, password: `${credential.password}x` },
        { ...credential, password: '' },
        { ...credential, username: usernameOf(SITE, 'nobody') },
      ]
      for (const stranger of strangers)
        expect(await settled(open(stranger, stranger.username ? {} : { clientId: 'stranger' }))).toBe('refused')
      expect(await settled(open(credential))).toBe('connected')
    })

    test('an agent hears its own commands and the state of the host, nothing else', async () => {
      const credential = await under.credentials.issue(SITE, 'n1', 'tester')
      const client = await agent(credential)
      const received: string[] = []
      client.on('message', (topic, payload) => received.push(`${topic} ${payload.toString()}`))
      const own = [`spBv1.0/${SITE}/NCMD/n1`, `spBv1.0/${SITE}/DCMD/n1/#`, `spBv1.0/STATE/${under.hostId}`]
      for (const filter of own) expect(await grantOf(client, filter), filter).toBeLessThan(2)
      const foreign = [
        '#',
        '+/+/+/+',
        'spBv1.0/#',
        `spBv1.0/${SITE}/#`,
        `spBv1.0/${SITE}/NCMD/+`,
        'spBv1.0/+/NCMD/n1',
        `spBv1.0/${SITE}/NCMD/n2`,
        `spBv1.0/${SITE}/DDATA/n2/#`,
        'spBv1.0/STATE/+',
        '$SYS/#',
        '$CONTROL/#',
      ]
      for (const filter of foreign) expect(await grantOf(client, filter), filter).toBe(128)
      const send = (topic: string, text: string) => host.publish(topic, Buffer.from(text), { qos: 0, retain: false })
      await send(`spBv1.0/${SITE}/NCMD/n2`, 'not yours')
      await send(`spBv1.0/${SITE}/DCMD/n1/ups1`, 'device command')
      await send(`spBv1.0/${SITE}/NCMD/n1`, 'command')
      await waitFor('the command arrives', DEADLINE_MS, async () =>
        received.some((text) => text.endsWith('/n1 command')) ? true : undefined,
      )
      const commands = received.filter((text) => !text.includes('STATE'))
      expect(commands.sort()).toEqual([`spBv1.0/${SITE}/DCMD/n1/ups1 device command`, `spBv1.0/${SITE}/NCMD/n1 command`])
      expect(received.find((text) => text.startsWith(`spBv1.0/STATE/${under.hostId} `))).toMatch(/"online":true,"timestamp":\d{13}/)
    })

    test('a revoked agent is cut at once and stays out, until it is issued a new credential', async () => {
      const credential = await under.credentials.issue(SITE, 'n1', 'tester')
      const other = await agent(await under.credentials.issue(SITE, 'n2', 'tester'))
      const client = await agent(credential)
      const closed = closeOf(client)
      const beganMs = performance.now()
      await under.credentials.revoke(credential.nodeId, 'stolen', 'tester')
      await closed
      expect(performance.now() - beganMs).toBeLessThan(1000)
      expect(await settled(open(credential))).toBe('refused')
      expect(other.connected).toBe(true)
      await expect(under.credentials.revoke(credential.nodeId, 'again', 'tester')).rejects.toThrow(CredentialError)

      const next = await under.credentials.issue(SITE, 'n1', 'tester')
      expect(next).toMatchObject({ nodeId: credential.nodeId, username: credential.username })
      expect(await settled(open(credential))).toBe('refused')
      expect(await settled(open(next))).toBe('connected')
    })

    test('a credential is issued once, and every change is in the audit trail', async () => {
      const { nodeId, password } = await under.credentials.issue(SITE, 'n1', 'tester')
      await expect(under.credentials.issue(SITE, 'n1', 'tester')).rejects.toThrow('revoke it first')
      await under.credentials.revoke(nodeId, 'lost', 'tester')
      const rows = await under.db.selectFrom('audit').select(['actor', 'action', 'entity', 'afterJson']).orderBy('seq').execute()
      expect(rows.map((row) => [row.actor, row.action, row.entity])).toEqual([
        ['tester', 'agent.credential.issue', `agent:${nodeId}`],
        ['tester', 'agent.credential.revoke', `agent:${nodeId}`],
      ])
      expect(JSON.stringify(rows)).not.toContain(password)
      expect(JSON.stringify(await under.db.selectFrom('agentCredential').selectAll().execute())).not.toContain(password)
    })

    test('a password given at the start works, and a revoked agent does not come back by it', async () => {
      const password = 'a-password-from-the-credentials-file'
      const { nodeId, username } = await under.credentials.ensure(SITE, 'n1', password, 'start')
      const credential = { nodeId, username, password }
      expect(await under.credentials.ensure(SITE, 'n1', password, 'start')).toEqual({ nodeId, username })
      expect(await settled(open(credential))).toBe('connected')
      await expect(under.credentials.ensure(SITE, 'n2', 'short', 'start')).rejects.toThrow('24')
      await under.credentials.revoke(nodeId, 'stolen', 'tester')
      await under.credentials.ensure(SITE, 'n1', password, 'start')
      expect(await settled(open(credential))).toBe('refused')
    })

    test('no credential takes over the session of another', async () => {
      const first = await under.credentials.issue(SITE, 'n1', 'tester')
      const second = await under.credentials.issue(SITE, 'n2', 'tester')
      const victim = await agent(first)
      expect(await settled(open(second, { clientId: first.username }))).toBe('refused')
      expect(victim.connected).toBe(true)
      // The agent itself may: its old session may hang on a cut cable.
      const closed = closeOf(victim)
      await agent(first)
      await closed
    })

    test('a name that could mean something else in a topic or a pattern is refused', async () => {
      for (const node of ['', '+', 'a/b', 'a#', '%c', 'a\nb', 'x'.repeat(65)])
        await expect(under.credentials.issue(SITE, node, 'tester'), JSON.stringify(node)).rejects.toThrow(CredentialError)
      expect(await under.db.selectFrom('edgeNode').selectAll().execute()).toEqual([])
    })

    test('an orderly end of the host is told by a retained STATE with a newer timestamp at each connect', async () => {
      const watcher = await agent(await under.credentials.issue(SITE, 'n1', 'tester'))
      const states: { online: boolean; timestamp: number }[] = []
      watcher.on('message', (_topic, payload) => states.push(JSON.parse(payload.toString())))
      await watcher.subscribeAsync(`spBv1.0/STATE/${under.hostId}`, { qos: 1 })
      const until = (count: number) =>
        waitFor(`${count} states, there are ${JSON.stringify(states)}`, DEADLINE_MS, async () =>
          states.length >= count ? true : undefined,
        )
      await until(1)
      await host.close()
      expect(host.connected).toBe(false)
      await expect(host.publish('spBv1.0/x/NCMD/y', Buffer.alloc(0), { qos: 0, retain: false })).rejects.toThrow('not connected')
      await until(2)
      host = under.broker.connectHost()
      await startHost(host)
      await until(3)
      expect(states.map(({ online }) => online)).toEqual([true, false, true])
      expect(states[2]?.timestamp).toBeGreaterThan(states[0]?.timestamp ?? 0)
    })

    test('a handler that throws loses one message and nothing else', async () => {
      const client = await agent(await under.credentials.issue(SITE, 'n1', 'tester'))
      host.onMessage((topic, payload) => {
        const text = Buffer.from(payload).toString()
        if (text === 'poison') throw new Error('a bug')
        heard.push({ topic, text })
      })
      client.publish(`spBv1.0/${SITE}/NDATA/n1`, 'poison')
      client.publish(`spBv1.0/${SITE}/NDATA/n1`, 'fine')
      await hears(`spBv1.0/${SITE}/NDATA/n1`, 'fine')
      expect(host.connected).toBe(true)
    })
  })
}

/** Starts the connection and resolves when it is there. */
export async function startHost(host: HostConnection): Promise<void> {
  await new Promise<void>((resolve) => {
    host.onConnected(resolve)
    host.start()
  })
}

/** How a connection attempt ends. A broker that says nothing within the deadline fails the test. */
async function settled(client: MqttClient): Promise<'connected' | 'refused'> {
  const outcome = new Promise<'connected' | 'refused'>((resolve) => {
    client.once('connect', () => resolve('connected'))
    client.once('close', () => resolve('refused'))
  })
  client.connect()
  return await outcome
}

async function ready(client: MqttClient): Promise<void> {
  expect(await settled(client)).toBe('connected')
}

/** The QoS the broker grants, 128 for a refusal. */
async function grantOf(client: MqttClient, filter: string): Promise<number> {
  try {
    const [grant] = await client.subscribeAsync(filter, { qos: 1 })
    return grant?.qos as number
  } catch (error) {
    if (error instanceof Error && /unspecified error|not authorized|subscribe error/i.test(error.message)) return 128
    throw error
  }
}

/** Resolves when the connection is closed, whatever the reason. */
export function closeOf(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()))
}
