import { describe, expect, it } from 'vitest'
import { contactReading, keyPart, namedContactReading, numberReading } from './reported-value.ts'

describe('a number', () => {
  it.each([
    [21.5, 21.5],
    ['21.5', 21.5],
    [' -3 ', -3],
    ['1e3', 1000],
    [0, 0],
  ])('%j is a value', (raw, value) => {
    expect(numberReading('k', raw)).toEqual({ key: 'k', value })
  })

  it.each([
    ['nan', 'not-a-number'],
    ['', 'not-a-number'],
    ['0x10', 'not-a-number'],
    ['21.5 C', 'not-a-number'],
    [Number.NaN, 'not-a-number'],
    [true, 'not-a-number'],
    [{}, 'not-a-number'],
    ['unavailable', 'sensor-error'],
    ['unknown', 'sensor-error'],
    [null, 'sensor-error'],
    [undefined, 'sensor-error'],
  ])('%j is bad', (raw, bad) => {
    expect(numberReading('k', raw)).toEqual({ key: 'k', value: null, bad })
  })

  it('is scaled without the noise of binary fractions', () => {
    expect(numberReading('k', 71.8, { scale: 5 / 9, offset: -160 / 9 })).toEqual({ key: 'k', value: 22.111111 })
    expect(numberReading('k', 1014.4, { scale: 100 })).toEqual({ key: 'k', value: 101440 })
  })
})

describe('a contact', () => {
  it.each([
    [true, true],
    ['ON', true],
    [1, true],
    ['off', false],
    [false, false],
    ['0', false],
  ])('%j is %j', (raw, value) => {
    expect(contactReading('k', raw)).toEqual({ key: 'k', value })
    expect(contactReading('k', raw, true)).toEqual({ key: 'k', value: !value })
  })

  it.each(['unavailable', '', null, {}, 2])('%j is neither', (raw) => {
    expect(contactReading('k', raw)).toEqual({ key: 'k', value: null, bad: 'sensor-error' })
  })

  it('may have words of its own', () => {
    const read = (raw: unknown) => namedContactReading('k', raw, ['leak', 2], ['dry', 0])
    expect([read('LEAK'), read(2), read('dry'), read(0), read(1)].map(({ value }) => value)).toEqual([true, true, false, false, null])
  })
})

it('makes keys that may stand in a metric name', () => {
  expect(keyPart('a b/c+d#e')).toBe('a-b-c-d-e')
})
