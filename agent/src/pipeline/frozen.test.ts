import { beforeAll, describe, expect, it } from 'vitest'
import type { PointDescription } from '../drivers/driver.ts'
import { roomParameters } from '../drivers/simulator/options.ts'
import { pointsOfRole, sensorNoise } from '../drivers/simulator/points.ts'
import { RoomModel } from '../drivers/simulator/room-model.ts'
import { withSensorFaults } from '../drivers/simulator/sensor-faults.ts'
import { createPipeline } from './index.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const temperature: PointDescription = { key: 'temperature', kind: 'temperature', unit: 'Cel' }

/** Feeds values of one point, `intervalMs` apart, and gives the index of each reading called frozen. */
function frozenAt(values: readonly number[], intervalMs: number, point: PointDescription = temperature): number[] {
  const pipeline = createPipeline({ points: [point] })
  return values.flatMap((value, i) => (pipeline.process([{ key: point.key, value }], i * intervalMs)[0]?.reason === 'frozen' ? [i] : []))
}

/** A sensor of 0.1 °C with noise three digits wide, for so many hours at one scan a minute; always the same. */
function noisy(hours: number, mean = 22): number[] {
  return Array.from({ length: hours * 60 }, (_, i) => Math.round(10 * mean + 3 * Math.sin(i * 12.9898) + 2 * Math.sin(i * 78.233)) / 10)
}
const still = (hours: number, value: number): number[] => Array<number>(hours * 60).fill(value)

describe('a value that stands still', () => {
  it('is frozen after six hours when its sensor was noisy for a day, until it moves', () => {
    const values = [...noisy(30), ...still(8, 22.3), ...noisy(1)]
    const frozen = frozenAt(values, 60_000)
    expect(frozen[0]).toBeGreaterThanOrEqual(36 * 60 - 1)
    expect(frozen[0]).toBeLessThanOrEqual(36 * 60 + 1)
    expect(frozen.at(-1)).toBe(38 * 60 - 1)
  })

  it.each<[string, number[], number, PointDescription?]>([
    ['the agent started less than a day ago', [...noisy(20), ...still(30, 22.3)], 60_000],
    ['it never moved', still(100, 22), 60_000],
    ['its noise is narrower than a digit', [...noisy(40).map(Math.round), ...still(48, 22)], 60_000],
    ['it has stood still for long before', [...noisy(30), ...still(5, 22.3), ...noisy(2), ...still(19, 22.1)], 60_000],
    ['it moves seldom', [...noisy(4).flatMap((value) => Array<number>(30).fill(value)), ...still(24, 22.1)], 60_000],
    ['it is a bypass', [...noisy(30, 220), ...still(48, 220)], 60_000, { key: 'input.bypass.voltage', kind: 'voltage', unit: 'V' }],
    ['a battery is cool for days', [...noisy(30), ...still(48, 22)], 60_000, { ...temperature, kind: 'battery-temperature' }],
    [
      'the UPS makes its output itself',
      [...noisy(30, 220), ...still(48, 220)],
      60_000,
      { key: 'output.voltage', kind: 'voltage', unit: 'V' },
    ],
    ['the mains are gone', [...noisy(30, 220), ...still(48, 0)], 60_000, { key: 'input.voltage', kind: 'voltage', unit: 'V' }],
    ['the air is saturated', [...noisy(30, 60), ...still(48, 100)], 60_000, { key: 'humidity', kind: 'humidity', unit: '%' }],
  ])('is left alone when %s', (_name, values, intervalMs, point) => {
    expect(frozenAt(values, intervalMs, point)).toEqual([])
  })

  it('does not count the hours in which nobody looked', () => {
    const pipeline = createPipeline({ points: [temperature] })
    const scan = (value: number, atMs: number) => pipeline.process([{ key: 'temperature', value }], atMs)[0]?.reason
    for (const [i, value] of [...noisy(30), 22.3].entries()) scan(value, i * 60_000)
    const reasons = still(5, 22.3).map((value, i) => scan(value, 60 * HOUR_MS + i * 60_000))
    expect(new Set(reasons)).toEqual(new Set([undefined]))
  })

  it('is frozen for mains too, which are never still', () => {
    const point: PointDescription = { key: 'input.L1-N.voltage', kind: 'voltage', unit: 'V' }
    expect(frozenAt([...noisy(30, 220), ...still(8, 220.4)], 60_000, point).length).toBeGreaterThan(100)
  })
})

describe('three weeks of the simulated room', () => {
  const INTERVAL_MS = 60_000
  const DAYS = 21
  const SEEDS = [1, 2, 3]
  /** Sensors as they are sold, from a digit finer than the noise to one a hundred times as wide. */
  const STEPS = { temperature: [0.01, 0.1, 0.5, 1], humidity: [0.1, 0.5, 1, 5], voltage: [0.1, 1, 5] } as Record<string, number[]>
  let readings = 0
  let falselyFrozen = 0
  /** Hours from the fault to the first reading called frozen, by the sensor's digit. */
  const foundAfterHours = new Map<string, number>()

  beforeAll(() => {
    for (const seed of SEEDS) {
      const faultMs = 19 * DAY_MS
      const scenarios = [
        { name: 'sensor-lies' as const, lie: 'frozen' as const, probe: 'room' as const, atSeconds: faultMs / 1000, forSeconds: 5 * 86_400 },
      ]
      const room = new RoomModel(roomParameters({ seed, scenarios: scenarios as never }), 0)
      const environment = pointsOfRole('environment', ['cold-aisle', 'hot-aisle', 'room'], 4)
      const mains = pointsOfRole('ups', [], 4).filter(({ key }) => key === 'input-voltage')
      const shown = [...environment, ...mains].flatMap((point) =>
        (STEPS[point.kind] ?? []).map((step) => ({ point, step, key: `${point.key} ${step}` })),
      )
      const pipeline = createPipeline({ points: shown.map(({ point: { kind, unit }, key }) => ({ key, kind, unit })) })
      const held = new Map()
      for (let nowMs = 0; nowMs < DAYS * DAY_MS; nowMs += INTERVAL_MS) {
        const { modelSeconds, scenarios: active } = room.advanceTo(nowMs)
        const measured = room.measurements()
        const raw = [...environment, ...mains].map((point) => ({
          key: point.key,
          value: point.show(measured, sensorNoise(seed, point.key, modelSeconds)),
        }))
        const faulty = new Map(
          withSensorFaults(raw.slice(0, -1), active, modelSeconds, held)
            .concat(raw.slice(-1))
            .map(({ key, value }) => [key, value]),
        )
        const scan = shown.map(({ point, step, key }) => ({
          key,
          value: Math.round(Math.round(Number(faulty.get(point.key)) / step) * step * 1000) / 1000,
        }))
        for (const { key, reason } of pipeline.process(scan, nowMs)) {
          readings += 1
          if (reason !== 'frozen') continue
          const isFault = key.startsWith('room-') && nowMs > faultMs
          if (!isFault) falselyFrozen += 1
          else if (!foundAfterHours.has(key)) foundAfterHours.set(key, (nowMs - faultMs) / HOUR_MS)
        }
      }
    }
  }, 60_000)

  it('calls no healthy sensor frozen, whatever its digit', () => {
    expect(readings).toBeGreaterThan(2_000_000)
    expect(falselyFrozen).toBe(0)
  })

  it.each(['room-temperature 0.01', 'room-temperature 0.1', 'room-humidity 0.1', 'room-humidity 0.5'])(
    'finds the frozen probe after six hours: %s',
    (key) => {
      expect(foundAfterHours.get(key)).toBeCloseTo(6, 0)
    },
  )

  it.each(['room-temperature 0.5', 'room-temperature 1', 'room-humidity 1', 'room-humidity 5'])(
    'does not judge a digit so coarse: %s',
    (key) => {
      expect(foundAfterHours.get(key)).toBeUndefined()
    },
  )
})
