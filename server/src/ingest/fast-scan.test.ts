import { DataType, decodePayload, encodePayload, type Metric } from '@roomkeeper/shared/sparkplug'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceEntry, PointEntry } from './entries.ts'
import { readFastScan } from './fast-scan.ts'
import type { NodeSession, Slot } from './node-session.ts'
import { decodeScan } from './scan-decoder.ts'

const device = { points: new Map<string, PointEntry>() } as DeviceEntry
const points = Array.from({ length: 6 }, (_, index) => ({ key: `p${index}`, device }) as PointEntry)
const slots: (Slot | undefined)[] = [
  undefined,
  { kind: 'offset' },
  { kind: 'previous-offset' },
  ...points.map((point): Slot => ({ kind: 'point', point })),
]
const session = { slots } as NodeSession

const time = fc.integer({ min: 1, max: 2 ** 45 })
const number = fc.record({
  alias: fc.integer({ min: 3, max: 9 }),
  datatype: fc.constant(DataType.Double),
  value: fc.double(),
  timestampMs: fc.option(time, { nil: undefined }),
  isHistorical: fc.boolean(),
})
const contact = fc.record({
  alias: fc.integer({ min: 3, max: 8 }),
  datatype: fc.constant(DataType.Boolean),
  value: fc.boolean(),
  timestampMs: time,
})
const text = fc.record({ alias: fc.constant(3), datatype: fc.constant(DataType.String), value: fc.string(), timestampMs: time })
const offset = fc.record({
  alias: fc.constantFrom(1, 2),
  datatype: fc.constant(DataType.Int64),
  value: fc.integer({ min: 0, max: 2 ** 52 }),
  timestampMs: time,
})
const suspect = fc.record({
  alias: fc.constant(4),
  datatype: fc.constant(DataType.Double),
  value: fc.constantFrom(1, null),
  timestampMs: time,
  properties: fc.constant({ Quality: 0, reason: 'frozen' }),
})
const metric: fc.Arbitrary<Metric> = fc.oneof(
  { weight: 6, arbitrary: number },
  contact,
  offset,
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: suspect },
)
const payload = fc.record({ timestampMs: time, seq: fc.integer({ min: 0, max: 255 }), metrics: fc.array(metric, { maxLength: 12 }) })

describe('readFastScan', () => {
  it('reads what the general decoder reads, or leaves it to it', () => {
    let taken = 0
    fc.assert(
      fc.property(payload, fc.boolean(), (original, withDatatypes) => {
        const bytes = encodePayload(original, withDatatypes)
        const fast = readFastScan(bytes, device, slots)
        if (!fast) return
        taken++
        const general = decodePayload(bytes)
        expect(fast.scan).toEqual(decodeScan(session, device, general))
        expect([fast.timestampMs, fast.seq]).toEqual([general.timestampMs, general.seq])
      }),
      { numRuns: 2000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  it('takes the common scan: offset, numbers, a contact', () => {
    const metrics: Metric[] = [
      { alias: 1, datatype: DataType.Int64, value: 42, timestampMs: 1000 },
      { alias: 3, datatype: DataType.Double, value: -3.5, timestampMs: 1000 },
      { alias: 4, datatype: DataType.Boolean, value: true, timestampMs: 1001 },
    ]
    const read = readFastScan(encodePayload({ timestampMs: 1002, seq: 7, metrics }), device, slots)
    expect(read?.scan).toMatchObject({ offset: 42, previousOffset: 41, values: [-3.5, true], timesMs: [1000, 1001], isHistorical: false })
    expect(read?.seq).toBe(7)
  })

  it('never throws and never reads beyond the bytes, whatever they are', () => {
    fc.assert(
      fc.property(payload, fc.nat(), fc.nat(255), (original, at, byte) => {
        const bytes = encodePayload(original)
        const broken = bytes.slice(0, at % (bytes.length + 1))
        if (broken.length > 0) broken[at % broken.length] = byte
        readFastScan(broken, device, slots)
      }),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readFastScan(bytes, device, slots)))
  })
})
