import { describe, expect, it } from 'vitest'
import type { PointDescription, RawReading } from '../drivers/driver.ts'
import { pointsOf, readingOf } from '../drivers/nut/variables.ts'
import { createPipeline } from './index.ts'

type Variables = Record<string, string>

/** A UPS by its NUT variables: the status after each scan, with its quality. */
function statuses(scans: readonly Variables[], intervalMs = 10_000): string[] {
  const points: PointDescription[] = pointsOf(new Map(Object.entries(Object.assign({}, ...scans) as Variables)))
  const pipeline = createPipeline({ points })
  return scans.map((variables, scan) => {
    const map = new Map(Object.entries(variables))
    const raw: RawReading[] = points.map((point) => readingOf(point, map))
    const reading = pipeline.process(raw, scan * intervalMs).find(({ key }) => key === 'ups.status')
    return reading?.reason === undefined ? String(reading?.value) : `!${reading.reason}`
  })
}
const once = (variables: Variables): string | undefined => statuses([variables])[0]

const LIVE = { 'input.voltage': '229.0', 'input.frequency': '50.0', 'output.voltage': '230.0' }
const DEAD = { 'input.voltage': '0.0', 'input.frequency': '0.0', 'output.voltage': '230.0' }
const PHASES = { 'input.L1-N.voltage': '230', 'input.L2-N.voltage': '231', 'input.L3-N.voltage': '229' }

describe('a status that says on line and on battery', () => {
  it.each<[string, Variables, string]>([
    ['dead mains', { 'ups.status': 'OL OB DISCHRG', ...DEAD }, 'OB DISCHRG'],
    ['dead mains, other words stay', { 'ups.status': 'OL OB CHRG LB ECO', ...DEAD }, 'OB LB ECO'],
    ['live mains, no battery current', { 'ups.status': 'OL DISCHRG OB', ...LIVE, 'battery.current': '0.00' }, 'OL'],
    [
      'a card without input voltage',
      { 'ups.status': 'OL DISCHRG OB', 'input.frequency': '50.00', 'battery.current': '0.00', 'battery.charge': '98' },
      'OL',
    ],
    ['three live phases', { 'ups.status': 'OL OB', ...PHASES, 'battery.current': '0.2' }, 'OL'],
    // A lost phase is a reason to be on battery.
    ['a dead phase', { 'ups.status': 'OL OB', ...PHASES, 'input.L2-N.voltage': '3', 'battery.current': '0' }, '!contradiction'],
    // A broken rectifier runs down the battery beside healthy mains.
    ['live mains, nothing of the battery', { 'ups.status': 'OL OB', ...LIVE }, '!contradiction'],
    ['live mains, battery current', { 'ups.status': 'OL OB', ...LIVE, 'battery.current': '-11.5' }, '!contradiction'],
    ['sagging mains', { 'ups.status': 'OL OB', ...LIVE, 'input.voltage': '61', 'battery.current': '0' }, '!contradiction'],
    ['mains of a wrong frequency', { 'ups.status': 'OL OB', ...LIVE, 'input.frequency': '39', 'battery.current': '0' }, '!contradiction'],
    ['mains measured as garbage', { 'ups.status': 'OL OB', 'input.voltage': '-159357104.0', 'battery.current': '0' }, '!contradiction'],
    ['only a live bypass', { 'ups.status': 'OL OB', 'input.bypass.voltage': '230', 'battery.current': '0' }, '!contradiction'],
    ['nothing measured', { 'ups.status': 'OL OB' }, '!contradiction'],
  ])('%s', (_name, variables, expected) => {
    expect(once(variables)).toBe(expected)
  })

  it('is on battery while the charge falls, though the mains are live', () => {
    const scans = [100, 100, 99, 98, 97].map((charge) => ({ 'ups.status': 'OL OB', ...LIVE, 'battery.charge': String(charge) }))
    expect(statuses(scans)).toEqual(['!contradiction', '!contradiction', 'OB', 'OB', 'OB'])
  })
  it('is on battery by a falling charge even when a card gives its battery current as 0', () => {
    const scans = [100, 99].map((charge) => ({ 'ups.status': 'OL OB', ...LIVE, 'battery.charge': String(charge), 'battery.current': '0' }))
    expect(statuses(scans)).toEqual(['OL', 'OB'])
  })
  it('is on line once the charge has not moved for five minutes', () => {
    const scans = Array.from({ length: 7 }, () => ({ 'ups.status': 'OL OB', ...LIVE, 'battery.charge': '97' }))
    expect(statuses(scans, 60_000)).toEqual([...Array(5).fill('!contradiction'), 'OL', 'OL'])
  })
  it('waits longer where 1 % takes longer', () => {
    const scans = Array.from({ length: 12 }, () => ({ 'ups.status': 'OL OB', ...LIVE, 'battery.charge': '97', 'battery.runtime': '30000' }))
    expect(statuses(scans, 60_000).indexOf('OL')).toBe(10)
  })
  it('stays on battery between two per cents of a slow discharge', () => {
    const scans = Array.from({ length: 20 }, (_, scan) => ({
      'ups.status': 'OL OB',
      ...LIVE,
      'battery.charge': String(100 - Math.floor(scan / 4)),
      'battery.runtime': '24000',
    }))
    expect(new Set(statuses(scans, 60_000).slice(4))).toEqual(new Set(['OB']))
  })
})

describe('a status that says charging and discharging', () => {
  it.each<[string, string, Variables, string]>([
    ['keeps OB, and discharges', 'OB CHRG DISCHRG', LIVE, 'OB DISCHRG'],
    ['on line, leaves out what is not known', 'OL CHRG DISCHRG RB', LIVE, 'OL RB'],
    ['both contradictions, dead mains', 'OL OB CHRG DISCHRG', DEAD, 'OB DISCHRG'],
  ])('%s', (_name, status, measured, expected) => {
    expect(once({ 'ups.status': status, ...measured })).toBe(expected)
  })
  it('follows the charge', () => {
    const scans = [50, 51].map((charge) => ({ 'ups.status': 'OL CHRG DISCHRG', ...LIVE, 'battery.charge': String(charge) }))
    expect(statuses(scans)).toEqual(['OL', 'OL CHRG'])
  })
})

describe('a status that says nothing', () => {
  it.each<[string, Variables, string]>([
    ['dead mains, live output', { 'ups.status': '', ...DEAD }, 'OB'],
    ['live mains, resting battery', { 'ups.status': '', ...LIVE, 'battery.current': '0' }, 'OL'],
    ['live mains alone', { 'ups.status': '', ...LIVE }, '!sensor-error'],
    ['a UPS that is off', { 'ups.status': '', ...LIVE, 'output.voltage': '0', 'battery.current': '0' }, '!sensor-error'],
    ['a PDU', { 'ups.status': '', 'outlet.voltage': '230' }, '!sensor-error'],
  ])('%s', (_name, variables, expected) => {
    expect(once(variables)).toBe(expected)
  })
})

it.each(['OL', 'OB DISCHRG', 'OL CHRG', 'OL DISCHRG CAL', 'OB LB', 'OFF', 'OL ECO'])(
  '%s is left as it is, whatever is measured',
  (status) => {
    expect(once({ 'ups.status': status, ...DEAD })).toBe(status)
    expect(once({ 'ups.status': status, ...LIVE, 'battery.current': '0' })).toBe(status)
  },
)

describe('what the UPS said', () => {
  it('is a point of its own where something can contradict it', () => {
    const variables = new Map(Object.entries({ 'ups.status': 'OL OB', ...DEAD }))
    const points = pointsOf(variables)
    const pipeline = createPipeline({ points })
    expect(pipeline.points.find(({ key }) => key === 'ups.status.said')).toMatchObject({ kind: 'text' })
    const readings = pipeline.process(
      points.map((point) => readingOf(point, variables)),
      0,
    )
    expect(readings).toContainEqual({ key: 'ups.status', value: 'OB', quality: 'good' })
    expect(readings).toContainEqual({ key: 'ups.status.said', value: 'OL OB', quality: 'good' })
  })
  it('can be left out, and the status is resolved all the same', () => {
    const variables = new Map(Object.entries({ 'ups.status': 'OL OB', ...DEAD }))
    const points = pointsOf(variables)
    const pipeline = createPipeline({ points }, { overrides: { 'ups.status.said': { ignore: true } } })
    const readings = pipeline.process(
      points.map((point) => readingOf(point, variables)),
      0,
    )
    expect(pipeline.points.map(({ key }) => key)).not.toContain('ups.status.said')
    expect(readings.map(({ key }) => key)).not.toContain('ups.status.said')
    expect(readings).toContainEqual({ key: 'ups.status', value: 'OB', quality: 'good' })
  })
  it('is not there where nothing can', () => {
    const pipeline = createPipeline({ points: pointsOf(new Map([['ups.status', 'OL']])) })
    expect(pipeline.points.map(({ key }) => key)).toEqual(['ups.status'])
  })
})
