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
      const { value, bad } = readingOf(point, variables)
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
      'ups.alarm': 'text 1 ',
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
      'input.L1-L2.voltage': 'line-to-line-voltage V 400',
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

  it('passes on numbers however wrong, and says what is no number, no status and no probe', () => {
    expect(pointsAndReadings('garbage')).toEqual({
      'ups.status': 'ups-status 1 !sensor-error',
      'ups.load': 'load % !not-a-number',
      'battery.charge': 'battery-charge % !not-a-number',
      'battery.temperature': 'battery-temperature Cel !not-a-number',
      'input.voltage': 'voltage V -159357104',
      'input.frequency': 'frequency Hz !not-a-number',
      'input.L1-N.voltage': 'voltage V !not-a-number',
      'input.L2-N.voltage': 'voltage V !not-a-number',
      'output.voltage': 'voltage V !not-a-number',
      'output.frequency': 'frequency Hz !sentinel',
      'output.L1-N.voltage': 'voltage V 231',
      'ambient.temperature': 'temperature Cel !sentinel',
      'ambient.humidity': 'humidity % 0',
      'ambient.1.contacts.1.status': 'contact 1 !sensor-error',
      'ambient.2.temperature': 'temperature Cel !sensor-error',
    })
    const humidity = pointsOf(variablesOf('garbage')).find(({ kind }) => kind === 'humidity')
    expect(humidity?.sentinels).toEqual([0])
  })

  it('reads a PDU by its totals, its groups and its outlets; an empty status is bad', () => {
    expect(pointsAndReadings('pdu')).toEqual({
      'ups.status': 'ups-status 1 !sensor-error',
      'input.voltage': 'voltage V 229',
      'input.voltage.status': 'text 1 good',
      'input.load': 'load % 25',
      'outlet.voltage': 'voltage V 228',
      'outlet.current': 'current A 5.2',
      'outlet.realpower': 'power W 1130',
      'outlet.1.current': 'current A 0.7',
      'outlet.1.status': 'text 1 on',
      'outlet.1.voltage': 'voltage V 228',
      'outlet.1.powerfactor': 'number 1 0.97',
      'outlet.2.realpower': 'power W 310',
      'outlet.group.1.current': 'current A 3.1',
      'ups.temperature': 'board-temperature Cel 39',
    })
  })

  it('reads names by their form, also those no list has', () => {
    expect(pointsAndReadings('names')).toEqual({
      'ups.status': 'ups-status 1 OL',
      'ups.alarm': 'text 1 Replace battery!',
      'ups.test.result': 'text 1 Done and passed',
      'ups.efficiency': 'number % 95',
      'ups.beeper.status': 'text 1 enabled',
      'battery.voltage.cell.max': 'battery-voltage V 3.44',
      'battery.voltage.cell.min': 'battery-voltage V 3.41',
      'battery.cell.4.voltage': 'battery-voltage V 3.42',
      'battery.2.temperature': 'battery-temperature Cel 26',
      'battery.packs': 'number 1 4',
      'battery.packs.bad': 'number 1 1',
      'battery.charger.status': 'text 1 resting',
      'battery.current.total': 'current A -1.5',
      'input.1.voltage': 'voltage V 221',
      'input.2.frequency': 'frequency Hz 50',
      'input.transfer.reason': 'text 1 input voltage out of range',
      'input.L3-L1.voltage': 'line-to-line-voltage V 690',
      'output.inverter.voltage': 'voltage V 230',
      'device.2.ups.status': 'ups-status 1 OB DISCHRG',
      'device.2.battery.charge': 'battery-charge % 71',
    })
  })

  it.each([
    ['open', undefined, false],
    ['closed', undefined, true],
    ['closed', 'normal-closed', false],
    ['opened', 'normal-closed', true],
    ['inactive', 'normal-closed', false],
  ])('a contact that is %s, configured %s, is %s', (status, config, isBad) => {
    const key = 'ambient.1.contacts.1.status'
    const variables = new Map([[key, status], ...(config ? [['ambient.1.contacts.1.config', config] as const] : [])])
    const [point] = pointsOf(variables)
    expect(point && readingOf(point, variables)).toEqual({ key, value: isBad })
  })

  it('takes an alarm that went away for none, and a measurement that did for a failure', () => {
    const variables = variablesOf('names')
    const points = new Map(pointsOf(variables).map((point) => [point.key, point]))
    const read = (key: string) => readingOf(points.get(key) ?? expect.fail(key), new Map())
    expect(read('ups.alarm')).toEqual({ key: 'ups.alarm', value: '' })
    expect(read('ups.efficiency')).toMatchObject({ bad: 'sensor-error' })
  })

  it('names points in both languages, with the phase', () => {
    const names = new Map(pointsOf(variablesOf('three-phase')).map(({ key, name }) => [key, name]))
    const more = new Map(
      pointsOf(new Map([...variablesOf('names'), ['outlet.current', '1'], ['ambient.2.contacts.1.status', 'open']])).map(
        ({ key, name }) => [key, name],
      ),
    )
    expect(more.get('outlet.current')).toEqual({ zh: '插座合计电流', en: 'All outlets current' })
    expect(more.get('battery.voltage.cell.max')).toEqual({ zh: '电池单体最高电压', en: 'Battery cell highest voltage' })
    expect(more.get('ambient.2.contacts.1.status')).toEqual({ zh: '环境 2 干接点 1', en: 'Ambient 2 dry contact 1' })
    expect(names.get('input.frequency')).toEqual({ zh: '输入频率', en: 'Input frequency' })
    expect(names.get('output.L1.power.percent')).toEqual({ zh: '输出 L1 负载', en: 'Output L1 load' })
  })

  it.each([
    ['experimental.ups.load.apparent', '13.04', 'load'],
    ['input.source', '2', 'text'],
    ['ups.output.percentload', '51', 'load'],
    ['ups.powersummary.voltage', '14', 'battery-voltage'],
    ['ups.powersummary.remainingcapacity', '100', 'battery-charge'],
    ['ups.powersummary.remainingcapacitylimit', '38', undefined],
    ['ups.powersummary.configvoltage', '12.0', undefined],
    ['ups.efficiency', '94', 'number'],
    // The device tells why it has no figure now.
    ['ups.efficiency', 'LoadTooLow', undefined],
    ['ups.constructor', '1', undefined],
    ['input.voltage.fault', '110.0', undefined],
    ['battery.runtime.elapsed', '0', undefined],
    ['output.power.maximum.percent', '19', undefined],
    ['ups.debug.V', "31 30 34 30 58 58 0d '1040XX.'", undefined],
  ])('%s: %s is %s', (name, text, kind) => {
    expect(pointsOf(new Map([[name, text]]))[0]?.kind).toBe(kind)
  })

  it('knows that nothing is known while upsd waits for its driver', () => {
    expect(isWaiting(new Map([['ups.status', 'WAIT']]))).toBe(true)
    expect(isWaiting(new Map([['ups.status', 'OL']]))).toBe(false)
    expect(isWaiting(new Map())).toBe(false)
  })
})
