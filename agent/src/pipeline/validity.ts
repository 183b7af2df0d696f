import { type BadReason, POINT_KINDS, type PointKindInfo, type ReadingValue } from '@roomkeeper/shared/model'
import type { PointDescription, RawReading } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'

/**
 * Judges one raw reading by itself: can it be true? The value is kept as the device sent it, so that people see what the sensor said;
 * only what is no value at all becomes null.
 */
export function judgeValue(point: PointDescription, raw: RawReading | undefined): Reading {
  const { key } = point
  if (raw === undefined) return bad(key, null, 'sensor-error')
  const { value } = raw
  if (raw.bad !== undefined) return bad(key, typeof value === 'number' && !Number.isFinite(value) ? null : value, raw.bad)
  if (value === null) return bad(key, null, 'sensor-error')
  const kind: PointKindInfo = POINT_KINDS[point.kind]
  if (kind.valueType === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return bad(key, null, 'not-a-number')
    if (point.sentinels?.includes(value)) return bad(key, value, 'sentinel')
    const range = point.range ?? kind.range
    if (range && (value < range.low || value > range.high)) return bad(key, value, 'out-of-range')
  } else if (typeof value !== (kind.valueType === 'boolean' ? 'boolean' : 'string')) {
    return bad(key, null, 'sensor-error')
  }
  const reason = point.kind === 'ups-status' ? judgeUpsStatus(value as string) : undefined
  return reason ? bad(key, value, reason) : { key, value, quality: 'good' }
}

/** Real UPSes have been seen to send an empty status, and on line together with on battery. */
function judgeUpsStatus(status: string): BadReason | undefined {
  const tokens = new Set(status.split(/\s+/).filter((token) => token !== ''))
  if (tokens.size === 0) return 'sensor-error'
  return tokens.has('OL') && tokens.has('OB') ? 'contradiction' : undefined
}

export function bad(key: string, value: ReadingValue, reason: BadReason): Reading {
  return { key, value, quality: 'bad', reason }
}
