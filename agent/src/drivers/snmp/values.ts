import snmp, { type Varbind } from 'net-snmp'

/** What an object holds: numbers for all counting and measuring types, text for octet strings and OIDs. */
export type SnmpValue = number | string

const { ObjectType } = snmp
const ABSENT = new Set([ObjectType.NoSuchObject, ObjectType.NoSuchInstance, ObjectType.EndOfMibView, ObjectType.Null])
/** Net-SNMP's and many vendors' float: an Opaque that holds the BER-encoded tag 9f78, length 4, then IEEE 754. */
const OPAQUE_FLOAT_HEADER = Buffer.from([0x9f, 0x78, 0x04])

/** The value of a varbind; undefined when the device has no such object. */
export function varbindValue(varbind: Varbind): SnmpValue | undefined {
  const { type, value } = varbind
  if (value === null || ABSENT.has(type)) return undefined
  if (!Buffer.isBuffer(value)) return value
  if (type === ObjectType.Counter64) return Number(BigInt(`0x${value.toString('hex') || '0'}`))
  if (type === ObjectType.Opaque && value.length === 7 && value.subarray(0, 3).equals(OPAQUE_FLOAT_HEADER)) {
    return Number(value.readFloatBE(3).toPrecision(7))
  }
  return value.toString('utf8').replaceAll('\0', '').trim()
}

/** Is `oid` below `base`, in whole arcs? */
export function isBelow(oid: string, base: string): boolean {
  return oid.startsWith(`${base}.`)
}

/** Orders OIDs arc by arc. */
export function compareOids(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** A number, and what some agents that send texts write behind it. */
const NUMBER_IN_TEXT = /^([+-]?\d+(?:[.,]\d+)?)\s*(?:V|A|W|VA|Hz|%|°?C|Min\.?|Sec\.?|V[AD]C)?$/i

/** A raw value as a number, also of a text such as "230.5" or "50 %"; NaN for any other. */
export function numberOf(raw: SnmpValue): number {
  if (typeof raw === 'number') return raw
  const digits = NUMBER_IN_TEXT.exec(raw.trim())?.[1]
  return digits === undefined ? Number.NaN : Number(digits.replace(',', '.'))
}

/** The number of a text such as "75 F" or "75.2 °F"; undefined for any other value. */
export function fahrenheitOf(raw: SnmpValue): number | undefined {
  const digits = /^([+-]?\d+(?:\.\d+)?)\s*°?F$/i.exec(String(raw).trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}
