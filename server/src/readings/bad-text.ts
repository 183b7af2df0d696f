import { BAD_REASONS, type BadReason, type ReadingValue } from '@roomkeeper/shared/model'

/** Longest text kept of one reading: InfluxDB refuses string fields over 64 KiB, and UTF-8 takes up to 3 bytes per UTF-16 unit. */
const MAX_TEXT_LENGTH = 16_384

/**
 * A text as every store can hold it: line ends become a visible ␊ (line protocol has no newline in values), other control
 * characters and halves of surrogate pairs become U+FFFD, and very long texts are cut.
 */
export function storableText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text
  return cut
    .replace(/\r\n|\r|\n/g, '␊')
    .replace(CONTROL_CHARACTERS, '\ufffd')
    .toWellFormed()
}

// Tab stays: it is harmless in a quoted string field.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** A bad reading as one string, the reason first and the raw value as JSON after it: `out-of-range -159357104`, `sensor-error`. */
export function badText(reason: BadReason, value: ReadingValue | undefined): string {
  if (value === null || value === undefined) return reason
  if (typeof value === 'string') return `${reason} ${JSON.stringify(storableText(value))}`
  return `${reason} ${value}`
}

/** The inverse of badText. What cannot be parsed comes back as `sensor-error` with the whole text as value, so nothing is hidden. */
export function parseBadText(text: string): { reason: BadReason; value: ReadingValue } {
  const space = text.indexOf(' ')
  const reason = (space < 0 ? text : text.slice(0, space)) as BadReason
  if (!BAD_REASONS.includes(reason)) return { reason: 'sensor-error', value: text }
  if (space < 0) return { reason, value: null }
  const raw = text.slice(space + 1)
  // NaN and infinities are not JSON but are what a `not-a-number` reading carries.
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return { reason, value: Number(raw) }
  try {
    return { reason, value: JSON.parse(raw) as ReadingValue }
  } catch {
    return { reason, value: raw }
  }
}
