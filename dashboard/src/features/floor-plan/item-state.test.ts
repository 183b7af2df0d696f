import type { Device, Point } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import type { Freshness } from '../live/staleness.ts'
import { deviceState, doorState, tellingPoint } from './item-state.ts'

const point = (kind: string, value: Point['value'], alarm: Point['alarm'] = null): Point =>
  ({ id: 1, kind, value, alarm, key: kind }) as Partial<Point> as Point
const device = (points: Point[], online = true): Device => ({ id: 1, online, points }) as Partial<Device> as Device
const read =
  (freshness: Freshness = 'fresh') =>
  ({ value }: Point) => ({ value, freshness })

describe('the state of a thing on the plan', () => {
  it.each([
    ['linked to nothing', null, undefined, 'unlinked', null],
    ['linked to what is gone', 7, undefined, 'missing', null],
    ['in order', 7, device([point('temperature', 22)]), 'ok', null],
    ['in alarm', 7, device([point('temperature', 30, 'low'), point('humidity', 80, 'high')]), 'ok', 'high'],
    ['away, its alarm still told', 7, device([point('temperature', 30, 'critical')], false), 'offline', 'critical'],
    ['on battery', 7, device([point('ups-status', 'OB DISCHRG')]), 'on-battery', null],
    ['on mains', 7, device([point('ups-status', 'OL CHRG')]), 'ok', null],
    ['without points', 7, device([]), 'unknown', null],
  ] as const)('%s', (_what, id, one, sign, priority) => expect(deviceState(id, one, read())).toEqual({ sign, priority }))

  it.each(['stale', 'late', 'lost', 'none'] as const)('is not known of readings that are %s', (freshness) => {
    expect(deviceState(7, device([point('ups-status', 'OB')]), read(freshness)).sign).toBe('unknown')
    expect(doorState(7, point('door', false), read(freshness)).sign).toBe('unknown')
  })

  it('of a door is open or not', () => {
    expect(doorState(7, point('door', true, 'low'), read())).toEqual({ sign: 'open', priority: 'low' })
    expect(doorState(7, point('door', false), read()).sign).toBe('ok')
    expect(doorState(7, undefined, read()).sign).toBe('missing')
    expect(doorState(null, undefined, read()).sign).toBe('unlinked')
  })

  it('opens the trend of the worst alarm, else of what tells most', () => {
    const [power, load, status] = [point('power', 1), point('load', 20), point('ups-status', 'OL')]
    expect(tellingPoint(device([power, load, status]))).toBe(status)
    const alarmed = point('power', 1, 'medium')
    expect(tellingPoint(device([load, alarmed, status]))).toBe(alarmed)
    expect(tellingPoint(device([]))).toBeUndefined()
  })
})
