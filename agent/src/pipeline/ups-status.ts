import type { PointDescription, RawReading } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { bad } from './validity.ts'

/** Below this a line is dead: what is left is coupled in from the neighbouring wires. */
const DEAD_VOLTS = 20
/** A healthy line, phase or phase to phase: the lowest nominal voltage is 100 V (Japan), less 15 %. Above it is the UPS's own range. */
const LIVE_VOLTS = 85
/** Mains of 50 and 60 Hz within what generators keep; a dead line measures 0 Hz. */
const LIVE_HERTZ = { low: 45, high: 65 }
const DEAD_HERTZ = 10
/** A resting battery; the float current of a large string, and the last digit of a sensor of 0.1 A. A UPS at 5 % load draws more. */
const RESTING_AMPERES = 0.5
/** A charge that has not moved for so long is not being used, and for twice the time in which the runtime that is left would take 1 %. */
const STEADY_MS = 300_000
const STEADY_PER_RUNTIME = 0.02
/** The charge is given in whole per cents. */
const CHARGE_STEP_PERCENT = 1

/** Where a device's UPS status and what can decide about it stand among its points. */
export interface StatusSources {
  statusKey: string
  /** What the UPS said, as it said it, beside the status that is published. */
  said: PointDescription
  inputVoltages: readonly string[]
  inputFrequencies: readonly string[]
  outputVoltages: readonly string[]
  batteryCurrents: readonly string[]
  charge: string | undefined
  runtime: string | undefined
}

/** How the charge has moved since a contradiction began. */
export interface ContradictionMemory {
  chargePercent: number | undefined
  /** When it moved last, or was seen first; and which way. */
  movedMs: number
  moved: 'down' | 'up' | undefined
}

/**
 * The sources of a UPS whose status can be checked, undefined when there is nothing to check it by. Keys are named alike by all drivers
 * (NUT's variable names); a bypass is another line, and says nothing of the rectifier's.
 */
export function statusSourcesOf(points: readonly PointDescription[]): StatusSources | undefined {
  const status = points.find(({ kind, key }) => kind === 'ups-status' && !key.startsWith('device.'))
  if (status === undefined) return undefined
  const keys = (kind: PointDescription['kind'], pattern: RegExp): string[] =>
    points.flatMap((point) => (point.kind === kind && pattern.test(point.key) ? [point.key] : []))
  const sources: StatusSources = {
    statusKey: status.key,
    said: {
      key: `${status.key}.said`,
      kind: 'text',
      unit: '1',
      name: { zh: `${status.name?.zh ?? 'UPS 状态'}（设备原文）`, en: `${status.name?.en ?? 'UPS status'}, as the device says it` },
    },
    inputVoltages: [...keys('voltage', /^input\b(?!.*bypass)/), ...keys('line-to-line-voltage', /^input\b(?!.*bypass)/)],
    inputFrequencies: keys('frequency', /^input\b(?!.*bypass)/),
    outputVoltages: [...keys('voltage', /^output\b(?!.*bypass)/), ...keys('line-to-line-voltage', /^output\b(?!.*bypass)/)],
    batteryCurrents: keys('current', /^battery\b/),
    charge: keys('battery-charge', /^battery\b/)[0],
    runtime: keys('battery-runtime', /^battery\b/)[0],
  }
  const canDecide = sources.inputVoltages.length + sources.inputFrequencies.length > 0
  return canDecide && !points.some(({ key }) => key === sources.said.key) ? sources : undefined
}

/** What the device said, word for word. */
export function saidReading({ statusKey, said: { key } }: StatusSources, rawByKey: ReadonlyMap<string, RawReading>): Reading {
  const value = rawByKey.get(statusKey)?.value
  return typeof value === 'string' ? { key, value, quality: 'good' } : bad(key, null, 'sensor-error')
}

/**
 * Resolves a status that contradicts itself (OL with OB, CHRG with DISCHRG, or nothing at all) by what is measured in the same scan, and
 * by how the charge has moved since it began. What cannot be decided stays bad: a suspect UPS is looked at, a false OL is not.
 * @param monotonicMs time of the scan
 */
export function resolveStatus(
  reading: Reading,
  sources: StatusSources,
  byKey: ReadonlyMap<string, Reading>,
  memory: ContradictionMemory | undefined,
  monotonicMs: number,
): { reading: Reading; memory: ContradictionMemory | undefined } {
  const tokens = tokensOf(reading)
  if (tokens === undefined) return { reading, memory: undefined }
  const has = (token: string): boolean => tokens.includes(token)
  const isUndecided = tokens.length === 0 || (has('OL') && has('OB'))
  const isBothWays = has('CHRG') && has('DISCHRG')
  if (!isUndecided && !isBothWays) return { reading, memory: undefined }

  const charge = sources.charge === undefined ? undefined : numberOf(byKey.get(sources.charge))
  const now = withCharge(memory, charge, monotonicMs)
  const battery = batteryOf(sources, byKey, now, monotonicMs)
  const key = reading.key
  if (isUndecided) {
    const power = powerOf(sources, byKey, battery)
    // A UPS that is off also has nothing to say.
    const isOff = tokens.length === 0 && !numbersOf(sources.outputVoltages, byKey).some((volts) => volts >= LIVE_VOLTS)
    if (power === undefined || isOff) return { reading: bad(key, reading.value, reading.reason ?? 'contradiction'), memory: now }
    const value = power === 'OB' ? without(tokens, ['OL', 'CHRG'], 'OB') : without(tokens, ['OB', 'DISCHRG'], 'OL')
    return { reading: { key, value, quality: 'good' }, memory: now }
  }
  // The source of power is clear and must not be lost with the doubt about the battery: what is not known is left out.
  const isDischarging = battery === 'discharging' || has('OB')
  const value = without(tokens, isDischarging ? ['CHRG'] : battery === 'charging' ? ['DISCHRG'] : ['CHRG', 'DISCHRG'])
  return { reading: { key, value, quality: 'good' }, memory: now }
}

/** The tokens of a status that may be resolved: a good one, a contradiction, or an empty one. */
function tokensOf({ value, quality, reason }: Reading): string[] | undefined {
  if (typeof value !== 'string') return undefined
  const tokens = value.split(/\s+/).filter(Boolean)
  return quality === 'good' || reason === 'contradiction' || (reason === 'sensor-error' && tokens.length === 0) ? tokens : undefined
}

/** Dead mains are OB by themselves. Live mains are OL only when the battery rests too: a broken rectifier runs down the battery beside healthy mains. */
function powerOf(sources: StatusSources, byKey: ReadonlyMap<string, Reading>, battery: BatteryState | undefined): 'OL' | 'OB' | undefined {
  if (battery === 'discharging') return 'OB'
  const volts = numbersOf(sources.inputVoltages, byKey)
  const hertz = numbersOf(sources.inputFrequencies, byKey)
  const [values, dead] = volts.length > 0 ? [volts, DEAD_VOLTS] : [hertz, DEAD_HERTZ]
  if (values.length === 0) return undefined
  if (values.every((value) => value < dead)) return 'OB'
  const isLive = volts.every((value) => value >= LIVE_VOLTS) && hertz.every((value) => value >= LIVE_HERTZ.low && value <= LIVE_HERTZ.high)
  return isLive && battery !== undefined ? 'OL' : undefined
}

type BatteryState = 'discharging' | 'resting' | 'charging'

/**
 * What the battery does. Its current has no agreed sign (RFC 1628 leaves it open, NUT's drivers differ), so only its absence counts; the
 * runtime moves with the load and says only how fast the charge would fall.
 */
function batteryOf(
  { batteryCurrents, runtime }: StatusSources,
  byKey: ReadonlyMap<string, Reading>,
  { chargePercent, moved, movedMs }: ContradictionMemory,
  nowMs: number,
): BatteryState | undefined {
  const runtimeSeconds = (runtime === undefined ? undefined : numberOf(byKey.get(runtime))) ?? 0
  const steadyMs = Math.max(STEADY_MS, runtimeSeconds * 1000 * STEADY_PER_RUNTIME)
  const isSteady = nowMs - movedMs >= steadyMs
  if (moved !== undefined && !isSteady) return moved === 'down' ? 'discharging' : 'charging'
  const amperes = numbersOf(batteryCurrents, byKey)
  if (amperes.length > 0 && amperes.every((current) => Math.abs(current) <= RESTING_AMPERES)) return 'resting'
  return chargePercent !== undefined && isSteady ? 'resting' : undefined
}

function withCharge(memory: ContradictionMemory | undefined, charge: number | undefined, nowMs: number): ContradictionMemory {
  if (memory?.chargePercent === undefined) return { chargePercent: charge, movedMs: nowMs, moved: undefined }
  if (charge === undefined) return memory
  const change = charge - memory.chargePercent
  if (Math.abs(change) < CHARGE_STEP_PERCENT) return memory
  return { chargePercent: charge, movedMs: nowMs, moved: change < 0 ? 'down' : 'up' }
}

function without(tokens: readonly string[], left: readonly string[], first?: string): string {
  const kept = tokens.filter((token) => !left.includes(token))
  return (first === undefined || kept.includes(first) ? kept : [first, ...kept]).join(' ')
}

function numbersOf(keys: readonly string[], byKey: ReadonlyMap<string, Reading>): number[] {
  return keys.flatMap((key) => numberOf(byKey.get(key)) ?? [])
}

function numberOf(reading: Reading | undefined): number | undefined {
  return reading?.quality === 'good' && typeof reading.value === 'number' ? reading.value : undefined
}
