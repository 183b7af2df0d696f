import { badText, storableText } from './bad-text.ts'
import { badReasonAt, type DeviceHandle, type DeviceScan, NO_OFFSET, type PointHandle } from './scan.ts'

// The model (docs/decisions/003-readings-model.md): one line per device scan and timestamp,
//   reading,site=…,node=…,device=… log:offset=17i,temperature=22.5,ups-status:text="OL",load:bad="sentinel 850" 1700000000000
// A field's type follows from its name alone, so type conflicts cannot happen: no suffix = float, :text and :bad = string,
// log:offset = integer.

export const MEASUREMENT = 'reading'
export const OFFSET_FIELD = 'log:offset'

/** Names that must not be field keys: InfluxDB drops a field called time, and a field named as a tag makes queries ambiguous. */
const RESERVED = new Set(['time', 'site', 'node', 'device'])

export interface FieldNames {
  /** Field of good numbers and booleans (0/1). */
  value: string
  /** Field of good texts. */
  text: string
  /** Field of bad readings. */
  bad: string
}

/**
 * Field names of a point as queries use them (without line-protocol escapes). Colons of the key are doubled, so a single
 * colon is always ours and no key can collide with another key's suffix.
 */
export function fieldNames(pointKey: string): FieldNames {
  const base = percentEncode(pointKey).replaceAll(':', '::')
  let value = base
  // A leading underscore is InfluxDB 2's own name space; the empty key is no key at all.
  if (RESERVED.has(base) || base === '') value = `${base}:value`
  else if (base.startsWith('_')) value = `:${base}`
  return { value, text: `${base}:text`, bad: `${base}:bad` }
}

/** A tag value as queries use it. */
export function tagValue(name: string): string {
  // Empty tag values are not allowed; '%' alone is never produced otherwise.
  return name === '' ? '%' : percentEncode(name)
}

/** The inverse of tagValue. */
export function nameOfTag(value: string): string {
  return value === '%' ? '' : value.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/**
 * Line protocol cannot express a backslash before a separator nor a newline, so those are percent-encoded (and '%' itself,
 * which keeps it unambiguous). Quotes too: parsers differ about them in keys. Everything else, Unicode included, stays.
 */
function percentEncode(name: string): string {
  return name
    .toWellFormed()
    .replace(ENCODED_CHARACTERS, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ENCODED_CHARACTERS = /[\u0000-\u001f\u007f"%\\]/g

/** A tag value, measurement or field name as it stands in a line. */
export function escapeName(name: string): string {
  return name.replace(/[,= ]/g, '\\$&')
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

interface FieldPrefixes {
  value: string
  text: string
  bad: string
}

// Handles live as long as their point or device, so the escaped names are made once; the maps let go with the handles.
const fieldPrefixes = new WeakMap<PointHandle, FieldPrefixes>()
const linePrefixes = new WeakMap<DeviceHandle, string>()

function fieldPrefixesOf(point: PointHandle): FieldPrefixes {
  let prefixes = fieldPrefixes.get(point)
  if (prefixes === undefined) {
    const names = fieldNames(point.key)
    prefixes = { value: `,${escapeName(names.value)}=`, text: `,${escapeName(names.text)}=`, bad: `,${escapeName(names.bad)}=` }
    fieldPrefixes.set(point, prefixes)
  }
  return prefixes
}

function linePrefixOf(device: DeviceHandle): string {
  let prefix = linePrefixes.get(device)
  if (prefix === undefined) {
    const tag = (name: string, value: string): string => `,${name}=${escapeName(tagValue(value))}`
    prefix = `${MEASUREMENT}${tag('site', device.site)}${tag('node', device.node)}${tag('device', device.device)} ${OFFSET_FIELD}=`
    linePrefixes.set(device, prefix)
  }
  return prefix
}

/** Lines of a scan, each ended by a newline; usually one. A scan without points has no time and gives ''. */
export function scanLines(scan: DeviceScan): string {
  const { points, timesMs } = scan
  const count = points.length
  if (count === 0) return ''
  const firstTimeMs = timesMs[0] as number
  const hasOffset = scan.offset !== NO_OFFSET
  const start = hasOffset ? `${linePrefixOf(scan.device)}${scan.offset}i` : ''
  let line = start
  let otherTimes: Map<number, string> | undefined
  for (let index = 0; index < count; index++) {
    const timeMs = timesMs[index] as number
    if (timeMs === firstTimeMs) {
      line += field(scan, index)
    } else {
      otherTimes ??= new Map()
      otherTimes.set(timeMs, (otherTimes.get(timeMs) ?? start) + field(scan, index))
    }
  }
  const ended = (fields: string, timeMs: number): string =>
    `${hasOffset ? fields : linePrefixOf(scan.device).slice(0, -OFFSET_FIELD.length - 1) + fields.slice(1)} ${Math.trunc(timeMs)}\n`
  let lines = ended(line, firstTimeMs)
  if (otherTimes !== undefined) for (const [timeMs, otherLine] of otherTimes) lines += ended(otherLine, timeMs)
  return lines
}

function field(scan: DeviceScan, index: number): string {
  const prefixes = fieldPrefixesOf(scan.points[index] as PointHandle)
  const value = scan.values[index]
  const reason = badReasonAt(scan, index)
  if (reason !== undefined) return `${prefixes.bad}${quoted(badText(reason, value))}`
  if (typeof value === 'number') return prefixes.value + value
  if (typeof value === 'boolean') return prefixes.value + (value ? '1' : '0')
  return `${prefixes.text}${quoted(storableText(value as string))}`
}

/** The body of one write, precision milliseconds. */
export function batchLines(scans: readonly DeviceScan[]): string {
  let body = ''
  for (const scan of scans) body += scanLines(scan)
  return body
}
