import { DataType, encodePayload, type Metric } from '@roomkeeper/shared/sparkplug'

/**
 * Encodes scans of one device by copying a ready message and writing offset, times and values into their places: the load generator
 * must not be what a bench measures. The bytes are the codec's own; the test beside this decodes them again.
 */
export class ScanTemplate {
  private readonly live: Layout
  private readonly historical: Layout

  constructor(points: number, firstAlias: number) {
    this.live = layout(points, firstAlias, false)
    this.historical = layout(points, firstAlias, true)
  }

  encode(scan: { offset: number; timeMs: number; seq: number; isHistorical: boolean; value: (index: number) => number }): Uint8Array {
    const { bytes, times, values, offset, seq } = scan.isHistorical ? this.historical : this.live
    const copy = Buffer.from(bytes)
    for (const at of times) writeVarint(copy, at, scan.timeMs, TIME_BYTES)
    for (let i = 0; i < values.length; i++) copy.writeDoubleLE(scan.value(i), values[i])
    writeVarint(copy, offset, scan.offset, OFFSET_BYTES)
    writeVarint(copy, seq, scan.seq, SEQ_BYTES)
    return copy
  }
}

interface Layout {
  bytes: Uint8Array
  times: number[]
  values: number[]
  offset: number
  seq: number
}

// Numbers whose encodings cannot occur elsewhere in the message, as long as the real ones will be.
const TIME_MARK = 1_999_999_999_999
const TIME_BYTES = 6
const OFFSET_MARK = 2 ** 34 - 12_345
const OFFSET_BYTES = 5
const SEQ_MARK = 255
const SEQ_BYTES = 2
const VALUE_MARK = 1.234567890123e101

function layout(points: number, firstAlias: number, isHistorical: boolean): Layout {
  const history = isHistorical ? { isHistorical: true } : {}
  const metrics: Metric[] = [{ alias: firstAlias, datatype: DataType.Int64, value: OFFSET_MARK, timestampMs: TIME_MARK, ...history }]
  for (let i = 0; i < points; i++)
    metrics.push({ alias: firstAlias + 1 + i, datatype: DataType.Double, value: VALUE_MARK, timestampMs: TIME_MARK, ...history })
  const bytes = Buffer.from(encodePayload({ timestampMs: TIME_MARK, seq: SEQ_MARK, metrics }, false))
  const mark = Buffer.alloc(8)
  mark.writeDoubleLE(VALUE_MARK)
  return {
    bytes,
    times: positions(bytes, varint(TIME_MARK, TIME_BYTES)),
    values: positions(bytes, mark),
    offset: only(positions(bytes, varint(OFFSET_MARK, OFFSET_BYTES))),
    // Field 3 of Payload, as a varint.
    seq: bytes.lastIndexOf(Buffer.concat([Buffer.from([0x18]), varint(SEQ_MARK, SEQ_BYTES)])) + 1,
  }
}

function positions(bytes: Buffer, mark: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) found.push(at)
  return found
}

function only(found: number[]): number {
  if (found.length !== 1) throw new Error(`expected one place for the offset, found ${found.length}`)
  return found[0] as number
}

function varint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  writeVarint(buffer, 0, value, bytes)
  return buffer
}

/** A varint of a fixed length: leading zero groups are allowed by the protobuf encoding. */
function writeVarint(buffer: Buffer, at: number, value: number, bytes: number): void {
  let rest = value
  for (let i = 0; i < bytes; i++) {
    const low = rest % 128
    rest = (rest - low) / 128
    buffer[at + i] = i < bytes - 1 ? low | 0x80 : low
  }
}
