import { crc32 } from 'node:zlib'

/**
 * How a record lies in a segment file: magic (4) + length (4) + CRC-32 of length and payload (4) + payload.
 * The magic lets a reader find the next record after damaged bytes; the CRC decides whether what it found is one.
 */
export const FRAME_HEADER_BYTES = 12
const MAGIC = Buffer.from('RKr1')
/** A longer record is taken for damage, so that a flipped length cannot make the reader wait for gigabytes. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024

export function frame(payload: Buffer): Buffer {
  if (payload.length > MAX_PAYLOAD_BYTES)
    throw new RangeError(`a log record of ${payload.length} bytes is longer than ${MAX_PAYLOAD_BYTES}`)
  const framed = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length)
  MAGIC.copy(framed, 0)
  framed.writeUInt32LE(payload.length, 4)
  payload.copy(framed, FRAME_HEADER_BYTES)
  framed.writeUInt32LE(checksum(framed, 0, payload.length), 8)
  return framed
}

function checksum(bytes: Buffer, at: number, payloadLength: number): number {
  const ofLength = crc32(bytes.subarray(at + 4, at + 8))
  return crc32(bytes.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + payloadLength), ofLength)
}

export type FrameResult =
  | { kind: 'record'; payload: Buffer; bytes: number }
  /** The bytes so far may be the beginning of a record. */
  | { kind: 'incomplete' }
  | { kind: 'damaged' }

/** Looks at the record that should begin at `at`. */
export function readFrame(bytes: Buffer, at: number): FrameResult {
  const available = bytes.length - at
  const compare = Math.min(available, 4)
  if (bytes.compare(MAGIC, 0, compare, at, at + compare) !== 0) return { kind: 'damaged' }
  if (available < FRAME_HEADER_BYTES) return { kind: 'incomplete' }
  const length = bytes.readUInt32LE(at + 4)
  if (length > MAX_PAYLOAD_BYTES) return { kind: 'damaged' }
  if (available < FRAME_HEADER_BYTES + length) return { kind: 'incomplete' }
  if (bytes.readUInt32LE(at + 8) !== checksum(bytes, at, length)) return { kind: 'damaged' }
  const start = at + FRAME_HEADER_BYTES
  return { kind: 'record', payload: bytes.subarray(start, start + length), bytes: FRAME_HEADER_BYTES + length }
}

/** The next place at or after `from` where a record may begin; -1 when there is none. */
export function findMagic(bytes: Buffer, from: number): number {
  return bytes.indexOf(MAGIC, from)
}
