import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCredentials, createVerifier } from '../../server/src/broker/credentials.ts'
import { createEmbeddedBroker } from '../../server/src/broker/embedded-broker.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { type BrokerUnderTest, closeOf, describeBrokerContract } from '../kit/broker-contract.ts'
import { waitFor } from '../kit/services/child-program.ts'

const CLOCK = { nowMs: () => Date.now() }

async function startEmbedded(lines: string[] = []): Promise<BrokerUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-broker-'))
  const db = await openDatabase(join(dir, 'roomkeeper.sqlite'))
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const broker = await createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    hostId: 'test-host',
    verify: createVerifier(db),
    log,
    clock: CLOCK,
  })
  const credentials = createCredentials({ db, access: broker.access, log, clock: CLOCK })
  return {
    broker,
    credentials,
    db,
    url: `mqtt://127.0.0.1:${broker.port}`,
    hostId: 'test-host',
    dispose: async () => {
      await broker.close()
      await db.destroy()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

describeBrokerContract('embedded (Aedes)', () => startEmbedded())

describe('embedded broker', () => {
  let lines: string[]
  let under: BrokerUnderTest
  const sockets: Socket[] = []

  beforeEach(async () => {
    lines = []
    under = await startEmbedded(lines)
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await under.dispose()
  })

  const raw = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(under.url).port) })
    socket.on('error', () => undefined)
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }

  test('a stranger that tries again and again is counted each time and logged once', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const stranger = mqtt.connect(under.url, { protocolVersion: 4, reconnectPeriod: 0, username: 'stranger', password: 'x' })
      stranger.on('error', () => undefined)
      await closeOf(stranger)
    }
    expect(under.broker.refusals()).toEqual({ credential: 5 })
    const logged = lines.filter((line) => line.includes('refused')).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatchObject({ kind: 'credential', username: 'stranger', address: expect.stringContaining('127.0.0.1') })
  })

  test.each([
    ['a first packet of 17 kB', Buffer.from([0x10, 0x80, 0x88, 0x01])],
    ['a packet of 256 MB', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])],
    ['a length that never ends', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x80])],
  ])('%s is cut before it is collected', async (_what, bytes) => {
    const socket = await raw()
    const closed = once(socket, 'close')
    socket.write(bytes)
    await closed
    expect(under.broker.refusals()).toEqual({ 'packet-size': 1 })
  })

  test('a reading of more than 1 MB ends the connection, not the broker', async () => {
    const credential = await under.credentials.issue('s', 'n', 'tester')
    const client = mqtt.connect(under.url, { protocolVersion: 4, reconnectPeriod: 0, clientId: credential.username, ...credential })
    client.on('error', () => undefined)
    await connectOf(client)
    const closed = closeOf(client)
    client.publish('spBv1.0/s/NDATA/n', Buffer.alloc(1024 * 1024 + 1))
    await closed
    expect(under.broker.refusals()).toEqual({ 'packet-size': 1 })
  })

  test('garbage and MQTT 5 are refused by name', async () => {
    const socket = await raw()
    const closed = once(socket, 'close')
    socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    await closed
    const modern = mqtt.connect(under.url, { protocolVersion: 5, reconnectPeriod: 0 })
    modern.on('error', () => undefined)
    await closeOf(modern)
    await waitFor('both are counted', 20_000, async () => (under.broker.refusals().protocol === 2 ? true : undefined))
  })

  test('retained data and a session that is not clean are refused', async () => {
    const credential = await under.credentials.issue('s', 'n', 'tester')
    const options = { protocolVersion: 4, reconnectPeriod: 0, clientId: credential.username, ...credential } as const
    const lasting = mqtt.connect(under.url, { ...options, clean: false })
    lasting.on('error', () => undefined)
    await closeOf(lasting)
    const client = mqtt.connect(under.url, options)
    client.on('error', () => undefined)
    await connectOf(client)
    const closed = closeOf(client)
    client.publish('spBv1.0/s/NDATA/n', 'old', { retain: true })
    await closed
    expect(under.broker.refusals()).toEqual({ session: 1, retain: 1 })
  })

  test('when the database is away nobody comes in, and the broker says why', async () => {
    const credential = await under.credentials.issue('s', 'n', 'tester')
    await under.db.destroy()
    const client = mqtt.connect(under.url, { protocolVersion: 4, reconnectPeriod: 0, clientId: credential.username, ...credential })
    const error = await new Promise<Error>((resolve) => client.once('error', resolve))
    expect(error.message).toContain('Server unavailable')
    expect(under.broker.refusals()).toEqual({ database: 1 })
  })

  test('it closes while connections that said nothing are open', async () => {
    await raw()
    await raw()
    await expect(under.broker.close()).resolves.toBeUndefined()
  })
})

function connectOf(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('connect', () => resolve()))
}
