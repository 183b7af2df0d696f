import type { Device, Point } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { devicesWorstFirst, isMainsVoltage, leadingPoints } from './leading-points.ts'

let nextId = 1
function point(values: Partial<Point> & Pick<Point, 'kind'>): Point {
  const id = nextId++
  const rest = { deviceId: 1, key: values.kind, name: '', nameEn: '', unit: '1', intervalMs: 1000, low: null, high: null, reason: null }
  return { id, ...rest, timeMs: 1, value: 1, quality: 'good', alarm: null, calibration: null, isWritable: false, ...values }
}

describe('leadingPoints', () => {
  it('orders by kind, whatever the order of the devices', () => {
    const points = [
      point({ kind: 'smoke' }),
      point({ kind: 'voltage', key: 'output-voltage' }),
      point({ kind: 'voltage', key: 'input-voltage' }),
      point({ kind: 'ups-status' }),
      point({ kind: 'frequency' }),
      point({ kind: 'humidity' }),
      point({ kind: 'temperature' }),
      point({ kind: 'leak' }),
      point({ kind: 'battery-charge' }),
    ]
    expect(leadingPoints(points).map(({ key }) => key)).toEqual([
      'temperature',
      'humidity',
      'ups-status',
      'input-voltage',
      'battery-charge',
      'leak',
      'smoke',
    ])
  })

  it('takes the worst of a kind: alarm, then bad, then stale, then the first', () => {
    const kinds = { kind: 'temperature' as const }
    const [calm, stale, bad, medium, critical] = [
      point(kinds),
      point({ ...kinds, quality: 'stale' }),
      point({ ...kinds, quality: 'bad' }),
      point({ ...kinds, alarm: 'medium' }),
      point({ ...kinds, alarm: 'critical', quality: 'stale' }),
    ]
    expect(leadingPoints([calm, stale, bad, medium, critical])[0]).toBe(critical)
    expect(leadingPoints([calm, stale, bad])[0]).toBe(bad)
    expect(leadingPoints([calm, stale])[0]).toBe(stale)
    expect(leadingPoints([calm, point(kinds)])[0]).toBe(calm)
  })

  it('adds points in alarm of any kind', () => {
    const fan = point({ kind: 'fan-speed', alarm: 'high' })
    expect(leadingPoints([point({ kind: 'temperature' }), point({ kind: 'fan-speed' }), fan])).toContain(fan)
  })
})

describe('isMainsVoltage', () => {
  it.each(['input-voltage', 'input.voltage', 'voltage', 'L1'])('takes %s', (key) =>
    expect(isMainsVoltage({ kind: 'voltage', key })).toBe(true),
  )
  it.each(['output-voltage', 'output.voltage', 'in0', 'battery.voltage'])('leaves %s', (key) =>
    expect(isMainsVoltage({ kind: 'voltage', key })).toBe(false),
  )
})

describe('devicesWorstFirst', () => {
  const device = (name: string, online: boolean, points: Point[]) => ({ name, online, points }) as Device

  it('puts alarms first, then what is gone, then what a keeper looks at first', () => {
    const devices = [
      device('contacts', true, [point({ kind: 'leak' })]),
      device('empty', true, []),
      device('gone', false, [point({ kind: 'number' })]),
      device('environment', true, [point({ kind: 'temperature' })]),
      device('cooling in low alarm', true, [point({ kind: 'temperature', alarm: 'low' })]),
      device('ups in critical alarm', true, [point({ kind: 'load' }), point({ kind: 'ups-status', alarm: 'critical' })]),
    ]
    expect(devicesWorstFirst(devices).map(({ name }) => name)).toEqual([
      'ups in critical alarm',
      'cooling in low alarm',
      'gone',
      'environment',
      'contacts',
      'empty',
    ])
  })
})
