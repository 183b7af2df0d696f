import { METRIC, type MessageType, stateTopicOf, topicOf } from '@roomkeeper/shared/sparkplug'
import type { IPublishPacket, Packet } from 'mqtt-packet'
import { expect } from 'vitest'
import type { Check } from './edge-views.ts'
import type { RecordedConnection } from './recorder.ts'
import { HOST, isState, NODE, type Recording, type Sent, SITE } from './scenario.ts'

const TOPIC = stateTopicOf(HOST)
const clientPackets = ({ packets }: RecordedConnection): Packet[] =>
  packets.flatMap(({ from, packet }) => (from === 'client' ? [packet] : []))
/** The connections that carry the host's STATE; the dynamic-security plugin is spoken to on others. */
const hosts = ({ host }: Recording): RecordedConnection[] => {
  const found = host.filter(({ connect }) => connect?.will?.topic === TOPIC)
  expect(found.length, 'connections of the host').toBeGreaterThan(1)
  return found
}
const stated = (packet: { payload: Buffer | string }): unknown => JSON.parse(String(packet.payload))
const statesOf = (connection: RecordedConnection): IPublishPacket[] => clientPackets(connection).filter(isState)
const births = (recording: Recording): IPublishPacket[] => hosts(recording).map((connection) => statesOf(connection)[0] as IPublishPacket)
const deaths = (recording: Recording): IPublishPacket[] => {
  const found = hosts(recording).flatMap((connection) =>
    clientPackets(connection).some(({ cmd }) => cmd === 'disconnect') ? statesOf(connection).slice(-1) : [],
  )
  expect(found.length, 'intended departures').toBeGreaterThan(1)
  return found
}
const commands = ({ hostSent }: Recording, type: MessageType): Sent[] => {
  const found = hostSent.filter(({ topic }) => topic.type === type)
  expect(found, `${type} in the recording`).not.toEqual([])
  return found
}
const isBirth = (packet: IPublishPacket): void => expect(stated(packet)).toEqual({ online: true, timestamp: expect.any(Number) })
const isDeath = (packet: { payload: Buffer | string }): void =>
  expect(stated(packet)).toEqual({ online: false, timestamp: expect.any(Number) })

/** Every assertion on host applications that the recording can decide. */
export const HOST_CHECKS: readonly Check[] = [
  [
    ['intro-sparkplug-host-state', 'components-ph-state', 'conformance-primary-host'],
    (recording) => {
      births(recording).forEach(isBirth)
      deaths(recording).forEach(isDeath)
    },
  ],
  [
    [
      'host-topic-phid-birth-message',
      'operational-behavior-host-application-connect-birth',
      'message-flow-phid-sparkplug-state-publish',
      'payloads-state-birth',
      'operational-behavior-primary-application-state-with-multiple-servers-state',
    ],
    (recording) => {
      for (const connection of hosts(recording))
        expect(clientPackets(connection).find(({ cmd }) => cmd === 'publish')).toMatchObject({ topic: TOPIC })
    },
  ],
  [
    [
      'host-topic-phid-birth-qos',
      'host-topic-phid-birth-retain',
      'host-topic-phid-birth-topic',
      'operational-behavior-host-application-connect-birth-qos',
      'operational-behavior-host-application-connect-birth-retained',
      'operational-behavior-host-application-connect-birth-topic',
    ],
    (recording) => births(recording).forEach((birth) => void expect(birth).toMatchObject({ topic: TOPIC, qos: 1, retain: true })),
  ],
  [
    [
      'host-topic-phid-birth-payload',
      'message-flow-phid-sparkplug-state-publish-payload',
      'operational-behavior-host-application-connect-birth-payload',
      'payloads-state-birth-payload',
    ],
    (recording) => births(recording).forEach(isBirth),
  ],
  [
    [
      'host-topic-phid-birth-payload-timestamp',
      'message-flow-phid-sparkplug-state-publish-payload-timestamp',
      'host-topic-phid-death-payload-timestamp-connect',
    ],
    (recording) => {
      for (const connection of hosts(recording)) {
        const will = stated(connection.connect?.will as { payload: Buffer }) as { timestamp: number }
        expect(stated(statesOf(connection)[0] as IPublishPacket)).toMatchObject({ timestamp: will.timestamp })
        expect(Math.abs((connection.packets[0]?.atMs ?? 0) - will.timestamp)).toBeLessThan(5000)
      }
    },
  ],
  [
    [
      'host-topic-phid-birth-sub-required',
      'host-topic-phid-birth-required',
      'message-flow-phid-sparkplug-subscription',
      'payloads-state-subscribe',
    ],
    (recording) => {
      for (const connection of hosts(recording)) {
        const packets = clientPackets(connection)
        const subscribe = packets.findIndex(({ cmd }) => cmd === 'subscribe')
        const topics = packets.flatMap((packet) => (packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic }) => topic) : []))
        expect(topics.some((topic) => topic === 'spBv1.0/#' || topic === TOPIC)).toBe(true)
        const suback = connection.packets.findIndex(({ packet }) => packet.cmd === 'suback')
        const birth = connection.packets.findIndex(({ from, packet }) => from === 'client' && isState(packet))
        expect(subscribe).toBeGreaterThanOrEqual(0)
        expect(birth).toBeGreaterThan(suback)
      }
    },
  ],
  [
    [
      'host-topic-phid-death-required',
      'host-topic-phid-death-topic',
      'host-topic-phid-death-qos',
      'host-topic-phid-death-retain',
      'operational-behavior-host-application-connect-will',
      'operational-behavior-host-application-connect-will-topic',
      'operational-behavior-host-application-connect-will-qos',
      'operational-behavior-host-application-connect-will-retained',
      'payloads-state-will-message',
      'payloads-state-will-message-qos',
      'payloads-state-will-message-retain',
    ],
    (recording) =>
      hosts(recording).forEach(({ connect }) => void expect(connect?.will).toMatchObject({ topic: TOPIC, qos: 1, retain: true })),
  ],
  [
    ['host-topic-phid-death-payload', 'operational-behavior-host-application-connect-will-payload', 'payloads-state-will-message-payload'],
    (recording) => hosts(recording).forEach(({ connect }) => void isDeath(connect?.will as { payload: Buffer })),
  ],
  [
    [
      'host-topic-phid-death-payload-timestamp-disconnect-clean',
      'operational-behavior-host-application-termination',
      'operational-behavior-host-application-disconnect-intentional',
    ],
    (recording) => {
      deaths(recording).forEach(isDeath)
      for (const connection of hosts(recording)) {
        const last = clientPackets(connection)
          .filter(({ cmd }) => cmd === 'publish' || cmd === 'disconnect')
          .slice(-2)
        if (last[1]?.cmd === 'disconnect') expect(last[0]).toMatchObject({ topic: TOPIC })
      }
    },
  ],
  [
    [
      'operational-behavior-host-application-death-topic',
      'operational-behavior-host-application-death-qos',
      'operational-behavior-host-application-death-retained',
    ],
    (recording) => deaths(recording).forEach((death) => void expect(death).toMatchObject({ topic: TOPIC, qos: 1, retain: true })),
  ],
  [['operational-behavior-host-application-death-payload'], (recording) => deaths(recording).forEach(isDeath)],
  [
    ['message-flow-phid-sparkplug-clean-session-311'],
    (recording) => hosts(recording).forEach(({ connect }) => void expect(connect).toMatchObject({ clean: true, protocolVersion: 4 })),
  ],
  [
    ['message-flow-hid-sparkplug-state-message-delivered'],
    (recording) => {
      const answers = hosts(recording).flatMap(({ packets }) =>
        packets.filter(
          ({ from, packet, atMs }) =>
            from === 'client' && isState(packet) && atMs >= recording.times.falseOffline && atMs < recording.times.hostStopped,
        ),
      )
      expect(answers.length).toBeGreaterThan(0)
      for (const { packet, atMs } of answers) {
        isBirth(packet as IPublishPacket)
        expect(atMs - recording.times.falseOffline).toBeLessThan(2000)
      }
    },
  ],
  [
    [
      'operational-behavior-edge-node-termination-host-action-ndeath-node-offline',
      'operational-behavior-edge-node-termination-host-action-ndeath-devices-offline',
    ],
    ({ afterNodeDeath }) => {
      expect(afterNodeDeath.nodeOnline).toBe(false)
      expect(afterNodeDeath.devicesOnline).toEqual(afterNodeDeath.devicesOnline.map(() => false))
    },
  ],
  [
    [
      'operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale',
      'operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale',
    ],
    ({ afterNodeDeath }) => {
      expect(afterNodeDeath.qualities.length).toBeGreaterThan(10)
      expect(new Set(afterNodeDeath.qualities)).toEqual(new Set(['stale']))
    },
  ],
  [
    [
      'operational-behavior-edge-node-termination-host-action-ddeath-devices-offline',
      'operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale',
    ],
    ({ afterDeviceDeath }) => {
      expect(afterDeviceDeath.isOnline).toBe(false)
      expect(new Set(afterDeviceDeath.qualities)).toEqual(new Set(['stale']))
      expect(new Set(afterDeviceDeath.othersOnline)).toEqual(new Set([true]))
    },
  ],
  [
    ['topics-ncmd-topic', 'operational-behavior-data-commands-ncmd-verb'],
    (recording) =>
      commands(recording, 'NCMD').forEach(
        ({ publish }) => void expect(publish.topic).toBe(topicOf({ group: SITE, type: 'NCMD', node: NODE })),
      ),
  ],
  [
    ['topics-dcmd-topic', 'operational-behavior-data-commands-dcmd-verb'],
    (recording) =>
      commands(recording, 'DCMD').forEach(
        ({ publish }) => void expect(publish.topic).toBe(topicOf({ group: SITE, type: 'DCMD', node: NODE, device: 'climate' })),
      ),
  ],
  [
    ['topics-ncmd-mqtt', 'payloads-ncmd-qos', 'payloads-ncmd-retain'],
    (recording) => commands(recording, 'NCMD').forEach(({ publish }) => void expect(publish).toMatchObject({ qos: 0, retain: false })),
  ],
  [
    ['topics-dcmd-mqtt', 'payloads-dcmd-qos', 'payloads-dcmd-retain'],
    (recording) => commands(recording, 'DCMD').forEach(({ publish }) => void expect(publish).toMatchObject({ qos: 0, retain: false })),
  ],
  [
    ['topics-ncmd-timestamp', 'payloads-ncmd-timestamp', 'payloads-name-cmd-requirement'],
    (recording) =>
      commands(recording, 'NCMD').forEach(({ payload, atMs }) => void expect(Math.abs(payload.timestampMs - atMs)).toBeLessThan(5000)),
  ],
  [
    ['topics-dcmd-timestamp', 'payloads-dcmd-timestamp'],
    (recording) =>
      commands(recording, 'DCMD').forEach(({ payload, atMs }) => void expect(Math.abs(payload.timestampMs - atMs)).toBeLessThan(5000)),
  ],
  [
    ['payloads-ncmd-seq'],
    (recording) => commands(recording, 'NCMD').forEach(({ raw }) => void expect(Object.hasOwn(raw, 'seq')).toBe(false)),
  ],
  [
    ['payloads-dcmd-seq'],
    (recording) => commands(recording, 'DCMD').forEach(({ raw }) => void expect(Object.hasOwn(raw, 'seq')).toBe(false)),
  ],
  [
    ['topics-ncmd-payload', 'operational-behavior-data-commands-ncmd-metric-name', 'operational-behavior-data-commands-ncmd-metric-value'],
    (recording) => {
      const birth = recording.edgeSent.find(({ topic }) => topic.type === 'NBIRTH')
      const datatypes = new Map(birth?.payload.metrics.map(({ name, datatype }) => [name, datatype]))
      for (const { payload } of commands(recording, 'NCMD')) {
        for (const { name, value } of payload.metrics) {
          expect(datatypes.has(name), name).toBe(true)
          expect(typeof value, name).toBe({ 4: 'number', 11: 'boolean', 12: 'string' }[datatypes.get(name) as number])
        }
      }
    },
  ],
  [
    [
      'topics-dcmd-payload',
      'operational-behavior-data-commands-dcmd-metric-name',
      'operational-behavior-data-commands-dcmd-metric-value',
      'payloads-alias-data-cmd-requirement',
    ],
    (recording) => {
      const birth = recording.edgeSent.find(({ topic }) => topic.type === 'DBIRTH' && topic.device === 'climate')
      const relay = birth?.payload.metrics.find(({ name }) => name === 'relay')
      const values = commands(recording, 'DCMD').flatMap(({ payload }) => payload.metrics)
      expect(values.map(({ name, alias, value }) => ({ name, alias, value }))).toEqual([
        { name: undefined, alias: relay?.alias, value: true },
      ])
      for (const { payload } of recording.edgeSent.filter(({ topic }) => topic.type === 'DDATA'))
        for (const { name, alias } of payload.metrics) expect([name, typeof alias]).toEqual([undefined, 'number'])
    },
  ],
  [
    [
      'operational-behavior-data-commands-ncmd-rebirth-verb',
      'operational-behavior-data-commands-ncmd-rebirth-name',
      'operational-behavior-data-commands-ncmd-rebirth-value',
    ],
    (recording) => {
      const asked = commands(recording, 'NCMD').flatMap(({ payload }) => payload.metrics.filter(({ name }) => name === METRIC.rebirth))
      expect(asked.length).toBeGreaterThan(0)
      for (const { value } of asked) expect(value).toBe(true)
    },
  ],
]
