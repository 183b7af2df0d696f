import { describe, expect, it } from 'vitest'
import { httpJsonOptions } from './options.ts'
import { presetPoints, presetUrl } from './presets.ts'

describe('the address of a known make', () => {
  it.each([
    ['tasmota', 'http://10.0.0.5', 'http://10.0.0.5/cm?cmnd=Status%2010'],
    ['shelly-gen2', 'http://10.0.0.5:8080/', 'http://10.0.0.5:8080/rpc/Shelly.GetStatus'],
    ['shelly-gen1', 'http://10.0.0.5/own/path', 'http://10.0.0.5/own/path'],
    [undefined, 'http://10.0.0.5/status?x=1', 'http://10.0.0.5/status?x=1'],
  ] as const)('%s at %s', (preset, url, expected) => {
    expect(presetUrl(preset, url).href).toBe(expected)
  })
})

describe('the points of a known make', () => {
  it('says what is measured, in which unit', () => {
    const points = presetPoints('shelly-gen2', {
      'voltmeter:100': { id: 100, voltage: 4.321 },
      'switch:0': { id: 0, output: true, apower: 8.9, aenergy: { total: 6150 }, temperature: { tC: 45.1 } },
      'em:0': { a_voltage: 230 },
    })
    expect(points?.map(({ description: { key, kind, unit } }) => ({ key, kind, unit }))).toEqual([
      { key: 'voltmeter:100.voltage', kind: 'number', unit: 'V' },
      { key: 'switch:0.apower', kind: 'power', unit: 'W' },
      { key: 'switch:0.aenergy.total', kind: 'energy', unit: 'kW.h' },
      { key: 'switch:0.temperature.tC', kind: 'board-temperature', unit: 'Cel' },
      { key: 'em:0.a_voltage', kind: 'voltage', unit: 'V' },
    ])
    expect(points?.[2]?.reading).toEqual({ key: 'switch:0.aenergy.total', value: 6.15 })
  })

  it('is not found in another answer', () => {
    expect(presetPoints('tasmota', { StatusSTS: {} })).toBeUndefined()
    expect(presetPoints('shelly-gen1', [1])).toBeUndefined()
    expect(presetPoints('shelly-gen2', { 'constructor:0': {}, 'temperature:0': null })).toEqual([])
  })
})

it('takes a fingerprint as openssl prints it', () => {
  const fingerprint = Array.from({ length: 32 }, () => 'aB').join(':')
  const points = [{ key: 'a', kind: 'number', path: '$' }]
  expect(httpJsonOptions.parse({ url: 'https://host', points, fingerprint }).fingerprint).toBe('AB'.repeat(32))
})
