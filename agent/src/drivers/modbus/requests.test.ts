import { describe, expect, it } from 'vitest'
import { registerPoint } from './register-map.ts'
import { planRequests } from './requests.ts'

const point = (register: number, more: object = {}) => registerPoint.parse({ key: `r${register}`, kind: 'number', register, ...more })
const planned = (points: ReturnType<typeof point>[], maxGap = 0) =>
  planRequests(points, maxGap).map(({ table, start, count }) => `${table} ${start}+${count}`)

describe('planRequests', () => {
  it('joins neighbours whatever their order in the file, and counts the width of 32-bit values', () => {
    expect(planned([point(4), point(0, { dataType: 'float32' }), point(2, { dataType: 'int32' })])).toEqual(['holding 0+5'])
  })

  it('keeps tables apart', () => {
    expect(planned([point(0), point(1, { type: 'input' }), point(1)])).toEqual(['holding 0+2', 'input 1+1'])
  })

  it('never asks for more than 125 registers', () => {
    const points = Array.from({ length: 300 }, (_, register) => point(register))
    expect(planned(points)).toEqual(['holding 0+125', 'holding 125+125', 'holding 250+50'])
  })

  it('does not cut a 32-bit value at the limit', () => {
    const points = [...Array.from({ length: 124 }, (_, register) => point(register)), point(124, { dataType: 'float32' })]
    expect(planned(points)).toEqual(['holding 0+124', 'holding 124+2'])
  })

  it('reads over a gap no wider than allowed', () => {
    expect(planned([point(0), point(3), point(7)], 2)).toEqual(['holding 0+4', 'holding 7+1'])
  })

  it('reads a register two points share once', () => {
    expect(planned([point(0), { ...point(0), key: 'same' }])).toEqual(['holding 0+1'])
  })
})
