import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isWaiting, pointsOf, readingOf } from './variables.ts'

function variablesOf(testcase: string): Map<string, string> {
  const text = readFileSync(new URL(`./testcases/${testcase}.dev`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
}

/** Each point of the case as `kind unit value`, a bad one as `kind unit !reason`. */
function pointsAndReadings(testcase: string): Record<string, string> {
  const variables = variablesOf(testcase)
  return Object.fromEntries(
    pointsOf(variables).map((point) => {
      const { value, bad } = readingOf(point, variables.get(point.key))
      return [point.key, `${point.kind} ${point.unit} ${bad === undefined ? value : `!${bad}`}`]
    }),
  )
}

describe('variables as points', () => {
  it('takes the measurements of a single-phase UPS, and nothing that is set or nominal', () => {
    expect(pointsAndReadings('single-phase')).toEqual({
      'ups.status': 'ups-status 1 OL CHRG',
      'ups.load': 'load % 23',
      'ups.realpower': 'power W 310',
      'ups.temperature': 'board-temperature Cel 31.5',
      'battery.charge': 'battery-charge % 96',
      'battery.runtime': 'battery-runtime s 1860',
      'battery.voltage': 'battery-voltage V 27.3',
      'battery.temperature': 'battery-temperature Cel 28',
      'input.voltage': 'voltage V 229.8',
      'input.frequency': 'frequency Hz 50',
      'output.voltage': 'voltage V 230.4',
      'output.current': 'current A 1.4',
      'ambient.temperature': 'temperature Cel 24.6',
      'ambient.humidity': 'humidity % 44',
      'ambient.2.temperature': 'temperature Cel 22.1',
      'ambient.2.contacts.1.status': 'contact 1 true',
      'ambient.contacts.1.status': 'contact 1 false',
    })
  })

  it('takes every phase of a three-phase UPS', () => {
    expect(pointsAndReadings('three-phase')).toEqual({
      'ups.status': 'ups-status 1 OL',
      'ups.load': 'load % 61',
      'input.L1-N.voltage': 'voltage V 231',
      'input.L2-N.voltage': 'voltage V 230',
      'input.L3-N.voltage': 'voltage V 229',
      'input.L1-L2.voltage': 'voltage V 400',
      'input.L1.current': 'current A 48',
      'input.N.current': 'current A 3',
      'input.frequency': 'frequency Hz 50',
      'input.bypass.L1-N.voltage': 'voltage V 231',
      'input.bypass.frequency': 'frequency Hz 50',
      'output.L1-N.voltage': 'voltage V 230',
      'output.L1.current': 'current A 47',
      'output.L1.power': 'power VA 10800',
      'output.L1.realpower': 'power W 9900',
      'output.L1.power.percent': 'load % 60',
    })
  })

  it('passes on numbers however wrong, and says what is no number and no status', () => {
    expect(pointsAndReadings('garbage')).toEqual({
      'ups.status': 'ups-status 1 !sensor-error',
      'ups.load': 'load % !not-a-number',
      'battery.charge': 'battery-charge % !not-a-number',
      'battery.temperature': 'battery-temperature Cel !not-a-number',
      'input.voltage': 'voltage V -159357104',
      'input.frequency': 'frequency Hz !not-a-number',
      'output.voltage': 'voltage V !not-a-number',
      'ambient.1.contacts.1.status': 'contact 1 !sensor-error',
    })
  })

  it('reads a PDU by its totals, without a status it never has', () => {
    expect(pointsAndReadings('pdu')).toEqual({
      'outlet.voltage': 'voltage V 228',
      'outlet.current': 'current A 5.2',
      'outlet.realpower': 'power W 1130',
      'ups.temperature': 'board-temperature Cel 39',
    })
  })

  it('names points in both languages, with the phase', () => {
    const names = new Map(pointsOf(variablesOf('three-phase')).map(({ key, name }) => [key, name]))
    expect(names.get('input.frequency')).toEqual({ zh: '输入频率', en: 'Input frequency' })
    expect(names.get('output.L1.power.percent')).toEqual({ zh: '输出L1负载', en: 'Output L1 load' })
  })

  it('knows that nothing is known while upsd waits for its driver', () => {
    expect(isWaiting(new Map([['ups.status', 'WAIT']]))).toBe(true)
    expect(isWaiting(new Map([['ups.status', 'OL']]))).toBe(false)
    expect(isWaiting(new Map())).toBe(false)
  })
})
