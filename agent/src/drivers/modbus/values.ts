import type { RawReading } from '../driver.ts'
import { type DataType, isBitTable, type RegisterPoint, type Table, widthOf } from './register-map.ts'
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
    const bits = point.dataType.startsWith('int') ? Number(point.dataType.slice(-2)) : undefined
    const signed = bits !== undefined && raw >= 2 ** (bits - 1) && raw < 2 ** bits ? raw - 2 ** bits : raw
    return scaled(point, signed)
  })
}

/** The value of a bit table's address (0, 1) or of registers. `index` counts addresses from the start of `data`. */
export function rawValue(
  point: { type: Table; dataType: DataType; wordOrder: string; byteOrder: string },
  data: Buffer,
  index: number,
): number {
  if (isBitTable(point.type)) return ((data[index >> 3] ?? 0) >> (index & 7)) & 1
  return numberOf(point.dataType, ordered(point, data, index))
}

function readingOf(point: RegisterPoint, data: Buffer, index: number): RawReading {
  const { key } = point
  // A closed contact reads 1. What is not the normal state is the bad one.
  if (point.kind === 'output') return { key, value: isSet(point, data, index) }
  if (point.normally !== undefined) return { key, value: isSet(point, data, index) === (point.normally === 'open') }
  if (point.tokens !== undefined) {
    const text = point.tokens[String(rawValue(point, data, index))]
    return text === undefined ? { key, value: '', bad: 'sensor-error' } : { key, value: text }
  }
  if (point.bitTokens !== undefined) return { key, value: tokensOf(point.bitTokens, ordered(point, data, index)) }
  const value = scaled(point, rawValue(point, data, index))
  return Number.isFinite(value) ? { key, value } : { key, value: null, bad: 'not-a-number' }
}

function isSet(point: RegisterPoint, data: Buffer, index: number): boolean {
  return point.bit === undefined ? rawValue(point, data, index) !== 0 : bitOf(ordered(point, data, index), point.bit)
}

/** A set of tokens, in the order of the bits; one token may stand for several bits. */
function tokensOf(bitTokens: Readonly<Record<string, string>>, words: Buffer): string {
  const set = Object.entries(bitTokens).filter(([bit]) => bitOf(words, Number(bit)))
  return [...new Set(set.map(([, token]) => token))].join(' ')
}

/** Bit 0 is the lowest of the whole value. */
function bitOf(words: Buffer, bit: number): boolean {
  return (((words.at(-1 - (bit >> 3)) ?? 0) >> (bit & 7)) & 1) === 1
}

/** A value's bytes, the most significant first. */
function ordered(point: { type: Table; dataType: DataType; wordOrder: string; byteOrder: string }, data: Buffer, index: number): Buffer {
  const words = Buffer.from(data.subarray(index * 2, (index + widthOf(point)) * 2))
  // Reversing all bytes reverses the words and the bytes within them.
  if (point.wordOrder === 'little') words.reverse().swap16()
  return point.byteOrder === 'little' ? words.swap16() : words
}

/** 64-bit integers beyond 2^53 lose their last digits, which no meter has. A float32 has 24 bits of mantissa: no more than 7 digits are true. */
function numberOf(dataType: DataType, words: Buffer): number {
  switch (dataType) {
    case 'int16':
      return words.readInt16BE(0)
    case 'uint16':
      return words.readUInt16BE(0)
    case 'int32':
      return words.readInt32BE(0)
    case 'uint32':
      return words.readUInt32BE(0)
    case 'float32':
      return Number(words.readFloatBE(0).toPrecision(7))
    case 'int64':
      return Number(words.readBigInt64BE(0))
    case 'uint64':
      return Number(words.readBigUInt64BE(0))
    case 'float64':
      return words.readDoubleBE(0)
  }
}
