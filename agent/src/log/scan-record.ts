import { BAD_REASONS, type BadReason, type ReadingValue } from '@roomkeeper/shared/model'

/** One point of a scan as it is logged and published: good, or bad with the reason. */
export interface Reading {
  key: string
  value: ReadingValue
  quality: 'good' | 'bad'
  reason?: BadReason
}

/** One scan of one device: the unit that has an offset, is committed and is replayed. */
export interface ScanRecord {
  device: string
  /** UTC, ms. */
  timeMs: number
  readings: readonly Reading[]
}

/** A scan with the offset the log gave it. */
export interface LoggedScan extends ScanRecord {
  offset: number
}

const VERSION = 1
const TAG = { null: 0, double: 1, false: 2, true: 3, text: 4, int16: 5 } as const
/** The high bit of the tag byte says that a reason byte follows. */
const BAD = 0x80
/** version (1) + offset (8) + time (8) + number of readings (4). */
const FIXED_BYTES = 21

/**
 * Encodes a scan: about 10 bytes and the key for each reading. Every record carries its own keys, so that one record can be
 * read when all others are damaged.
 */
export function encodeScan(scan: ScanRecord, offset: number): Buffer {
  let bytes = FIXED_BYTES + 2 + Buffer.byteLength(scan.device)
  for (const reading of scan.readings) {
    bytes += 2 + Buffer.byteLength(reading.key) + 2 + (typeof reading.value === 'string' ? 4 + Buffer.byteLength(reading.value) : 8)
  }
  const buffer = Buffer.allocUnsafe(bytes)
  let at = buffer.writeUInt8(VERSION, 0)
  at = buffer.writeBigUInt64LE(BigInt(offset), at)
  at = buffer.writeDoubleLE(scan.timeMs, at)
  at = buffer.writeUInt32LE(scan.readings.length, at)
  at = writeText(buffer, scan.device, at)
  for (const reading of scan.readings) at = writeReading(buffer, reading, at)
  return buffer.subarray(0, at)
}

function writeText(buffer: Buffer, text: string, at: number): number {
  const length = buffer.write(text, at + 2)
  buffer.writeUInt16LE(length, at)
  return at + 2 + length
}

function writeReading(buffer: Buffer, reading: Reading, start: number): number {
  let at = writeText(buffer, reading.key, start)
  const { value } = reading
  const flag = reading.quality === 'bad' ? BAD : 0
  const isSmallInteger = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 0x8000 && !Object.is(value, -0)
  const tag =
    value === null
      ? TAG.null
      : typeof value === 'string'
        ? TAG.text
        : typeof value === 'boolean'
          ? value
            ? TAG.true
            : TAG.false
          : isSmallInteger
            ? TAG.int16
            : TAG.double
  at = buffer.writeUInt8(tag | flag, at)
  if (flag) at = buffer.writeUInt8(reasonNumber(reading.reason), at)
  if (tag === TAG.int16) at = buffer.writeInt16LE(value as number, at)
  else if (tag === TAG.double) at = buffer.writeDoubleLE(value as number, at)
  else if (tag === TAG.text) {
    const length = buffer.write(value as string, at + 4)
    buffer.writeUInt32LE(length, at)
    at += 4 + length
  }
  return at
}

/** Reasons are stored as their place in BAD_REASONS, which therefore only grows at its end; 255 = a reason without a place. */
function reasonNumber(reason: BadReason | undefined): number {
  const place = reason === undefined ? -1 : BAD_REASONS.indexOf(reason)
  return place < 0 ? 255 : place
}

/** The offset of an encoded scan, without decoding the rest. */
export function offsetOf(payload: Buffer): number {
  return Number(payload.readBigUInt64LE(1))
}

/** Decodes a scan. Throws a RangeError when the bytes are no scan of a known version. */
export function decodeScan(payload: Buffer): LoggedScan {
  const version = payload.readUInt8(0)
  if (version !== VERSION) throw new RangeError(`log record version ${version} is not known to this program (it writes ${VERSION})`)
  const offset = offsetOf(payload)
  const timeMs = payload.readDoubleLE(9)
  const count = payload.readUInt32LE(17)
  let at = FIXED_BYTES
  const text = (): string => {
    const length = payload.readUInt16LE(at)
    const start = at + 2
    at = start + length
    return payload.toString('utf8', start, at)
  }
  const device = text()
  const readings: Reading[] = []
  for (let i = 0; i < count; i++) {
    const key = text()
    const head = payload.readUInt8(at++)
    const reason = head & BAD ? BAD_REASONS[payload.readUInt8(at++)] : undefined
    const value = ((): ReadingValue => {
      switch (head & ~BAD) {
        case TAG.null:
          return null
        case TAG.false:
          return false
        case TAG.true:
          return true
        case TAG.int16:
          at += 2
          return payload.readInt16LE(at - 2)
        case TAG.double:
          at += 8
          return payload.readDoubleLE(at - 8)
        case TAG.text: {
          const length = payload.readUInt32LE(at)
          at += 4 + length
          return payload.toString('utf8', at - length, at)
        }
        default:
          throw new RangeError(`log record has an unknown value tag ${head & ~BAD}`)
      }
    })()
    readings.push(head & BAD ? { key, value, quality: 'bad', ...(reason && { reason }) } : { key, value, quality: 'good' })
  }
  return { offset, device, timeMs, readings }
}
