import { decodePayload, METRIC, stateTopicOf, topicOf } from '@roomkeeper/shared/sparkplug'
import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEVICE, NODE, SITE, SimulatedAgent } from '../kit/ingest/simulated-agent.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

interface Point {
  id: number
  key: string
  value: unknown
  quality: string
}
interface Device {
  online: boolean
  points: Point[]
}
interface Alarm {
  condition: string
  state: string
  late: boolean
  raisedAtMs: number
  clearedAtMs: number | null
  value: unknown
}

/** An edge node played by hand against the real server: what it publishes and what it is asked for are in the test's hands. */
class HandPlayedNode {
  readonly commands: { name: string; value: unknown; epoch: unknown }[] = []
  readonly agent = new SimulatedAgent(1, (topic, bytes) => this.client.publish(topic, Buffer.from(bytes)))
  isHostOnline = false
  readonly client: MqttClient

  constructor(url: string, credential: { username: string; password: string }) {
    this.client = mqtt.connect(url, { ...credential, clientId: credential.username, protocolVersion: 4, clean: true, reconnectPeriod: 200 })
    this.client.on('connect', () =>
      this.client.subscribe([topicOf({ group: SITE, type: 'NCMD', node: NODE }), stateTopicOf('roomkeeper')], { qos: 1 }),
    )
    this.client.on('error', () => undefined)
    this.client.on('close', () => {
      this.isHostOnline = false
    })
    this.client.on('message', (topic, bytes) => {
      if (topic === stateTopicOf('roomkeeper')) {
        this.isHostOnline = (JSON.parse(bytes.toString()) as { online: boolean }).online
        return
      }
      const { metrics } = decodePayload(bytes)
      const epoch = metrics.find(({ name }) => name === METRIC.logEpoch)?.value
      for (const { name, value } of metrics) if (name !== undefined && name !== METRIC.logEpoch) this.commands.push({ name, value, epoch })
    })
  }

  /** Waits for a command that came after this call, unless `all`. */
  command(name: string, since: number, matches: (value: unknown) => boolean = () => true): Promise<{ value: unknown; epoch: unknown }> {
    return waitFor(`${name} among ${JSON.stringify(this.commands.slice(since))}`, 40_000, async () =>
      this.commands.slice(since).find((command) => command.name === name && matches(command.value)),
    )
  }

  scan(value: number, options: Parameters<SimulatedAgent['log']>[2] = {}): number {
    this.agent.log(Date.now(), [value], options)
    return this.agent.nextOffset - 1
  }
}

describe('the Sparkplug host', () => {
  let server: ServerProcess
  let node: HandPlayedNode

  beforeAll(async () => {
    server = await startServerProcess()
    const credential = await server.send<{ username: string; password: string }>('POST', '/api/agents', { site: SITE, node: NODE })
    node = new HandPlayedNode(`mqtt://127.0.0.1:${server.mqttPort}`, credential)
    await waitFor('STATE online', 30_000, async () => (node.isHostOnline ? true : undefined))
  })
  afterAll(async () => {
    await node?.client.endAsync(true)
    await server?.dispose()
  })

  const device = async (): Promise<Device | undefined> => {
    const rooms = await server.get<{ id: number }[]>('/api/rooms')
    const full = await Promise.all(rooms.map(({ id }) => server.get<{ deviceList: (Device & { path: string })[] }>(`/api/rooms/${id}`)))
    return full.flatMap(({ deviceList }) => deviceList).find(({ path }) => path === `${SITE}/${NODE}/${DEVICE}`)
  }
  const live = async (): Promise<Point | undefined> => (await device())?.points[0]
  const shows = (value: number, quality = 'good') =>
    waitFor(`${value} ${quality}`, 30_000, async () => {
      const point = await live()
      return point?.value === value && point.quality === quality ? point : undefined
    })
  const alarms = async (condition: string) =>
    (await server.get<Alarm[]>('/api/alarms?scope=all')).filter((alarm) => alarm.condition === condition)

  it('asks for the birth of a node it does not know', async () => {
    const since = node.commands.length
    node.agent.isOnline = true
    node.scan(1)
    await node.command(METRIC.rebirth, since)
    expect(await device()).toBeUndefined()
  })

  it('takes up a new device from its birth, and asks for what the log holds', async () => {
    const since = node.commands.length
    node.agent.birth(Date.now())
    expect(await node.command(METRIC.replayFrom, since)).toMatchObject({ value: 1, epoch: node.agent.epoch })
    node.agent.replayFrom(1)
    node.agent.replay(Date.now(), 100)
    node.scan(5)
    const point = await shows(5)
    const limit = { condition: 'high', value: 10, priority: 'medium' }
    await server.send('PUT', '/api/limit-sets', {
      target: { scope: 'point', pointId: point.id },
      limits: [limit],
      reason: 'test',
      basedOn: 0,
    })
    expect(await node.command(METRIC.committedOffset, since, (value) => value === 2)).toMatchObject({ epoch: node.agent.epoch })
  })

  it('asks for a rebirth when a sequence number is missing', async () => {
    // Births are asked for at most every five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5200))
    const since = node.commands.length
    node.scan(6, { isLost: true })
    node.scan(7)
    await node.command(METRIC.rebirth, since)
  })

  it('asks for a replay of what is missing, tells its excursion late, and leaves the live value alone', async () => {
    const since = node.commands.length
    node.agent.birth(Date.now())
    await node.command(METRIC.replayFrom, since)
    node.agent.replayFrom(3)
    node.agent.replay(Date.now(), 100)
    await node.command(METRIC.committedOffset, since, (value) => value === 4)
    const missing = node.scan(11, { isLost: true })
    node.scan(9, { isLost: true })
    const current = node.scan(8)
    await shows(8)
    expect(await node.command(METRIC.replayFrom, since, (value) => value === missing)).toBeDefined()
    expect(await alarms('high')).toEqual([])
    node.agent.replayFrom(missing)
    node.agent.replay(Date.now(), 100)
    await node.command(METRIC.committedOffset, since, (value) => value === current)
    expect(await alarms('high')).toEqual([expect.objectContaining({ late: true, state: 'RTNUN', value: 11 })])
    expect((await live())?.value).toBe(8)
  })

  it('commits nothing beyond a hole, and all of it once the hole is filled', async () => {
    const since = node.commands.length
    const missing = node.scan(1, { isLost: true })
    const last = node.scan(2)
    await shows(2)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const committed = node.commands.slice(since).filter(({ name }) => name === METRIC.committedOffset)
    expect(committed.filter(({ value }) => (value as number) >= missing)).toEqual([])
    node.agent.replayFrom(missing)
    node.agent.replay(Date.now(), 100)
    await node.command(METRIC.committedOffset, since, (value) => value === last)
  })

  it('ignores a death of an earlier connection and bytes that are no payload, and calls values stale at the death of this one', async () => {
    const { client } = node
    const death = (bdSeq: number) => client.publishAsync(topicOf({ group: SITE, type: 'NDEATH', node: NODE }), deathOf(bdSeq), { qos: 1 })
    await client.publishAsync(topicOf({ group: SITE, type: 'DDATA', node: NODE, device: DEVICE }), Buffer.from([0xff, 0x00, 0x07]), {
      qos: 1,
    })
    await death(99)
    node.scan(3)
    await shows(3)
    await death(0)
    await shows(3, 'stale')
    expect((await device())?.online).toBe(false)
  })

  it('goes on after a restart where it had committed', async () => {
    node.agent.disconnect()
    await server.stop('SIGKILL')
    node.scan(11)
    const last = node.scan(4)
    const since = node.commands.length
    await server.start()
    await waitFor('STATE online', 40_000, async () => (node.isHostOnline ? true : undefined))
    node.agent.birth(Date.now())
    const { value: from } = await node.command(METRIC.replayFrom, since)
    expect(from).toBeGreaterThan(node.agent.committedOffset)
    expect(from).toBeLessThanOrEqual(last - 1)
    node.agent.replayFrom(from as number)
    node.agent.replay(Date.now(), 100)
    await node.command(METRIC.committedOffset, since, (value) => value === last)
    expect(await alarms('high')).toHaveLength(2)
  })

  it('says how much is gone when the log begins later than it should', async () => {
    const since = node.commands.length
    node.agent.disconnect()
    for (let i = 0; i < 5; i++) node.scan(5)
    node.agent.records.splice(0, node.agent.records.length - 2)
    node.agent.committedOffset = node.agent.nextOffset - 3
    node.agent.birth(Date.now())
    await node.command(METRIC.replayFrom, since)
    await waitFor('the alarm', 30_000, async () => ((await alarms('log-loss')).length > 0 ? true : undefined))
    expect(await alarms('log-loss')).toEqual([expect.objectContaining({ value: 3, state: 'RTNUN' })])
    node.agent.replayFrom(node.agent.records[0]?.offset as number)
    node.agent.replay(Date.now(), 100)
    const last = node.scan(5)
    await node.command(METRIC.committedOffset, since, (value) => value === last)
  })
})

/** NDEATH with its bdSeq, as the will of a connection. */
function deathOf(bdSeq: number): Buffer {
  const agent = new SimulatedAgent(0, () => undefined)
  return Buffer.from(agent.death(bdSeq, Date.now()))
}
