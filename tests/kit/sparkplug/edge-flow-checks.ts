import { DataType, METRIC, topicOf } from '@roomkeeper/shared/sparkplug'
import { expect } from 'vitest'
import { bdSeqOf, type Check, clientPackets, sentOfType, wills } from './edge-views.ts'
import { HOST, isState, NODE, type Sent, SITE } from './scenario.ts'

/** Assertions on when edge nodes send and connect, decided by the recording. Names are the specification's (Sparkplug 3.0.0). */
export const EDGE_FLOW_CHECKS: readonly Check[] = [
  [
    ['principles-persistence-clean-session-311'],
    ({ edge }) => {
      for (const { connect } of edge) expect(connect).toMatchObject({ clean: true, protocolVersion: 4 })
    },
  ],
  [
    [
      'message-flow-edge-node-birth-publish-will-message',
      'payloads-ndeath-will-message',
      'message-flow-edge-node-birth-publish-will-message-topic',
      'message-flow-edge-node-birth-publish-will-message-qos',
      'message-flow-edge-node-birth-publish-will-message-will-retained',
      'payloads-ndeath-will-message-qos',
      'payloads-ndeath-will-message-retain',
    ],
    (recording) => {
      for (const { will } of wills(recording))
        expect(will).toMatchObject({ topic: topicOf({ group: SITE, type: 'NDEATH', node: NODE }), qos: 1, retain: false })
    },
  ],
  [
    ['message-flow-edge-node-birth-publish-will-message-payload', 'topics-ndeath-payload', 'topics-ndeath-seq', 'payloads-ndeath-seq'],
    (recording) => {
      for (const raw of [...wills(recording).map(({ raw }) => raw), ...sentOfType(recording, 'NDEATH').map(({ raw }) => raw)]) {
        expect(Object.hasOwn(raw, 'seq')).toBe(false)
        expect(raw.metrics?.map(({ name, datatype }) => [name, datatype])).toEqual([[METRIC.bdSeq, DataType.Int64]])
      }
    },
  ],
  [
    [
      'principles-birth-certificates-order',
      'message-flow-edge-node-birth-publish-connect',
      'message-flow-device-birth-publish-nbirth-wait',
    ],
    ({ edge, edgeSent }) => {
      for (let connection = 0; connection < edge.length; connection++) {
        const first = edgeSent.find((sent) => sent.connection === connection)
        if (first) expect(first.topic.type).toBe('NBIRTH')
        expect(edge[connection]?.packets.find(({ from }) => from === 'broker')?.packet.cmd).toBe('connack')
      }
    },
  ],
  [
    ['message-flow-edge-node-ncmd-subscribe', 'message-flow-device-dcmd-subscribe'],
    ({ edge }) => {
      for (const connection of edge) {
        const subscribed = clientPackets(connection).flatMap((packet) => (packet.cmd === 'subscribe' ? packet.subscriptions : []))
        expect(subscribed).toContainEqual(expect.objectContaining({ topic: topicOf({ group: SITE, type: 'NCMD', node: NODE }), qos: 1 }))
        expect(subscribed).toContainEqual(
          expect.objectContaining({ topic: `${topicOf({ group: SITE, type: 'DCMD', node: NODE })}/#`, qos: 1 }),
        )
        expect(subscribed).toContainEqual(expect.objectContaining({ topic: `spBv1.0/STATE/${HOST}` }))
      }
    },
  ],
  [
    [
      'message-flow-edge-node-birth-publish-phid-wait',
      'message-flow-edge-node-birth-publish-phid-wait-id',
      'message-flow-edge-node-birth-publish-phid-wait-online',
      'operational-behavior-edge-node-birth-sequence-wait',
    ],
    ({ edge, edgeSent }) => {
      for (const [index, { packets }] of edge.entries()) {
        const birth = edgeSent.find((sent) => sent.connection === index)
        if (birth === undefined) continue
        const online = packets.find(
          ({ from, packet }) => from === 'broker' && isState(packet) && String(packet.payload).includes('"online":true'),
        )
        expect(online?.atMs).toBeLessThanOrEqual(birth.atMs)
      }
    },
  ],
  [
    ['message-flow-edge-node-birth-publish-phid-wait-timestamp', 'operational-behavior-edge-node-termination-host-offline-timestamp'],
    ({ edge, edgeSent, times }) => {
      const during = edgeSent.filter(({ atMs }) => atMs >= times.olderOffline && atMs <= times.olderOfflineOver)
      expect(during.length).toBeGreaterThan(50)
      expect(new Set(during.map(({ topic }) => topic.type))).not.toContain('NDEATH')
      expect(new Set(during.map(({ connection }) => connection)).size).toBe(1)
      expect(
        edge[during[0]?.connection ?? -1]?.packets.some(
          ({ from, packet }) => from === 'broker' && isState(packet) && String(packet.payload).includes('"timestamp":1}'),
        ),
      ).toBe(true)
    },
  ],
  [
    [
      'message-flow-edge-node-birth-publish-phid-offline',
      'operational-behavior-edge-node-termination-host-offline',
      'operational-behavior-edge-node-termination-host-offline-reconnect',
      'operational-behavior-primary-application-state-with-multiple-servers-single-server',
    ],
    ({ edge, edgeSent, times }) => {
      const death = edgeSent.find(({ topic, atMs }) => topic.type === 'NDEATH' && atMs >= times.hostStopped)
      const last = edge[death?.connection ?? -1]
      expect(last && clientPackets(last).at(-1)?.cmd).toBe('disconnect')
      expect(edge.length).toBeGreaterThan((death?.connection ?? 0) + 1)
      // One connection ends before the next begins.
      for (const [index, { packets }] of edge.entries())
        if (index > 0) expect(packets[0]?.atMs).toBeGreaterThanOrEqual(edge[index - 1]?.packets.at(-1)?.atMs ?? 0)
    },
  ],
  [
    [
      'operational-behavior-edge-node-intentional-disconnect-ndeath',
      'operational-behavior-edge-node-intentional-disconnect-packet',
      'payloads-ndeath-will-message-publisher',
      'payloads-ndeath-will-message-publisher-disconnect-mqtt311',
    ],
    ({ edge }) => {
      const left = edge.filter((connection) => clientPackets(connection).some(({ cmd }) => cmd === 'disconnect'))
      expect(left.length).toBeGreaterThan(1)
      for (const connection of left.filter((one) => clientPackets(one).some(({ cmd }) => cmd === 'publish'))) {
        const [beforeLast, last] = clientPackets(connection)
          .filter(({ cmd }) => cmd === 'publish' || cmd === 'disconnect')
          .slice(-2)
        expect(last?.cmd).toBe('disconnect')
        expect(beforeLast).toMatchObject({ topic: topicOf({ group: SITE, type: 'NDEATH', node: NODE }) })
      }
    },
  ],
  [
    ['operational-behavior-device-ddeath'],
    (recording) => {
      expect(sentOfType(recording, 'DDEATH').map(({ topic }) => topic.device)).toContain('d1')
    },
  ],
  [
    [
      'operational-behavior-data-commands-rebirth-action-1',
      'operational-behavior-data-commands-rebirth-action-2',
      'operational-behavior-data-commands-rebirth-action-3',
    ],
    (recording) => {
      const births = sentOfType(recording, 'NBIRTH')
      const again = births.filter((sent, index) => births[index - 1]?.connection === sent.connection)
      expect(again).not.toEqual([])
      for (const birth of again) {
        expect(bdSeqOf(birth)).toBe(bdSeqOf(births[births.indexOf(birth) - 1] as Sent))
        const after = recording.edgeSent.slice(recording.edgeSent.indexOf(birth) + 1)
        const devices = new Set(recording.edgeSent.slice(0, recording.edgeSent.indexOf(birth)).flatMap(({ topic }) => topic.device ?? []))
        expect(new Set(after.slice(0, devices.size).map(({ topic }) => topic.type))).toEqual(new Set(['DBIRTH']))
      }
    },
  ],
  [
    ['message-flow-edge-node-birth-publish-nbirth-payload', 'message-flow-device-birth-publish-dbirth-payload'],
    (recording) => {
      for (const { raw, payload } of sentOfType(recording, 'NBIRTH', 'DBIRTH')) expect(raw.metrics?.length).toBe(payload.metrics.length)
    },
  ],
]
