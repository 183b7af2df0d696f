import type { PointKind } from '@roomkeeper/shared/model'
import { decimal } from './decimal.ts'

type Variables = ReadonlyMap<string, string>

/** Below this a line is dead, and cannot tell what it is built for. */
const LIVE_VOLTS = 50
/** What is measured must be within this part of what is said to be nominal, or one of the two is wrong and nothing is known. */
const AGREEMENT = 0.2
const ROOT_3 = Math.sqrt(3)
/** Mains are 50 or 60 Hz, and no network strays so far from one that it could be the other. */
const AGREEMENT_HERTZ = 4
/** Where mains have 60 Hz and no more than this, the nominal voltage is one of these (IEC 60038 table 1, and 100 V in Japan). */
const LOW_VOLTAGE_COUNTRIES = { low: 85, high: 140, nominals: [100, 110, 120, 127] }
/** DC UPSes (DIN rail, telecom). An inverter's output never stays at such a voltage, so it decides for the input too. */
const DC = { low: 10, high: 60, nominals: [12, 24, 48] }
/** A UPS that leaves its mains below this voltage is built for 120 V, whatever it does not say. */
const LOW_TRANSFER_VOLTS = 170

/**
 * What the line of a point is built for, V or Hz, by the device's own words and checked by what it measures; undefined when that is not
 * known. The server's default limits go by it: 118 V is no sag where the mains have 120.
 */
export function nominalOf(key: string, kind: PointKind, variables: Variables): number | undefined {
  const prefix = /^device\.\d+\./.exec(key)?.[0] ?? ''
  const number = (name: string): number => decimal(variables.get(prefix + name))
  const value = decimal(variables.get(key))
  const isOutput = /^(?:output|outlet)\b/.test(key.slice(prefix.length))
  const sides = isOutput ? ['output', 'input'] : ['input', 'output']
  if (kind === 'frequency') return nominalHertz(value, number(`${sides[0]}.frequency.nominal`))
  if (kind !== 'voltage' && kind !== 'line-to-line-voltage') return undefined
  const said = [...sides, 'ups'].map((side) => number(`${side}.voltage.nominal`)).filter((volts) => volts > 0)
  for (const volts of said) {
    const candidates = kind === 'voltage' ? [volts, volts / ROOT_3] : [volts, volts * ROOT_3]
    const agreeing = value >= LIVE_VOLTS || volts < LIVE_VOLTS ? candidates.find((candidate) => agrees(value, candidate)) : volts
    if (agreeing !== undefined) return Math.round(agreeing)
  }
  if (kind !== 'voltage') return undefined
  const status = (variables.get(`${prefix}ups.status`) ?? '').split(/\s+/)
  const isRunning = !status.includes('OFF') && (status.includes('OL') || status.includes('OB'))
  // Dead mains may keep some volts; what a unit gives out may not.
  const telling = key.slice(prefix.length).startsWith('input') ? [value, number('output.voltage')] : [value]
  const isDc = isRunning && telling.every((volts) => volts >= DC.low && volts <= DC.high)
  return isDc ? nearest(DC.nominals, value) : unsaidMains(value, number)
}

function agrees(value: number, nominal: number): boolean {
  return Math.abs(value - nominal) <= AGREEMENT * nominal
}

function nominalHertz(value: number, said: number): number | undefined {
  const nominal = [50, 60].find((hertz) => Math.abs(value - hertz) <= AGREEMENT_HERTZ)
  return nominal ?? (value === 0 && (said === 50 || said === 60) ? said : undefined)
}

function unsaidMains(value: number, number: (name: string) => number): number | undefined {
  const { low, high, nominals } = LOW_VOLTAGE_COUNTRIES
  if (!(value >= low && value <= high)) return undefined
  const transfer = number('input.transfer.high')
  const hasSixtyHertz = ['input.frequency', 'output.frequency'].some((name) => Math.abs(number(name) - 60) <= AGREEMENT_HERTZ)
  if (!hasSixtyHertz && !(transfer > high / 2 && transfer < LOW_TRANSFER_VOLTS)) return undefined
  return nearest(nominals, value)
}

function nearest(nominals: readonly number[], value: number): number {
  return nominals.reduce((best, volts) => (Math.abs(value - volts) < Math.abs(value - best) ? volts : best))
}
