import { describe, expect, it } from 'vitest'
import { sensorReading, sensorRow } from './entity-sensor.ts'

const ROOM = /inlet|probe/i
const row = (type: number, scale: number, precision: number, name = '') => sensorRow({ type, scale, precision, name }, ROOM, false)
const read = (type: number, scale: number, precision: number, value: number) => {
  const described = row(type, scale, precision)
  if (described === undefined) throw new Error(`type ${type} is no measurement`)
  return sensorReading('s', described, value, 1).value
}

describe('ENTITY-SENSOR-MIB rows', () => {
  it.each([
    [8, 9, 0, 24, 24],
    [8, 9, 1, 235, 23.5],
    [8, 8, 0, 23_500, 23.5],
    [8, 9, -3, 24, 24],
    [3, 8, 0, 230_100, 230.1],
    [6, 10, 2, 123, 1230],
    [5, 8, 2, -1250, -0.0125],
  ])('type %i, scale %i, precision %i: %i is %f', (type, scale, precision, raw, value) => {
    expect(read(type, scale, precision, raw)).toBe(value)
  })

  it('takes temperatures for those of boards unless the name or a hygrometer beside it says otherwise', () => {
    expect(row(8, 9, 0, 'CPU')?.kind).toBe('board-temperature')
    expect(row(8, 9, 0, 'Inlet temp')?.kind).toBe('temperature')
    expect(sensorRow({ type: 8, scale: 9, precision: 0, name: 'CPU' }, ROOM, true)?.kind).toBe('temperature')
  })

  it('leaves out what is no measurement', () => {
    for (const type of [1, 2, 11, 12]) expect(row(type, 9, 0)).toBeUndefined()
  })

  it.each([
    ['unavailable', 24, 2, 'sensor-error'],
    ['nonoperational', 24, 3, 'sensor-error'],
    ['gone', undefined, undefined, 'sensor-error'],
    ['overflow', 1_000_000_000, 1, 'sentinel'],
    ['underflow', -1_000_000_000, 1, 'sentinel'],
    ['no number', 'n/a', 1, 'not-a-number'],
    ['nothing', '', 1, 'not-a-number'],
  ])('%s is bad', (_, value, status, bad) => {
    const described = row(8, 9, 0)
    expect(described && sensorReading('s', described, value, status)).toEqual({ key: 's', value: null, bad })
  })
})
