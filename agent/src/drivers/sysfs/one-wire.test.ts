import { describe, expect, it } from 'vitest'
import { w1Reading } from './one-wire.ts'

const BYTES = '50 05 4b 46 7f ff 0c 10 1c'

describe('w1_slave', () => {
  it.each([
    ['85 ℃, which the description names as sentinel', `${BYTES} : crc=1c YES\n${BYTES} t=85000`, { value: 85 }],
    ['below zero', `${BYTES} : crc=1c YES\n${BYTES} t=-500`, { value: -0.5 }],
    ['a wrong check sum', `${BYTES} : crc=1d NO\n${BYTES} t=85000`, { value: null, bad: 'sensor-error' }],
    ['one line only', `${BYTES} : crc=1c YES`, { value: null, bad: 'sensor-error' }],
    ['nothing', '', { value: null, bad: 'sensor-error' }],
  ])('reads %s', (_, text, reading) => {
    expect(w1Reading('p', text)).toEqual({ key: 'p', ...reading })
  })
})
