import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { decodePayload, type Payload, parseTopic, type SparkplugTopic, stateTopicOf } from '@roomkeeper/shared/sparkplug'
import { connectAsync } from 'mqtt'
import type { IPublishPacket } from 'mqtt-packet'
import pino from 'pino'
import { z } from 'zod'
import { parseAgentConfig } from '../../../agent/src/config/index.ts'
import { type Driver, DriverError, type RawReading } from '../../../agent/src/drivers/driver.ts'
import { startAgent } from '../../../agent/src/main.ts'
import { sparkplug } from '../../../shared/src/sparkplug/sparkplug-b.js'
import { waitFor } from '../services/child-program.ts'
import { startMosquitto } from '../services/mosquitto.ts'
import { startServerProcess } from '../services/server-process.ts'
import { type MqttRecorder, type RecordedConnection, startMqttRecorder } from './recorder.ts'

export const SITE = '本院'
export const NODE = 'agent-1'
export const HOST = 'roomkeeper'
const DEVICES = ['climate', 'd1', 'd2', 'd3', 'd4', 'd5']
const DEADLINE_MS = 20_000

/** A Sparkplug message of the agent or of the host, in the order it was sent. */
export interface Sent {
  topic: SparkplugTopic
  publish: IPublishPacket
  payload: Payload
  /** As protobuf has it: a field that was not sent is not there. */
  raw: InstanceType<typeof sparkplug.Payload>
  atMs: number
  /** Which connection of its client, counted from 0. */
  connection: number
}

/** What a real agent, a real mosquitto and the real server said to each other in one life of all three. */
export interface Recording {
  edge: readonly RecordedConnection[]
  host: readonly RecordedConnection[]
  /** Of the agent, the will not among them. */
  edgeSent: readonly Sent[]
  hostSent: readonly Sent[]
  /** What the server's API said of the agent's devices and points after… */
  afterNodeDeath: { devicesOnline: boolean[]; qualities: string[]; nodeOnline: boolean }
  afterDeviceDeath: { isOnline: boolean; qualities: string[]; othersOnline: boolean[] }
  /** When these were done, UTC ms. */
  times: { hostStopped: number; olderOffline: number; olderOfflineOver: number; falseOffline: number; agentStopped: number }
}

interface Control {
  isDown: boolean
  outputs: Map<string, unknown>
}

/** Devices with every kind of value; `d1` goes away when the control says so. */
function scriptedDriver(control: Control): Driver<{ isFragile: boolean }> {
  const points = [
    { key: 'temperature', kind: 'temperature', unit: 'Cel' },
    { key: 'leak', kind: 'leak', unit: '1' },
    { key: 'status', kind: 'text', unit: '1' },
    { key: 'broken', kind: 'humidity', unit: '%' },
    { key: 'relay', kind: 'contact', unit: '1', isWritable: true },
  ] as const
  let scans = 0
  return {
    name: 'scripted',
    summary: { zh: '', en: '' },
    options: z.strictObject({ isFragile: z.boolean().default(false) }),
    async open({ isFragile }) {
      const check = (): void => {
        if (isFragile && control.isDown) throw new DriverError('unreachable', 'gone')
      }
      check()
      return {
        describe: async () => ({ points, maker: 'Test', model: 'Scripted' }),
        async read(): Promise<RawReading[]> {
          check()
          scans++
          return [
            { key: 'temperature', value: 22 + (scans % 10) / 10 },
            { key: 'leak', value: scans % 50 === 49 },
            { key: 'status', value: scans % 2 === 0 ? '正常' : 'OK' },
            { key: 'broken', value: Number.NaN },
            { key: 'relay', value: control.outputs.get('relay') === true },
          ]
        },
        write: async (key, value) => {
          control.outputs.set(key, value)
        },
        close: async () => {},
      }
    },
  }
}

function sentOf(connections: readonly RecordedConnection[]): Sent[] {
  return connections.flatMap(({ packets }, connection) =>
    packets.flatMap(({ from, packet, atMs }): Sent[] => {
      if (from !== 'client' || packet.cmd !== 'publish') return []
      const topic = parseTopic(packet.topic)
      if (topic === undefined) return []
      const bytes = packet.payload as Buffer
      return [{ topic, publish: packet, payload: decodePayload(bytes), raw: sparkplug.Payload.decode(bytes), atMs, connection }]
    }),
  )
}

/**
 * One life: host and agent start, data until the sequence number has gone round, a device dies and returns, a message is lost (the host asks
 * for a rebirth), the agent's cable is pulled, an output is switched, the host stops and returns, somebody says falsely that it is offline, the
 * agent stops. Everything that passed is in the recording.
 */
export async function recordSparkplugLife(): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-sparkplug-'))
  const mosquitto = await startMosquitto()
  const [edgeWire, hostWire]: [MqttRecorder, MqttRecorder] = [
    await startMqttRecorder(mosquitto.port),
    await startMqttRecorder(mosquitto.port),
  ]
  const control: Control = { isDown: false, outputs: new Map() }
  const driver = scriptedDriver(control)
  const throughHostWire = mosquitto.adminUrl.replace(`:${mosquitto.port}`, `:${hostWire.port}`)
  const server = await startServerProcess({ env: { ROOMKEEPER_MQTT_URL: throughHostWire, ROOMKEEPER_HOST_ID: HOST } })
  const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', {
    site: SITE,
    node: NODE,
  })
  const config = parseAgentConfig(
    JSON.stringify({
      site: SITE,
      node: NODE,
      primaryHost: HOST,
      mqtt: { url: `mqtt://127.0.0.1:${edgeWire.port}`, username, password },
      dataDir: folder,
      devices: DEVICES.map((id) => ({ id, driver: 'scripted', intervalMs: 100, timeoutMs: 500, isFragile: id === 'd1' })),
    }),
    { path: '/agent.yaml', env: {}, drivers: [driver] },
  )
  const agent = await startAgent({ config, drivers: [driver], log: pino({ level: 'silent' }) })
  const times = { hostStopped: 0, olderOffline: 0, olderOfflineOver: 0, falseOffline: 0, agentStopped: 0 }

  const until = (what: string, holds: () => Promise<boolean> | boolean): Promise<true> =>
    waitFor(what, DEADLINE_MS, async () => ((await holds()) ? true : undefined))
  const edgeCount = (type: string, device?: string): number =>
    sentOf(edgeWire.connections).filter(({ topic }) => topic.type === type && (device === undefined || topic.device === device)).length
  const lastEdge = (): Sent | undefined => sentOf(edgeWire.connections).at(-1)
  const devicesAtServer = async (): Promise<Device[]> => {
    const rooms = await server.get<RoomOverview[]>('/api/rooms')
    const details = await Promise.all(rooms.map(({ id }) => server.get<{ deviceList: Device[] }>(`/api/rooms/${id}`)))
    return details.flatMap(({ deviceList }) => deviceList).filter(({ path }) => path.startsWith(`${SITE}/${NODE}/`))
  }
  const qualitiesOf = (devices: Device[]): string[] => devices.flatMap(({ points }) => points.map(({ quality }) => quality))
  const isDevice = (id: string) => (device: Device) => device.path.endsWith(`/${id}`)

  try {
    await until('the sequence number goes round', () => sentOf(edgeWire.connections).length > 300)
    await until('the server knows all devices', async () => (await devicesAtServer()).length === DEVICES.length)

    control.isDown = true
    await until('DDEATH', () => edgeCount('DDEATH', 'd1') > 0)
    await until('the server knows of the death', async () => (await devicesAtServer()).find(isDevice('d1'))?.online === false)
    const living = await devicesAtServer()
    const afterDeviceDeath = {
      isOnline: living.find(isDevice('d1'))?.online ?? true,
      qualities: qualitiesOf(living.filter(isDevice('d1'))),
      othersOnline: living.filter((device) => !isDevice('d1')(device)).map(({ online }) => online),
    }
    const birthsBefore = edgeCount('DBIRTH', 'd1')
    control.isDown = false
    await until('the device is born again', () => edgeCount('DBIRTH', 'd1') > birthsBefore)

    const nodeBirths = edgeCount('NBIRTH')
    edgeWire.loseNext(({ topic }) => topic.includes('/DDATA/'))
    await until('a rebirth after a lost message', () => edgeCount('NBIRTH') > nodeBirths)

    const climate = (await devicesAtServer()).find(isDevice('climate'))
    await server.send('POST', `/api/devices/${climate?.id}/outputs/relay`, { value: true })
    await until('the output is switched', () => control.outputs.get('relay') === true)

    const connections = edgeWire.connections.length
    edgeWire.cut()
    await until('the server knows of the node’s death', async () => (await devicesAtServer()).every(({ online }) => !online))
    const dead = await devicesAtServer()
    const afterNodeDeath = {
      devicesOnline: dead.map(({ online }) => online),
      qualities: qualitiesOf(dead),
      nodeOnline: (await server.get<{ node: string; online: boolean }[]>('/api/agents')).some(
        ({ node, online }) => node === NODE && online,
      ),
    }
    await until('the agent is back', () => edgeWire.connections.length > connections && lastEdge()?.topic.type === 'DDATA')

    const stranger = await connectAsync(mosquitto.adminUrl, { protocolVersion: 4, reconnectPeriod: 0 })
    const state = (online: boolean, timestamp: number) =>
      stranger.publishAsync(stateTopicOf(HOST), JSON.stringify({ online, timestamp }), { qos: 1, retain: false })
    times.olderOffline = Date.now()
    const before = sentOf(edgeWire.connections).length
    await state(false, 1)
    await until('the agent goes on', () => sentOf(edgeWire.connections).length > before + 60)
    times.olderOfflineOver = Date.now()

    times.falseOffline = Date.now()
    await state(false, Date.now() + 1)
    const hostStates = () =>
      hostWire.connections.flatMap(({ packets }) => packets).filter(({ from, packet }) => from === 'client' && isState(packet))
    await until('the host contradicts', () => hostStates().some(({ atMs }) => atMs >= times.falseOffline))
    await stranger.endAsync()
    await until('the agent is online again', () => lastEdge()?.topic.type === 'DDATA')

    times.hostStopped = Date.now()
    await server.stop()
    await until('NDEATH', () =>
      sentOf(edgeWire.connections).some(({ topic, atMs }) => topic.type === 'NDEATH' && atMs >= times.hostStopped),
    )
    await server.start()
    await until('births for the host that returned', () => lastEdge()?.topic.type === 'DDATA')
    times.agentStopped = Date.now()
    await agent.stop()
    await server.stop()
    return {
      edge: edgeWire.connections,
      host: hostWire.connections,
      edgeSent: sentOf(edgeWire.connections),
      hostSent: sentOf(hostWire.connections),
      afterNodeDeath,
      afterDeviceDeath,
      times,
    }
  } finally {
    await agent.stop()
    await server.dispose()
    await edgeWire.close()
    await hostWire.close()
    await mosquitto.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

export function isState(packet: { cmd: string; topic?: string }): packet is IPublishPacket {
  return packet.cmd === 'publish' && packet.topic === stateTopicOf(HOST)
}
