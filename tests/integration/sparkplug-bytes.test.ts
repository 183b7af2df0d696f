import { DataType, decodePayload, encodePayload, type Payload } from '@roomkeeper/shared/sparkplug'
import sparkplugPayload from 'sparkplug-payload'
import { describe, expect, it } from 'vitest'

const reference = sparkplugPayload.get('spBv1.0')
if (!reference) throw new Error('sparkplug-payload does not know spBv1.0')

const payload: Payload = {
  timestampMs: 1_795_000_000_123,
  seq: 200,
  metrics: [
    {
      name: 'temperature',
      alias: 3,
      timestampMs: 1_795_000_000_120,
      datatype: DataType.Double,
      value: 23.75,
      properties: { kind: 'temperature', engLow: -40, ok: true },
    },
    { name: 'Log/Offset', alias: 1, timestampMs: 1_795_000_000_120, datatype: DataType.Int64, value: 2 ** 40 + 7 },
    { name: 'leak', alias: 4, timestampMs: 1_795_000_000_120, datatype: DataType.Boolean, value: true, isHistorical: true },
    { name: 'status', alias: 5, timestampMs: 1_795_000_000_120, datatype: DataType.String, value: 'OL CHRG 市电' },
    { name: 'small', alias: 6, timestampMs: 1_795_000_000_120, datatype: DataType.Int32, value: -5 },
    { name: 'nothing', alias: 7, timestampMs: 1_795_000_000_120, datatype: DataType.Double, value: null },
  ],
}

describe('our Sparkplug B bytes and those of the package sparkplug-payload', () => {
  it('theirs reads what ours writes', () => {
    const read = reference.decodePayload(encodePayload(payload))
    expect(Number(read.timestamp)).toBe(payload.timestampMs)
    expect(Number(read.seq)).toBe(200)
    const metrics = read.metrics ?? []
    expect(metrics.map(({ name }) => name)).toEqual(['temperature', 'Log/Offset', 'leak', 'status', 'small', 'nothing'])
    expect(metrics[0]?.value).toBe(23.75)
    expect(metrics[0]?.properties).toMatchObject({ kind: { value: 'temperature' }, engLow: { value: -40 }, ok: { value: true } })
    expect(Number(metrics[1]?.value)).toBe(2 ** 40 + 7)
    expect([metrics[2]?.value, metrics[2]?.isHistorical]).toEqual([true, true])
    expect(metrics[3]?.value).toBe('OL CHRG 市电')
    expect(metrics[4]?.value).toBe(-5)
    expect(metrics[5]?.value).toBeNull()
  })

  it('ours reads what theirs writes', () => {
    const bytes = reference.encodePayload({
      timestamp: 1_795_000_000_123,
      seq: 3,
      metrics: [
        {
          name: 'temperature',
          timestamp: 1_795_000_000_120,
          type: 'Double',
          value: 21.5,
          properties: { engUnit: { type: 'String', value: 'Cel' } },
        },
        { name: 'bdSeq', timestamp: 1_795_000_000_120, type: 'Int64', value: 9 },
        { name: 'door', timestamp: 1_795_000_000_120, type: 'Boolean', value: false },
        { name: 'count', timestamp: 1_795_000_000_120, type: 'Int32', value: -17 },
      ],
    })
    const read = decodePayload(bytes)
    expect([read.timestampMs, read.seq]).toEqual([1_795_000_000_123, 3])
    expect(read.metrics.map(({ name, value }) => [name, value])).toEqual([
      ['temperature', 21.5],
      ['bdSeq', 9],
      ['door', false],
      ['count', -17],
    ])
    expect({ ...read.metrics[0]?.properties }).toEqual({ engUnit: 'Cel' })
  })
})
