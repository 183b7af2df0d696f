import { describe, expect, it } from 'vitest'
import { HEAT_WATTS, NAMED_ROOMS, partlyCooled, simulatedGaps } from '../../../tests/kit/simulated-losses.ts'
import { firstGuess, forecast, type LearnedGap, learnGap, mergeGaps, type RoomSample } from './heating-model.ts'

/** Where partlyCooled begins. */
const START_MS = Date.UTC(2026, 5, 1)
const MINUTE_MS = 60_000
const ORDINARY_ROOM = NAMED_ROOMS['ordinary, 4 racks in 90 m³'] ?? {}

function learnedGaps(seed: number): LearnedGap[] {
  return simulatedGaps(ORDINARY_ROOM, seed, 'changeOvers').map(({ samples, notedStartMs, endMs }) => {
    const result = learnGap(samples, notedStartMs, endMs)
    if ('leftOut' in result) throw new Error(result.leftOut)
    return result.learned
  })
}

const until = (samples: readonly RoomSample[], minutes: number) => samples.filter(({ atMs }) => atMs <= START_MS + minutes * MINUTE_MS)

describe('a loss unlike those learned', () => {
  const model = mergeGaps(learnedGaps(101))
  const crossing = (samples: readonly RoomSample[], limitCelsius: number) =>
    samples.find(({ celsius }) => celsius >= limitCelsius)?.atMs ?? 0

  it.each([
    ['one of two air conditioners runs on at its full power', 0.4, HEAT_WATTS, 27],
    ['half of the racks were added since', 0, 1.5 * HEAT_WATTS, 35],
    ['half of the racks are off', 0, 0.5 * HEAT_WATTS, 27],
  ])('is told by its own slope: %s', (_, share, heatWatts, limitCelsius) => {
    const samples = partlyCooled(share, 180, heatWatts)
    const truthMs = crossing(samples, limitCelsius)
    const told = forecast(model, until(samples, 5), START_MS, limitCelsius, START_MS + 5 * MINUTE_MS)
    expect(truthMs).toBeGreaterThan(START_MS + 6 * MINUTE_MS)
    if (told.kind !== 'at') throw new Error(told.kind)
    expect(Math.abs((told.atMs - truthMs) / (truthMs - START_MS))).toBeLessThan(0.15)
    expect(told.earliestMs).toBeLessThanOrEqual(truthMs)
    expect(told.latestMs).toBeGreaterThanOrEqual(truthMs)
  })

  it('does not warm where the other air conditioner carries it all', () => {
    expect(forecast(model, partlyCooled(1, 6), START_MS, 32, START_MS + 6 * MINUTE_MS)).toEqual({ kind: 'unknown', reason: 'not-warming' })
  })

  it('never reaches a limit that the walls keep it from', () => {
    const told = forecast(model, partlyCooled(0.8, 20), START_MS, 40, START_MS + 20 * MINUTE_MS)
    if (told.kind !== 'never') throw new Error(told.kind)
    expect(told.settlesAtCelsius).toBeGreaterThan(24)
    expect(told.settlesAtCelsius).toBeLessThan(40)
  })

  it('is told without its heat, where the meter went dark with the mains', () => {
    const samples = partlyCooled(0, 60).map(({ atMs, celsius }) => ({ atMs, celsius }))
    const told = forecast(model, until(samples, 5), START_MS, 32, START_MS + 5 * MINUTE_MS)
    const truthMs = crossing(samples, 32)
    expect(told.kind === 'at' && Math.abs(told.atMs - truthMs) / (truthMs - START_MS)).toBeLessThan(0.15)
  })

  it('does not mind one wild reading, or samples in another order', () => {
    const samples = until(partlyCooled(0, 5), 5)
    const plain = forecast(model, samples, START_MS, 32, START_MS + 5 * MINUTE_MS)
    const wild = samples.map((sample, index) => (index === 60 ? { ...sample, celsius: 85 } : sample)).reverse()
    const told = forecast(model, wild, START_MS, 32, START_MS + 5 * MINUTE_MS)
    if (plain.kind !== 'at' || told.kind !== 'at') throw new Error(`${plain.kind}, ${told.kind}`)
    expect(Math.abs(told.atMs - plain.atMs)).toBeLessThan(MINUTE_MS / 2)
  })
})

describe('what cannot be foretold', () => {
  const at = (seconds: number, celsius: number): RoomSample => ({ atMs: START_MS + seconds * 1000, celsius })
  const steady = Array.from({ length: 120 }, (_, index) => at(index * 5 - 120, 22))

  it('has a named reason', () => {
    expect(forecast(undefined, steady, START_MS, 32, START_MS)).toEqual({ kind: 'unknown', reason: 'nothing-learned' })
    expect(mergeGaps([])).toBeUndefined()
    expect(learnGap(steady, START_MS, START_MS + 300_000)).toEqual({ leftOut: 'no-rise' })
    expect(learnGap(steady.slice(0, 25), START_MS, START_MS + 300_000)).toEqual({ leftOut: 'too-few-samples' })
    expect(learnGap(steady.slice(24), START_MS, START_MS + 300_000)).toEqual({ leftOut: 'no-temperature-before' })
    expect(firstGuess(steady, START_MS, 32, START_MS + 20_000)).toEqual({ kind: 'unknown', reason: 'nothing-learned', isGuess: true })
    expect(firstGuess(steady, START_MS, 32, START_MS + 200_000)).toEqual({ kind: 'unknown', reason: 'not-warming', isGuess: true })
  })

  it('is a room whose walls carry the heat before the limit', () => {
    const rise = (seconds: number) => 6 * (1 - Math.exp(-Math.max(0, seconds) / 200))
    const samples = Array.from({ length: 500 }, (_, index) => at(index * 5 - 120, 22 + rise(index * 5 - 120)))
    const result = learnGap(samples, START_MS, START_MS + 2_000_000)
    if ('leftOut' in result) throw new Error(result.leftOut)
    const model = mergeGaps([result.learned])
    expect(forecast(model, samples, START_MS, 60, START_MS + 300_000)).toMatchObject({ kind: 'never' })
    expect(forecast(model, [], START_MS, 60, START_MS)).toEqual({ kind: 'unknown', reason: 'no-samples' })
    expect(forecast(model, samples, START_MS, 60, START_MS + 9_000_000)).toEqual({ kind: 'unknown', reason: 'samples-stale' })
    expect(forecast(model, samples, START_MS, 26, START_MS + 300_000)).toMatchObject({ kind: 'at', atMs: START_MS + 300_000 })
  })
})

describe('what it costs', () => {
  /** Processor time, ms: the machine may be busy with other things. */
  const cheapest = (work: () => unknown, times: number) =>
    Math.min(
      ...Array.from({ length: times }, () => {
        const before = process.cpuUsage()
        work()
        const { user, system } = process.cpuUsage(before)
        return (user + system) / 1000
      }),
    )

  it('merges twelve gaps in 200 ms and forecasts in 5 ms', () => {
    const gaps = [101, 102, 103, 104].flatMap(learnedGaps)
    const model = mergeGaps(gaps)
    const samples = partlyCooled(0, 60)
    expect(model?.gaps).toHaveLength(12)
    expect(cheapest(() => mergeGaps(gaps), 3)).toBeLessThan(200)
    expect(cheapest(() => forecast(model, samples, START_MS, 43, START_MS + 60 * MINUTE_MS), 20)).toBeLessThan(5)
  })
})
