import { DataType, METRIC, type MessageType, topicOf } from '@roomkeeper/shared/sparkplug'
import type { Packet } from 'mqtt-packet'
import { expect } from 'vitest'
import { sparkplug } from '../../../shared/src/sparkplug/sparkplug-b.js'
import type { RecordedConnection } from './recorder.ts'
import { NODE, type Recording, type Sent, SITE } from './scenario.ts'

/** Assertions of the specification that one look at the recording decides. */
export type Check = readonly [ids: readonly string[], decide: (recording: Recording) => void]

export const DATA_TYPES: ReadonlySet<number> = new Set(Object.values(DataType).filter((type) => type !== DataType.Unknown))
export const sentOfType = (recording: Recording, ...types: MessageType[]): Sent[] => {
  const found = recording.edgeSent.filter(({ topic }) => types.includes(topic.type))
  // A check over nothing would hold for anything.
  expect(found, `there is ${types.join(', ')} in the recording`).not.toEqual([])
  return found
}
export const metricOf = (sent: Sent, name: string) => sent.payload.metrics.find((candidate) => candidate.name === name)
export const bdSeqOf = (sent: Sent): unknown => metricOf(sent, METRIC.bdSeq)?.value
/** The will of each CONNECT of the agent, decoded. */
export const wills = ({ edge }: Recording) =>
  edge.map(({ connect }) => {
    const will = connect?.will
    if (will === undefined) throw new Error('a CONNECT without a will')
    return { will, raw: sparkplug.Payload.decode(will.payload as Buffer) }
  })
export const bdSeqOfWill = (raw: InstanceType<typeof sparkplug.Payload>): number => Number(raw.metrics?.[0]?.longValue)
export const isAt = (sent: Sent, type: MessageType): void =>
  expect(sent.publish.topic).toBe(topicOf({ group: SITE, node: NODE, type, ...(sent.topic.device && { device: sent.topic.device }) }))
export const clientPackets = ({ packets }: RecordedConnection): Packet[] =>
  packets.flatMap(({ from, packet }) => (from === 'client' ? [packet] : []))
export const isUtcNow = (timestampMs: number, sent: Sent): void => expect(Math.abs(sent.atMs - timestampMs)).toBeLessThan(10_000)
export const sequenceHolds = ({ edgeSent }: Recording, type?: MessageType): void => {
  let expected: number | undefined
  let checked = 0
  let hasWrapped = false
  for (const { topic, payload } of edgeSent) {
    if (topic.type === 'NDEATH') continue
    if (topic.type === 'NBIRTH') expected = 0
    if (type === undefined || topic.type === type) {
      expect(payload.seq, `${topic.type} ${checked}`).toBe(expected)
      checked++
    }
    if (payload.seq === 255) hasWrapped = true
    expected = ((payload.seq as number) + 1) % 256
  }
  expect(checked).toBeGreaterThan(0)
  expect(hasWrapped).toBe(true)
}
export const isSimple = (recording: Recording, type: MessageType): void => {
  for (const { publish } of sentOfType(recording, type)) expect(publish).toMatchObject({ qos: 0, retain: false })
}
export const hasTimestamp = (recording: Recording, type: MessageType): void => {
  for (const sent of sentOfType(recording, type)) isUtcNow(sent.payload.timestampMs, sent)
}
/** Per connection and birth, what was announced: `device/name` → alias. */
export const birthsComeFirst = (recording: Recording, types: readonly MessageType[]): void => {
  sentOfType(recording, ...types)
  let born = new Set<string>()
  for (const { topic } of recording.edgeSent) {
    if (topic.type === 'NBIRTH') born = new Set(['node'])
    else if (topic.type === 'DBIRTH') born.add(topic.device as string)
    else if (types.includes(topic.type)) expect(born.has(topic.device ?? 'node'), `${topic.type} ${topic.device ?? ''}`).toBe(true)
  }
}
export const namesBorn = (recording: Recording, birth: MessageType, data: MessageType): void => {
  sentOfType(recording, data)
  const known = new Map<string, Set<string | number>>()
  for (const { topic, payload } of recording.edgeSent) {
    const key = topic.device ?? 'node'
    if (topic.type === birth) known.set(key, new Set(payload.metrics.flatMap(({ name, alias }) => [name ?? '', alias ?? ''])))
    if (topic.type !== data) continue
    for (const { name, alias } of payload.metrics) expect(known.get(key)?.has(name ?? alias ?? ''), `${key} ${name ?? alias}`).toBe(true)
  }
}
export const isInOrder = (recording: Recording, types: MessageType[]): void => {
  const latest = new Map<string, number>()
  for (const { topic, payload } of sentOfType(recording, ...types)) {
    for (const { name, alias, timestampMs = 0, isHistorical, value } of payload.metrics) {
      if (isHistorical || value === null) continue
      const key = `${topic.device ?? ''} ${alias ?? name}`
      expect(timestampMs).toBeGreaterThanOrEqual(latest.get(key) ?? 0)
      latest.set(key, timestampMs)
    }
  }
}
export const valuesAreThereOrNull = (recording: Recording, type: MessageType): void => {
  for (const { raw } of sentOfType(recording, type)) {
    for (const one of raw.metrics ?? []) expect(one.isNull === true, one.name ?? '').toBe(one.value === undefined)
  }
}
