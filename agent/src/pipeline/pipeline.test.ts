import { describe, expect, it } from 'vitest'
import type { PointDescription, RawReading } from '../drivers/driver.ts'
import { dewPointCelsius } from './dew-point.ts'
import { createPipeline } from './index.ts'

const temperature: PointDescription = { key: 'temperature', kind: 'temperature', unit: 'Cel', sentinels: [-1] }
const point = (key: string, kind: PointDescription['kind'], more: Partial<PointDescription> = {}): PointDescription => ({
  key,
  kind,
  unit: '1',
  ...more,
})

function judge(points: PointDescription[], raw: RawReading[]) {
  return createPipeline({ points }).process(raw, 0)
}

describe('a single reading', () => {
  it.each<[string, PointDescription, RawReading | undefined, unknown]>([
    ['a true value', temperature, { key: 'temperature', value: 21.5 }, { value: 21.5, quality: 'good' }],
    ['a sentinel', temperature, { key: 'temperature', value: -1 }, { value: -1, reason: 'sentinel' }],
    ['NaN', temperature, { key: 'temperature', value: Number.NaN }, { value: null, reason: 'not-a-number' }],
    ['text for a number', temperature, { key: 'temperature', value: 'n/a' }, { value: null, reason: 'not-a-number' }],
    ['85 °C of a DS18B20 without power', temperature, { key: 'temperature', value: 85 }, { value: 85, reason: 'out-of-range' }],
    ['input.voltage of a real dump', point('v', 'voltage'), { key: 'v', value: -159357104 }, { value: -159357104, reason: 'out-of-range' }],
    ['the point’s own range', point('v', 'voltage', { range: { low: 0, high: 60 } }), { key: 'v', value: 220 }, { reason: 'out-of-range' }],
    ['the driver’s word', temperature, { key: 'temperature', value: null, bad: 'sensor-error' }, { value: null, reason: 'sensor-error' }],
    ['a missing point', temperature, undefined, { value: null, reason: 'sensor-error' }],
    ['a contact', point('leak', 'leak'), { key: 'leak', value: true }, { value: true, quality: 'good' }],
    ['a number for a contact', point('leak', 'leak'), { key: 'leak', value: 1 }, { value: null, reason: 'sensor-error' }],
    ['OL OB together', point('s', 'ups-status'), { key: 's', value: 'OL OB' }, { value: 'OL OB', reason: 'contradiction' }],
    ['an empty status', point('s', 'ups-status'), { key: 's', value: ' ' }, { reason: 'sensor-error' }],
    ['an unknown token', point('s', 'ups-status'), { key: 's', value: 'OL ECO' }, { value: 'OL ECO', quality: 'good' }],
  ])('%s', (_name, description, raw, expected) => {
    expect(judge([description], raw ? [raw] : [])).toEqual([expect.objectContaining(expected as object)])
  })
})

describe('impossible jumps', () => {
  function qualities(values: number[], intervalMs = 3000): string[] {
    const pipeline = createPipeline({ points: [temperature] })
    return values.map((value, i) => pipeline.process([{ key: 'temperature', value }], i * intervalMs)[0]?.reason ?? 'good')
  }

  it('flags a spike once', () => {
    expect(qualities([22, 56, 22.1, 22.2])).toEqual(['good', 'impossible-jump', 'good', 'good'])
  })
  it('believes a change that stays for three scans', () => {
    expect(qualities([22, 56, 56, 56, 56])).toEqual(['good', 'impossible-jump', 'impossible-jump', 'good', 'good'])
  })
  it('does not hide a fire that gets hotter in every scan', () => {
    expect(qualities([22, 30, 40, 52, 56.5])).toEqual(['good', 'impossible-jump', 'impossible-jump', 'good', 'good'])
  })
  it('never believes a value that leaps to and fro', () => {
    expect(qualities([22, 50, 0, 50, 0]).slice(1)).toEqual(Array(4).fill('impossible-jump'))
  })
  it('allows more between scans that are far apart', () => {
    expect(qualities([22, 31], 60_000)).toEqual(['good', 'good'])
    expect(qualities([22, 26.9])).toEqual(['good', 'good'])
  })
})

describe('dew point', () => {
  it('follows the Magnus formula', () => {
    // Table values of WMO Guide No. 8: 20 °C at 50 % is 9.3 °C; saturated air has its own temperature.
    expect(dewPointCelsius(20, 50)).toBeCloseTo(9.26, 1)
    expect(dewPointCelsius(25, 100)).toBeCloseTo(25, 6)
    expect(dewPointCelsius(27, 60)).toBeCloseTo(18.6, 1)
  })

  it('is derived from the only pair', () => {
    const points = [temperature, point('rh', 'humidity')]
    const pipeline = createPipeline({ points })
    expect(pipeline.points.map(({ key, kind }) => [key, kind])).toContainEqual(['dew-point', 'dew-point'])
    expect(
      pipeline.process(
        [
          { key: 'temperature', value: 20 },
          { key: 'rh', value: 50 },
        ],
        0,
      )[2],
    ).toEqual({ key: 'dew-point', value: 9.26, quality: 'good' })
    expect(
      pipeline.process(
        [
          { key: 'temperature', value: -1 },
          { key: 'rh', value: 50 },
        ],
        0,
      )[2],
    ).toEqual({ key: 'dew-point', value: null, quality: 'bad', reason: 'sentinel' })
    expect(
      pipeline.process(
        [
          { key: 'temperature', value: 20 },
          { key: 'rh', value: 0 },
        ],
        3_600_000,
      )[2],
    ).toMatchObject({ reason: 'not-a-number' })
  })

  it('is bad where no air can have it', () => {
    const pipeline = createPipeline({ points: [temperature, point('rh', 'humidity')] })
    const raw: RawReading[] = [
      { key: 'temperature', value: 0 },
      { key: 'rh', value: 0.1 },
    ]
    expect(pipeline.process(raw, 0)[2]).toEqual({ key: 'dew-point', value: -68.47, quality: 'bad', reason: 'out-of-range' })
  })

  it('is derived for each pair of keys that belong together, and not where the device has it', () => {
    const points = [
      point('ambient.1.temperature', 'temperature', { name: { zh: '前门温度', en: 'Front door temperature' } }),
      point('ambient.1.humidity', 'humidity'),
      point('ambient.2.temperature', 'temperature'),
      point('ambient.2.humidity', 'humidity'),
      point('ambient.2.dew-point', 'dew-point'),
      point('ups.temperature', 'temperature'),
    ]
    const derived = createPipeline({ points }).points.slice(points.length)
    expect(derived).toEqual([
      { key: 'ambient.1.dew-point', kind: 'dew-point', unit: 'Cel', name: { zh: '前门露点', en: 'Front door dew point' } },
    ])
  })
})

it('takes corrections from the configuration', () => {
  const overrides = { temperature: { ignore: false, high: 40, name: { zh: '冷通道', en: 'Cold aisle' } }, humidity: { ignore: true } }
  const pipeline = createPipeline({ points: [temperature, point('humidity', 'humidity')] }, { overrides })
  expect(pipeline.points).toHaveLength(1)
  expect(pipeline.points[0]?.name?.zh).toBe('冷通道')
  expect(pipeline.process([{ key: 'temperature', value: 41 }], 0)).toEqual([expect.objectContaining({ reason: 'out-of-range' })])
})

it('adds the offset found by calibration to what is read, and judges the range of what was read', () => {
  const calibrations = { temperature: { offset: -0.7, atMs: 1, by: '张三' } }
  const point = { key: 'temperature', kind: 'temperature', unit: 'Cel', sentinels: [-1] } as const
  const pipeline = createPipeline({ points: [point] }, { calibrations })
  expect(pipeline.process([{ key: 'temperature', value: 23.3 }], 0)).toEqual([{ key: 'temperature', value: 22.6, quality: 'good' }])
  const sentinel = pipeline.process([{ key: 'temperature', value: -1 }], 1)
  expect(sentinel).toEqual([{ key: 'temperature', value: -1, quality: 'bad', reason: 'sentinel' }])
})

it('says nothing of a point that reports by itself and has nothing new', () => {
  const points = (['temperature', 'humidity'] as const).map((kind) => ({
    key: kind,
    kind,
    unit: kind === 'humidity' ? ('%' as const) : ('Cel' as const),
    reportsWithinMs: 60_000,
  }))
  const pipeline = createPipeline({ points })
  expect(pipeline.points.at(-1)).toMatchObject({ key: 'dew-point', reportsWithinMs: 60_000 })
  expect(pipeline.process([{ key: 'temperature', value: 23 }], 0).map(({ key }) => key)).toEqual(['temperature'])
  const both = [
    { key: 'temperature', value: 23 },
    { key: 'humidity', value: 50 },
  ]
  expect(pipeline.process(both, 1).map(({ key }) => key)).toEqual(['temperature', 'humidity', 'dew-point'])
})
