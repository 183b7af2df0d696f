import type { PointDescription, RawReading } from '../driver.ts'
import { decimal } from './decimal.ts'
import { nominalOf } from './nominal.ts'
import { UNKNOWN_RUNTIME_SECONDS, unmeasuredReason } from './unmeasured.ts'
import { measuredVariable } from './variable-name.ts'

/** Between two phases it is √3 times the phase's: 690 V in the greatest low-voltage networks (IEC 60038), and 15 % more. */
const LINE_TO_LINE_RANGE_VOLTS = { low: 0, high: 800 }
/** Air in a room is never without any moisture: drivers write 0 for a probe that measures none, or that is not there. */
const NO_HUMIDITY_PROBE = 0

/** The points a device with these variables has: its measurements and statuses. The variable's name is the key. */
export function pointsOf(variables: ReadonlyMap<string, string>): PointDescription[] {
  return [...variables.keys()].sort(statusFirst).flatMap((key) => {
    const measured = measuredVariable(key)
    if (measured === undefined || saysWhyNot(key, variables)) return []
    const { kind, unit } = measured.quantity
    const nominal = nominalOf(key, kind, variables)
    return [
      {
        key,
        kind,
        unit,
        name: measured.name,
        ...(kind === 'voltage' && /\.L[123]-L[123]\./.test(key) && { range: LINE_TO_LINE_RANGE_VOLTS }),
        ...(kind === 'humidity' && { sentinels: [NO_HUMIDITY_PROBE] }),
        ...(kind === 'battery-runtime' && { sentinels: [UNKNOWN_RUNTIME_SECONDS] }),
        ...(nominal !== undefined && { nominal }),
      },
    ]
  })
}

/** One point's reading. A variable that is gone, or a status that is empty, is the device saying that it does not know. */
export function readingOf(point: PointDescription, variables: ReadonlyMap<string, string>): RawReading {
  const { key, kind } = point
  const text = variables.get(key)
  if (text === undefined) {
    // NUT takes this one away when there is nothing to tell.
    if (key.endsWith('ups.alarm')) return { key, value: '' }
    return { key, value: null, bad: 'sensor-error' }
  }
  if (kind === 'ups-status') {
    const status = statusTokens(text)
    return status === '' ? { key, value: status, bad: 'sensor-error' } : { key, value: status }
  }
  if (kind === 'text') return { key, value: text.trim() }
  if (kind === 'contact') return contactReading(key, text.trim(), variables.get(key.replace(/status$/, 'config')))
  if (isAbsentProbe(key, variables)) return { key, value: null, bad: 'sensor-error' }
  const value = decimal(text)
  if (!Number.isFinite(value)) return { key, value: null, bad: 'not-a-number' }
  const reason = isWithoutProbe(point, value, variables) ? 'sentinel' : unmeasuredReason(key, kind, value, variables)
  return reason === undefined ? { key, value } : { key, value, bad: reason }
}

/** upsd reports this until a driver has sent its first data; the other variables are not there yet. */
export function isWaiting(variables: ReadonlyMap<string, string>): boolean {
  return statusTokens(variables.get('ups.status') ?? '')
    .split(' ')
    .includes('WAIT')
}

/** `ups.efficiency: LoadTooLow` (APC by Modbus) tells why there is none now. That is no broken sensor, and no point as long as it is so. */
function saysWhyNot(key: string, variables: ReadonlyMap<string, string>): boolean {
  return key.endsWith('.efficiency') && /^[A-Za-z]{4,}$/.test(variables.get(key)?.trim() ?? '')
}

function statusTokens(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ')
}

/** `ambient.2.present: no`: the hub still repeats what the probe said last, or zeros. */
function isAbsentProbe(key: string, variables: ReadonlyMap<string, string>): boolean {
  const probe = /^.*?ambient(?:\.\d+)?(?=\.)/.exec(key)?.[0]
  return probe !== undefined && variables.get(`${probe}.present`)?.trim() === 'no'
}

/** 0 °C together with 0 % is an empty socket (Eaton and APC cards), not a frozen room. */
function isWithoutProbe({ key, kind }: PointDescription, value: number, variables: ReadonlyMap<string, string>): boolean {
  return kind === 'temperature' && value === 0 && decimal(variables.get(key.replace(/temperature$/, 'humidity'))) === NO_HUMIDITY_PROBE
}

/** Bad is `active`, the word for "not as configured"; of the raw states it is the one a contact does not have at rest, which is open unless `config` says so. */
function contactReading(key: string, text: string, config: string | undefined): RawReading {
  const restsClosed = config?.trim() === 'normal-closed'
  if (text === 'active') return { key, value: true }
  if (text === 'inactive') return { key, value: false }
  if (text === 'closed') return { key, value: !restsClosed }
  if (text === 'opened' || text === 'open') return { key, value: restsClosed }
  return { key, value: null, bad: 'sensor-error' }
}

/** The status is what people look for first; the rest in the order of the names, with 2 before 10. */
function statusFirst(a: string, b: string): number {
  if (a === 'ups.status' || b === 'ups.status') return a === b ? 0 : a === 'ups.status' ? -1 : 1
  return a.localeCompare(b, 'en', { numeric: true })
}
