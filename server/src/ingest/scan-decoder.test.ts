import { DataType, decodePayload, encodePayload, type Metric } from '@roomkeeper/shared/sparkplug'
import { describe, expect, it } from 'vitest'
import type { DeviceEntry, PointEntry } from './entries.ts'
import { readFastScan } from './fast-scan.ts'
import type { NodeSession, Slot } from './node-session.ts'
import { decodeScan, LATEST_TIME_MS } from './scan-decoder.ts'

const RECEIVED_AT_MS = 1_767_225_600_000
const device = { points: new Map<string, PointEntry>() } as DeviceEntry
const point = { key: 'temperature', device } as PointEntry
const slots: Slot[] = [{ kind: 'offset' }, { kind: 'point', point }]
const session = { slots, lastSeenMs: RECEIVED_AT_MS } as unknown as NodeSession
const temperature = (timestampMs: number): Metric => ({ alias: 1, datatype: DataType.Double, value: 22.5, timestampMs })

describe('times that cannot be', () => {
  it.each([0, LATEST_TIME_MS + 1, 1e18])('%d is replaced by the time of the receipt', (timestampMs) => {
    const payload = { timestampMs: RECEIVED_AT_MS, metrics: [temperature(timestampMs)] }
    expect(readFastScan(encodePayload(payload), device, slots)).toBeUndefined()
    expect(decodeScan(session, device, payload)).toMatchObject({ timesMs: [RECEIVED_AT_MS], values: [22.5], reasons: undefined })
  })

  it('a wrong but possible time is kept: what it was read at is for people to judge', () => {
    const timestampMs = RECEIVED_AT_MS + 7_200_000
    expect(decodeScan(session, device, { timestampMs, metrics: [temperature(timestampMs)] }).timesMs).toEqual([timestampMs])
  })
})

describe('offsets that cannot be', () => {
  it.each([1.5, -1, Number.NaN, 2 ** 53, 'seventeen', null])('%j is none: the reading is live only', (value) => {
    const offset = { alias: 0, datatype: DataType.Int64, value } as Metric
    expect(
      decodeScan(session, device, { timestampMs: RECEIVED_AT_MS, metrics: [offset, temperature(RECEIVED_AT_MS)] }).offset,
    ).toBeUndefined()
  })
})

it('reads a negative integer of a foreign node by the type its birth gave, whether the message repeats it or not', () => {
  const born = { key: 'temperature', device, datatype: DataType.Int16 } as PointEntry
  const sessionOfIts = { slots: [undefined, { kind: 'point', point: born }], lastSeenMs: RECEIVED_AT_MS } as unknown as NodeSession
  const metric: Metric = { alias: 1, datatype: DataType.Int16, value: -12, timestampMs: RECEIVED_AT_MS }
  for (const withDatatypes of [true, false]) {
    const payload = decodePayload(encodePayload({ timestampMs: RECEIVED_AT_MS, metrics: [metric] }, withDatatypes))
    expect(decodeScan(sessionOfIts, device, payload).values).toEqual([-12])
  }
})
