import type { Question } from './pdu.ts'

/** CRC-16/MODBUS (Modbus over serial line V1.02 §6.2.2), low byte first on the line. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** Unit number, PDU, check sum. */
export function rtuFrame(unitId: number, pdu: Buffer): Buffer {
  const frame = Buffer.alloc(pdu.length + 3)
  frame.writeUInt8(unitId, 0)
  pdu.copy(frame, 1)
  frame.writeUInt16LE(crc16(frame.subarray(0, -2)), frame.length - 2)
  return frame
}

/**
 * The answer's PDU, looked for at every byte: noise, the echo of some adapters, or another unit's late answer may stand before it. Only a frame of
 * this unit, this function, the length asked for and a right check sum is taken.
 */
export function findRtuAnswer(received: Buffer, unitId: number, question: Question): Buffer | undefined {
  for (let at = 0; at < received.length - 3; at++) {
    if (received[at] !== unitId) continue
    const length = question.answerLength(received.subarray(at + 1))
    if (length === undefined || length === null) continue
    const end = at + 1 + length
    if (end + 2 > received.length) continue
    if (received.readUInt16LE(end) === crc16(received.subarray(at, end))) return Buffer.from(received.subarray(at + 1, end))
  }
  return undefined
}

/** Bits of one character on the line; 11 by the standard, and nobody has more. */
const CHARACTER_BITS = 11
const FAST_BAUD_RATE = 19_200
const FAST_GAP_MS = 1.75

/** The silence between two frames: 3.5 characters, above 19,200 baud 1.75 ms (Modbus over serial line V1.02 §2.5.1.1). */
export function frameGapMs(baudRate: number): number {
  return baudRate > FAST_BAUD_RATE ? FAST_GAP_MS : (3500 * CHARACTER_BITS) / baudRate
}

/** How long so many bytes take on the line, ms. */
export function bytesMs(bytes: number, baudRate: number): number {
  return (bytes * CHARACTER_BITS * 1000) / baudRate
}
