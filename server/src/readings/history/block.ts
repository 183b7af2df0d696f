import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { emptySlot, isEmptySlot, type Slot } from './slot.ts'

export type BlockResolution = '1m' | '15m' | '1d'

/** Slots of a block: minutes of a UTC hour, quarters of a UTC day, local days of a year. */
export const BLOCK_SLOTS = { '1m': 60, '15m': 96, '1d': 366 } as const

export interface BlockContent {
  resolution: BlockResolution
  /** For 1d: the time zone of its days. Empty otherwise. */
  zone: string
  /** One per slot; empty ones included. */
  slots: Slot[]
}

const VERSION = 1
const RESOLUTIONS: BlockResolution[] = ['1m', '15m', '1d']
/** As many decimals as sensors give; more than that is written as floats. */
const MAX_DECIMALS = 4
const FLOATS = 255
const CUT_SHORT = '历史数据块不完整 / a history block is cut short'
const NUMBERS = ['min', 'max', 'mean'] as const
const INTEGERS = ['count', 'badCount', 'goodMs', 'insideMs', 'limitedMs'] as const
/** A block is some hundred bytes, of a year some thousand: by default a buffer of 16 kB is taken for each. */
const INFLATE = { chunkSize: 4096 }
/** A small window makes each call cheaper, too, and the same bytes come out. */
const DEFLATE = { level: 3, windowBits: 13, memLevel: 5, chunkSize: 4096 }

/**
 * Bytes: version, resolution, length of the zone's name, the name, then deflated: a bit per slot that is not empty, and column by
 * column what those hold. Numbers as decimals when that is exact (min and max nearly always), else as float64 in byte planes,
 * which deflate better. Throws on NaN and infinities: a slot never holds them.
 */
export function encodeBlock({ resolution, zone, slots }: BlockContent): Uint8Array {
  const used = new Uint8Array(Math.ceil(BLOCK_SLOTS[resolution] / 8))
  const full = slots.filter((slot, index) => {
    if (isEmptySlot(slot)) return false
    used[index >> 3] = (used[index >> 3] as number) | (1 << (index & 7))
    return true
  })
  const out = new ByteWriter()
  for (const byte of used) out.byte(byte)
  const values = new Float64Array(full.length)
  for (const name of INTEGERS) {
    for (let row = 0; row < full.length; row++) values[row] = (full[row] as Slot)[name]
    writeDeltas(out, values)
  }
  const counted = full.filter((slot) => slot.count > 0)
  const numbers = values.subarray(0, counted.length)
  for (const name of NUMBERS) {
    for (let row = 0; row < counted.length; row++) numbers[row] = (counted[row] as Slot)[name] ?? Number.NaN
    writeNumbers(out, numbers)
  }
  const zoneBytes = Buffer.from(zone)
  return Buffer.concat([
    Buffer.from([VERSION, RESOLUTIONS.indexOf(resolution), zoneBytes.length]),
    zoneBytes,
    deflateRawSync(out.bytes(), DEFLATE),
  ])
}

/** Throws on a version that this program does not know and on damaged bytes. */
export function decodeBlock(bytes: Uint8Array): BlockContent {
  const { resolution, zone, from } = openBlock(bytes)
  const slots = Array.from({ length: BLOCK_SLOTS[resolution] }, emptySlot)
  readUsed(from, slots.length, (index, slot) => {
    slots[index] = slot
  })
  return { resolution, zone, slots }
}

/** The slots of a block that are not empty, in order; charts of a year visit tens of thousands. Throws as `decodeBlock`. */
export function visitBlock(bytes: Uint8Array, visit: (index: number, slot: Slot) => void): void {
  const { resolution, from } = openBlock(bytes)
  readUsed(from, BLOCK_SLOTS[resolution], visit)
}

function openBlock(bytes: Uint8Array): { resolution: BlockResolution; zone: string; from: ByteReader } {
  const resolution = RESOLUTIONS[bytes[1] ?? 255]
  if (bytes[0] !== VERSION || resolution === undefined)
    throw new Error(`历史数据块版本未知 / unknown version of a history block: ${bytes[0]}`)
  const zoneEnd = 3 + (bytes[2] ?? 0)
  const zone = zoneEnd === 3 ? '' : Buffer.from(bytes.subarray(3, zoneEnd)).toString()
  return { resolution, zone, from: new ByteReader(inflateRawSync(bytes.subarray(zoneEnd), INFLATE)) }
}

/** Column by column first, so that each slot is made once. */
function readUsed(from: ByteReader, slotCount: number, visit: (index: number, slot: Slot) => void): void {
  const used: number[] = []
  for (let first = 0; first < slotCount; first += 8) {
    const byte = from.byte()
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) used.push(first + bit)
  }
  const [counts, badCounts, goodMs, insideMs, limitedMs] = INTEGERS.map(() => readDeltas(from, used.length)) as IntegerColumns
  let counted = 0
  for (const count of counts) if (count > 0) counted++
  const [mins, maxs, means] = NUMBERS.map(() => readNumbers(from, counted)) as NumberColumns
  let at = 0
  for (let row = 0; row < used.length; row++) {
    const count = counts[row] as number
    const hasNumbers = count > 0
    visit(used[row] as number, {
      min: hasNumbers ? (mins[at] as number) : null,
      mean: hasNumbers ? (means[at] as number) : null,
      max: hasNumbers ? (maxs[at] as number) : null,
      count,
      badCount: badCounts[row] as number,
      goodMs: goodMs[row] as number,
      insideMs: insideMs[row] as number,
      limitedMs: limitedMs[row] as number,
    })
    if (hasNumbers) at++
  }
}

type IntegerColumns = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
type NumberColumns = [Float64Array, Float64Array, Float64Array]

function readDeltas(from: ByteReader, length: number, factor = 1): Float64Array {
  const values = new Float64Array(length)
  let value = 0
  for (let row = 0; row < length; row++) {
    value += from.integer()
    values[row] = value / factor
  }
  return values
}

function writeDeltas(out: ByteWriter, values: Float64Array, factor = 1): void {
  let before = 0
  for (let row = 0; row < values.length; row++) {
    const value = factor === 1 ? (values[row] as number) : Math.round((values[row] as number) * factor)
    out.integer(value - before)
    before = value
  }
}

function writeNumbers(out: ByteWriter, values: Float64Array): void {
  if (!values.every(Number.isFinite)) throw new RangeError('历史数据块只能存有限数值 / a history block holds finite numbers only')
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const factor = 10 ** decimals
    if (!values.every((value) => isDecimal(value, factor))) continue
    out.byte(decimals)
    writeDeltas(out, values, factor)
    return
  }
  out.byte(FLOATS)
  const floats = Buffer.alloc(values.length * 8)
  values.forEach((value, index) => {
    floats.writeDoubleLE(value, index * 8)
  })
  for (let plane = 0; plane < 8; plane++) for (let at = plane; at < floats.length; at += 8) out.byte(floats[at] as number)
}

/** Exact only if the same float comes back; -0 does not. */
function isDecimal(value: number, factor: number): boolean {
  const scaled = Math.round(value * factor)
  return Math.abs(scaled) < 2 ** 50 && Object.is((scaled + 0) / factor, value) && !Object.is(value, -0)
}

function readNumbers(from: ByteReader, length: number): Float64Array {
  const decimals = from.byte()
  if (decimals !== FLOATS) return readDeltas(from, length, 10 ** decimals)
  const planes = from.bytes(length * 8)
  const values = new Float64Array(length)
  const view = new DataView(values.buffer)
  const bytes = new Uint8Array(values.buffer)
  for (let plane = 0; plane < 8; plane++) {
    for (let index = 0; index < length; index++) bytes[index * 8 + plane] = planes[plane * length + index] as number
  }
  // Written little-endian, whatever the machine.
  for (let index = 0; index < length; index++) values[index] = view.getFloat64(index * 8, true)
  return values
}

/** Blocks are encoded one at a time, so they share what they are written to. */
let written = new Uint8Array(16_384)

class ByteWriter {
  #length = 0

  byte(value: number): void {
    if (this.#length === written.length) {
      const larger = new Uint8Array(2 * written.length)
      larger.set(written)
      written = larger
    }
    written[this.#length++] = value
  }

  /** Seven bits a byte, the sign in the lowest bit; any safe integer up to 2^52. */
  integer(value: number): void {
    let rest = value < 0 ? -value * 2 - 1 : value * 2
    while (rest >= 128) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** Good until the next block is written. */
  bytes(): Uint8Array {
    return written.subarray(0, this.#length)
  }
}

class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new Error(CUT_SHORT)
    return value
  }

  bytes(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    if (bytes.length < length) throw new Error(CUT_SHORT)
    this.#at += length
    return bytes
  }

  integer(): number {
    const bytes = this.#bytes
    // Nearly all are one byte: differences of counts and times.
    const first = bytes[this.#at]
    if (first !== undefined && first < 128) {
      this.#at++
      return first % 2 === 1 ? -(first + 1) / 2 : first / 2
    }
    let value = 0
    let weight = 1
    for (;;) {
      const byte = this.byte()
      value += (byte % 128) * weight
      if (byte < 128) break
      weight *= 128
    }
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
}
