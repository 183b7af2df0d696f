import { POINT_KINDS, type PointKind } from '@roomkeeper/shared/model'
import type { PointDescription, RawReading } from './driver.ts'

/** A point as a message told of it: what it is, and its value. */
export interface ReportedPoint {
  description: PointDescription
  reading: RawReading
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const ON = ['on', 'true', '1', 'open', 'yes', 'wet', 'detected', 'alarm']
const OFF = ['off', 'false', '0', 'closed', 'no', 'dry', 'clear', 'normal']

/** A number as devices write it, also as text. `null`, `nan`, `unavailable` and the like give a reading that is bad. */
export function numberReading(
  key: string,
  value: unknown,
  { scale = 1, offset = 0 }: { scale?: number; offset?: number } = {},
): RawReading {
  if (value === undefined || value === null) return { key, value: null, bad: 'sensor-error' }
  const text = typeof value === 'string' ? value.trim() : value
  const number = typeof text === 'number' ? text : typeof text === 'string' && DECIMAL.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(number)) return { key, value: withoutFloatNoise(number * scale + offset) }
  return {
    key,
    value: null,
    bad: typeof text === 'string' && /^(unavailable|unknown|none|null)$/i.test(text) ? 'sensor-error' : 'not-a-number',
  }
}

/** A contact as devices write it (`true`, `ON`, 1, `open` …); true is the bad state. Anything else is bad. */
export function contactReading(key: string, value: unknown, isInverted = false): RawReading {
  const word = wordOf(value)
  const isOn = ON.includes(word) ? true : OFF.includes(word) ? false : undefined
  return isOn === undefined ? { key, value: null, bad: 'sensor-error' } : { key, value: isOn !== isInverted }
}

/** A contact whose two states are written down. Anything else is bad. */
export function namedContactReading(key: string, value: unknown, badWhen: readonly unknown[], wellWhen: readonly unknown[]): RawReading {
  const word = wordOf(value)
  const isIn = (list: readonly unknown[]): boolean => list.some((one) => wordOf(one) === word)
  if (isIn(badWhen)) return { key, value: true }
  return isIn(wellWhen) ? { key, value: false } : { key, value: null, bad: 'sensor-error' }
}

/** A value by its kind's type. */
export function readingOfKind(kind: PointKind, key: string, value: unknown): RawReading {
  const { valueType } = POINT_KINDS[kind]
  if (valueType === 'boolean') return contactReading(key, value)
  if (valueType === 'number') return numberReading(key, value)
  return typeof value === 'string' ? { key, value } : { key, value: null, bad: 'sensor-error' }
}

/** A name as part of a point's key: no spaces and none of `/ + #`. */
export function keyPart(text: string): string {
  return text.trim().replace(/[\s/+#]+/g, '-') || '-'
}

/** What a point is called: whose it is, and what it measures. */
export function pointName(owner: string, kind: PointKind, property?: string): { zh: string; en: string } {
  const { zh, en } = POINT_KINDS[kind]
  const isNamed = kind !== 'number' && kind !== 'contact' && kind !== 'text'
  const words = isNamed || property === undefined ? { zh, en } : { zh: property, en: property }
  return { zh: `${owner} ${words.zh}`.trim(), en: `${owner} ${words.en}`.trim() }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? String(value).trim().toLowerCase() : ''
}

/** (71.8 − 32) / 1.8 is 22.111111111111107; no sensor is that fine. */
function withoutFloatNoise(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
