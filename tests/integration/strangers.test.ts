import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Agent, RoomOverview } from '@roomkeeper/shared/http'
import { DataType, encodePayload, METRIC, type Metric, PROPERTY, topicOf } from '@roomkeeper/shared/sparkplug'
import fc from 'fast-check'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentCredential, issueCredential } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { SparkplugGenerator } from '../kit/sparkplug-generator.ts'

const SITE = '本院'
const missingMosquitto = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')

/** A birth and a reading as a real agent would send them, but by somebody else. */
function forgedMessages(node: string): { topic: string; payload: Buffer }[] {
  const timestampMs = Date.now()
  const nodeMetrics: Metric[] = [
    { name: METRIC.bdSeq, datatype: DataType.Int64, value: 0 },
    { name: METRIC.rebirth, datatype: DataType.Boolean, value: false },
    { name: METRIC.logEpoch, datatype: DataType.String, value: '00000000-0000-4000-8000-000000000000' },
    { name: METRIC.logFirstOffset, datatype: DataType.Int64, value: 1 },
    { name: METRIC.logNextOffset, datatype: DataType.Int64, value: 1 },
  ]
  const temperature: Metric = {
    name: 'temperature',
    alias: 1,
    datatype: DataType.Double,
    value: 99,
    timestampMs,
    properties: { [PROPERTY.kind]: 'temperature', [PROPERTY.intervalMs]: 1000 },
  }
  const message = (type: 'NBIRTH' | 'DBIRTH' | 'DDATA', seq: number, metrics: Metric[]) => ({
    topic: topicOf({ group: SITE, type, node, device: type === 'NBIRTH' ? undefined : 'forged' }),
    payload: Buffer.from(encodePayload({ timestampMs, seq, metrics: metrics.map((metric) => ({ timestampMs, ...metric })) })),
  })
  return [message('NBIRTH', 0, nodeMetrics), message('DBIRTH', 1, [temperature]), message('DDATA', 2, [temperature])]
}

/** Connects once; resolves with the client, or with why it was refused. */
function connectOnce(url: string, options: IClientOptions): Promise<MqttClient | string> {
  const client = mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: 0, clean: true, connectTimeout: 5000, ...options })
  return new Promise((resolve) => {
    client.once('connect', () => resolve(client))
    client.once('error', (error) => resolve(error.message))
    client.once('close', () => resolve('closed'))
  })
}

interface Side {
  url: string
  server: ServerProcess
  /** Everything the broker and the server logged. */
  logged(): string
  dispose(): Promise<void>
}

async function embeddedSide(): Promise<Side> {
  const server = await startServerProcess()
  return { url: `mqtt://127.0.0.1:${server.mqttPort}`, server, logged: () => server.output(), dispose: () => server.dispose() }
}

async function mosquittoSide(): Promise<Side> {
  const mosquitto: Mosquitto = await startMosquitto({ config: ['log_type all'] })
  const server = await startServerProcess({ env: { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl } })
  return {
    url: mosquitto.url,
    server,
    logged: () => mosquitto.output(),
    dispose: async () => {
      await server.dispose()
      await mosquitto.dispose()
    },
  }
}

const SIDES: readonly [string, () => Promise<Side>, RegExp, string | undefined][] = [
  ['the embedded broker', embeddedSide, /refused: it may not publish to .*honest/, undefined],
  ['Mosquitto', mosquittoSide, /Denied PUBLISH from .*honest/, missingMosquitto],
]

describe.each(SIDES)('a stranger at %s', (_, start, denied, missing) => {
  describe.skipIf(missing !== undefined)(missing ?? 'finds no way in', () => {
    let side: Side
    let honest: SparkplugGenerator
    let insider: AgentCredential

    const nodes = async (): Promise<string[]> => (await side.server.get<Agent[]>('/api/agents')).map(({ node }) => node).sort()
    const points = async (): Promise<number> =>
      (await side.server.get<RoomOverview[]>('/api/rooms')).reduce((sum, room) => sum + room.points, 0)

    beforeAll(async () => {
      side = await start()
      const credential = await issueCredential(side.server, SITE, 'honest')
      insider = await issueCredential(side.server, SITE, 'insider')
      honest = new SparkplugGenerator(
        {
          url: side.url,
          ...credential,
          site: SITE,
          node: 'honest',
          devices: 1,
          pointsPerDevice: 2,
          maxUncommittedReadings: 1000,
          epoch: crypto.randomUUID(),
        },
        () => Date.now(),
      )
      honest.connect()
      await waitFor('the honest agent is born', 30_000, async () => (honest.isReady ? true : undefined))
      honest.produce(1)
      await waitFor('it is in', 30_000, async () => ((await points()) === 2 ? true : undefined))
    })
    afterAll(async () => {
      await honest?.close()
      await side?.dispose()
    })

    it('without a credential, with an invented one, or with a wrong password: not connected', async () => {
      const { username } = insider
      for (const credential of [{}, { username: 'root', password: 'root' }, { username, password: 'wrong' }, { username, password: '' }]) {
        const outcome = await connectOnce(side.url, {
          clientId: 'username' in credential ? credential.username : 'stranger',
          ...credential,
        })
        expect(typeof outcome, JSON.stringify(credential)).toBe('string')
        expect(outcome as string).toMatch(/not authori[sz]ed|bad user|identifier rejected|closed/i)
      }
    })

    it("with another agent's own credential: nothing enters under the honest one's name, and it is logged", async () => {
      const client = await connectOnce(side.url, { clientId: insider.username, ...insider })
      if (typeof client === 'string') throw new Error(client)
      client.on('error', () => undefined)
      const offsetBefore = (await side.server.get<Agent[]>('/api/agents')).find(({ node }) => node === 'honest')?.committedOffset
      for (const { topic, payload } of [...forgedMessages('honest'), ...forgedMessages('third')]) {
        client.publish(topic, payload, { qos: 0 })
        client.publish(`spBv1.0/STATE/roomkeeper`, '{"online":false,"timestamp":1}', { qos: 0, retain: true })
        client.publish(topicOf({ group: SITE, type: 'NCMD', node: 'honest' }), payload, { qos: 0 })
      }
      await waitFor('it is logged', 20_000, async () => (denied.test(side.logged()) ? true : undefined))
      client.end(true)
      // An honest record after the forged ones: what was going to enter has entered.
      honest.produce(3)
      await waitFor('the honest agent goes on', 30_000, async () => {
        const row = (await side.server.get<Agent[]>('/api/agents')).find(({ node }) => node === 'honest')
        return row?.online && (row.committedOffset ?? 0) >= (offsetBefore ?? 0) + 3 ? true : undefined
      })
      expect(await nodes()).toEqual(['honest', 'insider'])
      expect(await points()).toBe(2)
      const alarms = await side.server.get<unknown[]>('/api/alarms?scope=all')
      expect(alarms).toEqual([])
    })
  })
})

/** Bounded: about ten seconds on two cores, and enough to find a decoder that trusts what it reads. */
const FUZZ_MESSAGES = 20_000
const FUZZ_BATCH = 500

describe('an agent gone mad, on its own topics', () => {
  let server: ServerProcess
  let honest: SparkplugGenerator
  let mad: MqttClient
  const seed = Number(process.env.ROOMKEEPER_FUZZ_SEED ?? 1)

  beforeAll(async () => {
    server = await startServerProcess({ env: { ROOMKEEPER_LOG_LEVEL: 'error' } })
    const url = `mqtt://127.0.0.1:${server.mqttPort}`
    const credential = await issueCredential(server, SITE, 'honest')
    honest = new SparkplugGenerator(
      {
        url,
        ...credential,
        site: SITE,
        node: 'honest',
        devices: 1,
        pointsPerDevice: 5,
        maxUncommittedReadings: 10_000,
        epoch: crypto.randomUUID(),
      },
      () => Date.now(),
    )
    honest.connect()
    const own = await issueCredential(server, SITE, 'mad')
    const client = await connectOnce(url, { clientId: own.username, ...own })
    if (typeof client === 'string') throw new Error(client)
    mad = client
    mad.on('error', () => undefined)
  })
  afterAll(async () => {
    mad?.end(true)
    await honest?.close()
    await server?.dispose()
  })

  it(`${FUZZ_MESSAGES} malformed, mutilated and absurd messages: no crash, and the others are read on (seed ${seed})`, async () => {
    await waitFor('the honest agent is born', 30_000, async () => (honest.isReady ? true : undefined))
    const messages = fc.sample(madMessage, { numRuns: FUZZ_MESSAGES, seed })
    for (let at = 0; at < messages.length; at += FUZZ_BATCH) {
      for (const { topic, payload } of messages.slice(at, at + FUZZ_BATCH)) mad.publish(topic, Buffer.from(payload), { qos: 0 })
      honest.produce(5)
      // QoS 1 on a topic of its own: answered when everything before it was taken.
      await mad.publishAsync(topicOf({ group: SITE, type: 'NDATA', node: 'mad' }), 'end of batch', { qos: 1 })
      if (!mad.connected) throw new Error('the broker cut the mad agent off: it would no longer be tested')
    }
    await waitFor(
      () => `all of the honest readings are committed (${honest.committedOffset} of ${honest.nextOffset - 1}; ${server.output()})`,
      30_000,
      async () =>
        honest.committedOffset === honest.nextOffset - 1 && honest.committedOffset >= (5 * FUZZ_MESSAGES) / FUZZ_BATCH ? true : undefined,
    )
    expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ ok: true })
    const honestRow = (await server.get<Agent[]>('/api/agents')).find(({ node }) => node === 'honest')
    expect(honestRow).toMatchObject({ online: true, clockOffsetMs: expect.closeTo(0, -4) })
    expect(server.output()).not.toMatch(/unexpected error|TypeError|RangeError/)
  }, 120_000)

  it('a packet that never ends and one that is too large: only that connection is cut', async () => {
    const own = await issueCredential(server, SITE, 'huge')
    const client = await connectOnce(`mqtt://127.0.0.1:${server.mqttPort}`, { clientId: own.username, ...own })
    if (typeof client === 'string') throw new Error(client)
    client.on('error', () => undefined)
    const cut = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish(topicOf({ group: SITE, type: 'NBIRTH', node: 'huge' }), randomBytes(4 * 1024 * 1024), { qos: 0 })
    await Promise.race([cut, delay(10_000).then(() => Promise.reject(new Error('not cut')))])
    expect(honest.isReady).toBe(true)
  })
})

const VALID = forgedMessages('mad')
const TYPES = ['NBIRTH', 'NDEATH', 'NDATA', 'DBIRTH', 'DDEATH', 'DDATA'] as const
const anyDevice = fc.constantFrom('forged', 'd', '中文', 'a'.repeat(64), '..', '%00')
const anyTopic = fc
  .record({ type: fc.constantFrom(...TYPES), device: anyDevice })
  .map(({ type, device }) => topicOf({ group: SITE, type, node: 'mad', device: type.startsWith('D') ? device : undefined }))

/** A valid message with some bytes changed, cut off, or repeated. */
const mutilated = fc
  .record({
    message: fc.constantFrom(...VALID),
    flips: fc.array(fc.record({ at: fc.nat(10_000), bits: fc.integer({ min: 1, max: 255 }) }), { maxLength: 6 }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    isCut: fc.boolean(),
  })
  .map(({ message, flips, keep, isCut }) => {
    const payload = Buffer.from(message.payload)
    for (const { at, bits } of flips) payload[at % payload.length] = (payload[at % payload.length] as number) ^ bits
    return { topic: message.topic, payload: isCut ? payload.subarray(0, Math.floor(payload.length * keep)) : payload }
  })

/** Well-formed Sparkplug that makes no sense: types that do not fit, offsets from nowhere, times before and after all time. */
const absurdNumber = fc.constantFrom(0, -1, 1, 255, 256, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1, 8.64e15, 1e18)
const absurdMetric: fc.Arbitrary<Metric> = fc.oneof(
  fc.record({
    name: fc.constantFrom(...Object.values(METRIC), 'temperature', '', '__proto__', 'constructor', 'a/b', 'x'.repeat(500)),
    alias: fc.option(absurdNumber.map(Math.abs), { nil: undefined }),
    datatype: fc.constantFrom(DataType.Double, DataType.Float),
    value: fc.oneof(fc.double(), fc.constant(null)),
    timestampMs: fc.option(absurdNumber.map(Math.abs), { nil: undefined }),
  }),
  fc.record({
    name: fc.option(fc.constantFrom(...Object.values(METRIC), 'temperature'), { nil: undefined }),
    alias: fc.option(fc.nat(5), { nil: undefined }),
    datatype: fc.constantFrom(DataType.String),
    value: fc.string({ maxLength: 200 }),
    properties: fc.constantFrom(
      { [PROPERTY.kind]: 'temperature', [PROPERTY.intervalMs]: -5 },
      { [PROPERTY.kind]: 'no such kind', [PROPERTY.unit]: '\u0000' },
      { [PROPERTY.kind]: '__proto__' },
    ),
  }),
  fc.record({
    name: fc.constantFrom(METRIC.logOffset, METRIC.logFirstOffset, METRIC.logNextOffset, METRIC.bdSeq),
    datatype: fc.constant(DataType.Int64),
    value: absurdNumber.filter((value) => Number.isSafeInteger(value) && value >= 0),
  }),
)
const absurd = fc
  .record({ topic: anyTopic, timestampMs: absurdNumber.map(Math.abs), seq: fc.nat(300), metrics: fc.array(absurdMetric, { maxLength: 6 }) })
  .map(({ topic, ...payload }) => ({ topic, payload: Buffer.from(encodePayload(payload)) }))

const noise = fc.record({ topic: anyTopic, payload: fc.uint8Array({ maxLength: 400 }) })
const madMessage = fc.oneof({ weight: 5, arbitrary: mutilated }, { weight: 3, arbitrary: absurd }, { weight: 2, arbitrary: noise })
