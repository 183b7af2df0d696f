import { DataType, METRIC, type MessageType, QUALITY_CODE } from '@roomkeeper/shared/sparkplug'
import { expect } from 'vitest'
import {
  bdSeqOf,
  bdSeqOfWill,
  birthsComeFirst,
  type Check,
  DATA_TYPES,
  hasTimestamp,
  isAt,
  isInOrder,
  isSimple,
  metricOf,
  namesBorn,
  sentOfType,
  sequenceHolds,
  valuesAreThereOrNull,
  wills,
} from './edge-views.ts'
import { NODE, SITE } from './scenario.ts'

/** Assertions on what edge nodes send, decided by the recording. Names are the specification's (Sparkplug 3.0.0). */
export const EDGE_PAYLOAD_CHECKS: readonly Check[] = [
  [
    [
      'intro-group-id-string',
      'intro-edge-node-id-string',
      'intro-device-id-string',
      'intro-group-id-chars',
      'intro-edge-node-id-chars',
      'intro-device-id-chars',
    ],
    ({ edgeSent }) => {
      for (const { topic } of edgeSent) {
        expect([topic.group, topic.node]).toEqual([SITE, NODE])
        expect(topic.device ?? 'd').toMatch(/^[^+#/]+$/)
      }
    },
  ],
  [
    ['topic-structure', 'topic-structure-namespace-a'],
    ({ edgeSent }) => {
      for (const { publish } of edgeSent) expect(publish.topic).toMatch(/^spBv1\.0\/[^/]+\/([ND](BIRTH|DEATH|DATA))\/[^/]+(\/[^/]+)?$/)
    },
  ],
  [
    ['topic-structure-namespace-device-id-associated-message-types', 'topic-structure-namespace-device-id-non-associated-message-types'],
    ({ edgeSent }) => {
      for (const { topic } of edgeSent) expect(topic.device !== undefined).toBe(topic.type.startsWith('D'))
    },
  ],
  [
    ['topics-nbirth-topic', 'message-flow-edge-node-birth-publish-nbirth-topic'],
    (recording) => sentOfType(recording, 'NBIRTH').forEach((sent) => void isAt(sent, 'NBIRTH')),
  ],
  [
    [
      'topics-dbirth-topic',
      'message-flow-device-birth-publish-dbirth-topic',
      'message-flow-device-birth-publish-dbirth-match-edge-node-topic',
    ],
    (recording) => sentOfType(recording, 'DBIRTH').forEach((sent) => void isAt(sent, 'DBIRTH')),
  ],
  [['topics-ndata-topic'], (recording) => sentOfType(recording, 'NDATA').forEach((sent) => void isAt(sent, 'NDATA'))],
  [['topics-ddata-topic'], (recording) => sentOfType(recording, 'DDATA').forEach((sent) => void isAt(sent, 'DDATA'))],
  [['topics-ddeath-topic'], (recording) => sentOfType(recording, 'DDEATH').forEach((sent) => void isAt(sent, 'DDEATH'))],
  [['topics-ndeath-topic'], (recording) => sentOfType(recording, 'NDEATH').forEach((sent) => void isAt(sent, 'NDEATH'))],
  [
    [
      'topics-nbirth-mqtt',
      'payloads-nbirth-qos',
      'payloads-nbirth-retain',
      'message-flow-edge-node-birth-publish-nbirth-qos',
      'message-flow-edge-node-birth-publish-nbirth-retained',
    ],
    (recording) => isSimple(recording, 'NBIRTH'),
  ],
  [
    [
      'topics-dbirth-mqtt',
      'payloads-dbirth-qos',
      'payloads-dbirth-retain',
      'message-flow-device-birth-publish-dbirth-qos',
      'message-flow-device-birth-publish-dbirth-retained',
    ],
    (recording) => isSimple(recording, 'DBIRTH'),
  ],
  [['topics-ndata-mqtt', 'payloads-ndata-qos', 'payloads-ndata-retain'], (recording) => isSimple(recording, 'NDATA')],
  [['topics-ddata-mqtt', 'payloads-ddata-qos', 'payloads-ddata-retain'], (recording) => isSimple(recording, 'DDATA')],
  [['topics-ddeath-mqtt'], (recording) => isSimple(recording, 'DDEATH')],
  [
    [
      'topics-nbirth-seq-num',
      'payloads-nbirth-seq',
      'payloads-sequence-num-req-nbirth',
      'message-flow-edge-node-birth-publish-nbirth-payload-seq',
    ],
    (recording) => sentOfType(recording, 'NBIRTH').forEach(({ payload }) => void expect(payload.seq).toBe(0)),
  ],
  [['payloads-sequence-num-always-included', 'payloads-sequence-num-incrementing'], (recording) => sequenceHolds(recording)],
  [['topics-ndata-seq-num', 'payloads-ndata-seq', 'payloads-ndata-seq-inc'], (recording) => sequenceHolds(recording, 'NDATA')],
  [
    ['topics-dbirth-seq', 'payloads-dbirth-seq', 'payloads-dbirth-seq-inc', 'message-flow-device-birth-publish-dbirth-payload-seq'],
    (recording) => sequenceHolds(recording, 'DBIRTH'),
  ],
  [['topics-ddata-seq-num', 'payloads-ddata-seq', 'payloads-ddata-seq-inc'], (recording) => sequenceHolds(recording, 'DDATA')],
  [
    ['topics-ddeath-seq-num', 'payloads-ddeath-seq', 'payloads-ddeath-seq-inc', 'payloads-ddeath-seq-number'],
    (recording) => sequenceHolds(recording, 'DDEATH'),
  ],
  [['topics-nbirth-timestamp', 'payloads-nbirth-timestamp', 'payloads-timestamp-in-UTC'], (recording) => hasTimestamp(recording, 'NBIRTH')],
  [['topics-dbirth-timestamp', 'payloads-dbirth-timestamp'], (recording) => hasTimestamp(recording, 'DBIRTH')],
  [['topics-ndata-timestamp', 'payloads-ndata-timestamp'], (recording) => hasTimestamp(recording, 'NDATA')],
  [['topics-ddata-timestamp', 'payloads-ddata-timestamp'], (recording) => hasTimestamp(recording, 'DDATA')],
  [['payloads-ddeath-timestamp'], (recording) => hasTimestamp(recording, 'DDEATH')],
  [
    [
      'topics-nbirth-metrics',
      'topics-dbirth-metrics',
      'payloads-metric-datatype-req',
      'payloads-metric-datatype-value',
      'payloads-metric-datatype-value-type',
      'payloads-name-requirement',
    ],
    (recording) => {
      for (const { raw } of sentOfType(recording, 'NBIRTH', 'DBIRTH')) {
        for (const one of raw.metrics ?? []) {
          expect(one.name).toBeTruthy()
          expect(DATA_TYPES.has(one.datatype as number), one.name ?? '').toBe(true)
        }
      }
    },
  ],
  [['operational-behavior-data-publish-nbirth-values'], (recording) => valuesAreThereOrNull(recording, 'NBIRTH')],
  [['operational-behavior-data-publish-dbirth-values'], (recording) => valuesAreThereOrNull(recording, 'DBIRTH')],
  [['topics-nbirth-metric-reqs', 'operational-behavior-data-publish-nbirth'], (recording) => namesBorn(recording, 'NBIRTH', 'NDATA')],
  [['topics-dbirth-metric-reqs', 'operational-behavior-data-publish-dbirth'], (recording) => namesBorn(recording, 'DBIRTH', 'DDATA')],
  [['operational-behavior-data-publish-nbirth-order'], (recording) => isInOrder(recording, ['NBIRTH', 'NDATA'])],
  [['operational-behavior-data-publish-dbirth-order'], (recording) => isInOrder(recording, ['DBIRTH', 'DDATA'])],
  [
    ['topics-ndata-payload', 'operational-behavior-data-publish-nbirth-change'],
    (recording) => {
      const last = new Map<string, unknown>()
      for (const { topic, payload } of recording.edgeSent) {
        if (topic.type !== 'NBIRTH' && topic.type !== 'NDATA') continue
        if (topic.type === 'NDATA') expect(payload.metrics.some(({ name, value }) => last.get(name ?? '') !== value)).toBe(true)
        for (const { name, value } of payload.metrics) last.set(name ?? '', value)
      }
      sentOfType(recording, 'NDATA')
    },
  ],
  [
    [
      'topics-nbirth-bdseq-included',
      'payloads-nbirth-bdseq',
      'topics-nbirth-bdseq-matching',
      'payloads-nbirth-bdseq-repeat',
      'payloads-ndeath-bdseq',
      'message-flow-edge-node-birth-publish-nbirth-payload-bdSeq',
    ],
    (recording) => {
      const registered = wills(recording).map(({ raw }) => bdSeqOfWill(raw))
      for (const sent of sentOfType(recording, 'NBIRTH')) {
        expect(metricOf(sent, METRIC.bdSeq)?.datatype).toBe(DataType.Int64)
        expect(bdSeqOf(sent)).toBe(registered[sent.connection])
      }
    },
  ],
  [
    ['topics-nbirth-bdseq-increment', 'message-flow-edge-node-birth-publish-will-message-payload-bdSeq'],
    (recording) => {
      const registered = wills(recording).map(({ raw }) => bdSeqOfWill(raw))
      expect(registered.length).toBeGreaterThan(2)
      expect(registered).toEqual(registered.map((_value, index) => index))
    },
  ],
  [
    [
      'topics-nbirth-rebirth-metric',
      'payloads-nbirth-rebirth-req',
      'operational-behavior-data-commands-rebirth-name',
      'operational-behavior-data-commands-rebirth-name-aliases',
      'operational-behavior-data-commands-rebirth-datatype',
      'operational-behavior-data-commands-rebirth-value',
    ],
    (recording) => {
      for (const sent of sentOfType(recording, 'NBIRTH')) {
        expect(metricOf(sent, METRIC.rebirth)).toMatchObject({ datatype: DataType.Boolean, value: false })
        expect(metricOf(sent, METRIC.rebirth)?.alias).toBeUndefined()
      }
    },
  ],
  [['payloads-dbirth-order', 'payloads-ddata-order'], (recording) => birthsComeFirst(recording, ['DDATA'])],
  [['payloads-ndata-order'], (recording) => birthsComeFirst(recording, ['NDATA', 'DBIRTH'].slice(0, 1) as MessageType[])],
  [
    ['payloads-alias-uniqueness'],
    (recording) => {
      const owner = new Map<number, string>()
      for (const { topic, payload } of sentOfType(recording, 'DBIRTH')) {
        for (const { alias, name } of payload.metrics) {
          const key = `${topic.device}/${name}`
          expect(owner.get(alias as number) ?? key).toBe(key)
          owner.set(alias as number, key)
        }
      }
    },
  ],
  [
    ['payloads-alias-birth-requirement'],
    (recording) => {
      for (const { payload } of sentOfType(recording, 'DBIRTH'))
        for (const { name, alias } of payload.metrics) expect([typeof name, typeof alias]).toEqual(['string', 'number'])
    },
  ],
  [
    ['payloads-name-birth-data-requirement', 'payloads-metric-timestamp-in-UTC'],
    (recording) => {
      for (const { raw, payload } of sentOfType(recording, 'NBIRTH', 'NDATA', 'DBIRTH', 'DDATA')) {
        for (const one of raw.metrics ?? []) {
          expect(Object.hasOwn(one, 'timestamp')).toBe(true)
          expect(Number(one.timestamp)).toBeGreaterThan(1_700_000_000_000)
          expect(Number(one.timestamp)).toBeLessThanOrEqual(payload.timestampMs)
        }
      }
    },
  ],
  [
    ['payloads-metric-datatype-not-req'],
    (recording) => {
      for (const { raw } of sentOfType(recording, 'NDATA', 'DDATA'))
        for (const one of raw.metrics ?? []) expect(Object.hasOwn(one, 'datatype')).toBe(false)
    },
  ],
  [
    [
      'payloads-propertyset-keys-array-size',
      'payloads-propertyset-values-array-size',
      'payloads-metric-propertyvalue-type-type',
      'payloads-metric-propertyvalue-type-value',
      'payloads-metric-propertyvalue-type-req',
    ],
    (recording) => {
      const sets = sentOfType(recording, 'DBIRTH', 'DDATA').flatMap(({ raw }) =>
        (raw.metrics ?? []).flatMap(({ properties }) => (properties ? [properties] : [])),
      )
      expect(sets.length).toBeGreaterThan(10)
      for (const { keys, values } of sets) {
        expect(keys?.length).toBe(values?.length)
        for (const value of values ?? []) expect(DATA_TYPES.has(value.type as number)).toBe(true)
      }
    },
  ],
  [
    ['payloads-propertyset-quality-value-type', 'payloads-propertyset-quality-value-value'],
    (recording) => {
      const qualities = sentOfType(recording, 'DBIRTH', 'DDATA').flatMap(({ raw }) =>
        (raw.metrics ?? []).flatMap(({ properties }) => properties?.values?.[properties.keys?.indexOf('Quality') ?? -1] ?? []),
      )
      expect(qualities.length).toBeGreaterThan(10)
      for (const { type, value, intValue } of qualities) {
        expect([type, value]).toEqual([DataType.Int32, 'intValue'])
        expect(Object.values(QUALITY_CODE)).toContain(intValue)
      }
    },
  ],
  [
    ['case-sensitivity-sparkplug-ids', 'case-sensitivity-metric-names'],
    (recording) => {
      for (const { payload } of sentOfType(recording, 'NBIRTH', 'DBIRTH')) {
        const names = payload.metrics.map(({ name }) => (name ?? '').toLowerCase())
        expect(new Set(names).size).toBe(names.length)
      }
    },
  ],
  [
    ['topics-ddata-payload'],
    (recording) => {
      const born = new Map<string, number>()
      for (const { topic, payload } of recording.edgeSent) {
        // All but Device/Info, the settings and Log/Previous Offset, which is sent where it is needed.
        if (topic.type === 'DBIRTH') born.set(topic.device as string, payload.metrics.length - 3)
        if (topic.type === 'DDATA')
          expect(payload.metrics.length).toBeGreaterThanOrEqual(born.get(topic.device as string) ?? Number.POSITIVE_INFINITY)
      }
      sentOfType(recording, 'DDATA')
    },
  ],
]
