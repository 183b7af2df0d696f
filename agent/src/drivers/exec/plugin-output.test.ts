import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { execOptions } from './options.ts'
import { parsePluginOutput } from './plugin-output.ts'
import { pointsOf, readingsOf, statePoints } from './points.ts'

describe('output of a plugin', () => {
  it('has text, performance data, long text and further data after the second pipe', () => {
    const output = parsePluginOutput(
      "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n/boot 68 MB (69%); | /boot=68MB;88;93;0;98\n'/var log'=818MB;970;975;0;980 'a''b'=1\n",
    )
    expect(output.text).toBe('DISK OK - free space: / 3326 MB (56%);')
    expect(output.items).toEqual([
      { label: '/', value: 2643, unitOfMeasure: 'MB', min: 0, max: 5968 },
      { label: '/boot', value: 68, unitOfMeasure: 'MB', min: 0, max: 98 },
      { label: '/var log', value: 818, unitOfMeasure: 'MB', min: 0, max: 980 },
      { label: "a'b", value: 1, unitOfMeasure: '' },
    ])
  })

  it('takes what plugins really print: no data, U, commas, exponents, signs, garbage', () => {
    expect(parsePluginOutput('OK').items).toEqual([])
    expect(parsePluginOutput('').text).toBe('')
    const values = Object.fromEntries(
      parsePluginOutput('x | a=U b=1,5% c=-2.5e-3s;;; d=.5 e= f=abc g=23.4C;@10:20;~:30').items.map(({ label, value, unitOfMeasure }) => [
        label,
        [value, unitOfMeasure],
      ]),
    )
    expect(values).toEqual({
      a: [null, ''],
      b: [1.5, '%'],
      c: [-0.0025, 's'],
      d: [0.5, ''],
      e: [Number.NaN, ''],
      f: [Number.NaN, ''],
      g: [23.4, 'C'],
    })
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (text, data) => void parsePluginOutput(`${text}|${data}\n${text}|${data}`)))
  })
})

describe('points of a plugin', () => {
  const options = execOptions.parse({
    command: '/x',
    points: { temp1: { kind: 'temperature', sentinels: [-127], name: '机柜' }, noise: { ignore: true } },
  })

  it('are what the units of measure say, unless agent.yaml says more', () => {
    const points = pointsOf(parsePluginOutput('OK | temp1=23.5;;;-10;60 rta=12ms load=40%;;;0;100 noise=1 size=5MB temp1=9'), options)
    expect(points.map(({ description }) => description)).toEqual([
      {
        key: 'temp1',
        kind: 'temperature',
        unit: 'Cel',
        name: { zh: '机柜', en: '机柜' },
        sentinels: [-127],
        range: { low: -10, high: 60 },
      },
      { key: 'rta', kind: 'number', unit: 's', name: { zh: 'rta', en: 'rta' } },
      { key: 'load', kind: 'number', unit: '%', name: { zh: 'load', en: 'load' }, range: { low: 0, high: 100 } },
      { key: 'size', kind: 'number', unit: '1', name: { zh: 'size', en: 'size' } },
    ])
    const late = parsePluginOutput('CRITICAL - hot | temp1=31 rta=1500us load=U')
    expect(readingsOf(points, late, 2)).toEqual([
      { key: 'check', value: true },
      { key: 'check.state', value: 'CRITICAL: CRITICAL - hot' },
      { key: 'temp1', value: 31 },
      { key: 'rta', value: 0.0015 },
      { key: 'load', value: null, bad: 'sensor-error' },
      { key: 'size', value: null, bad: 'sensor-error' },
    ])
    expect(readingsOf(points, late, 3)[0]).toEqual({ key: 'check', value: null, bad: 'sensor-error' })
    expect(statePoints(options).map(({ key, kind }) => [key, kind])).toEqual([
      ['check', 'contact'],
      ['check.state', 'text'],
    ])
  })
})
