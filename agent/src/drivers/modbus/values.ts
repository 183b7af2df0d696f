import type { RawReading } from '../driver.ts'
import { isBitTable, type RegisterPoint } from './register-map.ts'
import type { ReadRequest } from './requests.ts'

/** The points' readings out of one request's answer: `data` is the answer's bytes after the byte count. */
export function readingsOf(request: ReadRequest, data: Buffer): RawReading[] {
  return request.points.map((point) => readingOf(point, data, point.register - request.start))
}

/** raw × scale + offset, without the tail of binary fractions (23 × 0.1 is 2.3). */
export function scaled(point: { scale: number; offset: number }, raw: number): number {
  return Number((raw * point.scale + point.offset).toPrecision(12))
}

/** Sentinels as values, as they come out after scaling; data sheets write them signed or unsigned. */
export function sentinelValues(point: RegisterPoint): number[] {
  return point.sentinels.map((raw) => {
    const bits = point.dataType === 'int16' ? 16 : point.dataType === 'int32' ? 32 : undefined
    const signed = bits !== undefined && raw >= 2 ** (bits - 1) && raw < 2 ** bits ? raw - 2 ** bits : raw
    return scaled(point, signed)
  })
}

function readingOf(point: RegisterPoint, data: Buffer, index: number): RawReading {
  const { key } = point
  const raw = isBitTable(point.type) ? ((data[index >> 3] ?? 0) >> (index & 7)) & 1 : registerValue(point, data, index * 2)
  // A closed contact reads 1. What is not the normal state is the bad one.
  if (point.normally !== undefined) return { key, value: point.normally === 'open' ? raw !== 0 : raw === 0 }
  const value = scaled(point, raw)
  return Number.isFinite(value) ? { key, value } : { key, value: null, bad: 'not-a-number' }
}

function registerValue(point: RegisterPoint, data: Buffer, at: number): number {
  if (point.dataType === 'int16') return data.readInt16BE(at)
  if (point.dataType === 'uint16') return data.readUInt16BE(at)
  const words = Buffer.from(data.subarray(at, at + 4))
  if (point.wordOrder === 'little') words.swap32().swap16()
  if (point.dataType === 'int32') return words.readInt32BE(0)
  if (point.dataType === 'uint32') return words.readUInt32BE(0)
  // A float32 has 24 bits of mantissa; more digits than 7 are not in the device.
  return Number(words.readFloatBE(0).toPrecision(7))
}
