import { describe, expect, it } from 'vitest'
import type { PointDescription } from '../drivers/driver.ts'
import { createPipeline } from './index.ts'

const probe = (number: number): PointDescription => ({ key: `ambient.${number}.temperature`, kind: 'temperature', unit: 'Cel' })
const SECONDS = 10

/** Reasons of the third probe, one scan every 10 s unless `seconds` says; the other two are at 22 and 23 °C with noise, unless `others` says. */
function reasonsOfThird(
  values: readonly number[],
  {
    points = [probe(1), probe(2), probe(3)],
    others = (scan: number) => [22 + (scan % 3) / 10, 23 - (scan % 2) / 10],
    seconds = SECONDS,
  } = {},
): string[] {
  const pipeline = createPipeline({ points })
  return values.map((value, scan) => {
    const all = [...others(scan), value]
    const readings = pipeline.process(
      points.map(({ key }, index) => ({ key, value: all[index] ?? null })),
      scan * seconds * 1000,
    )
    return readings[2]?.reason ?? 'good'
  })
}

const lively = (scans: number, mean: number): number[] => Array.from({ length: scans }, (_, scan) => mean + (scan % 4) / 10)
const stuck = (scans: number, value: number): number[] => Array<number>(scans).fill(value)
/** Ten minutes. */
const STUCK_SCANS = 600 / SECONDS

describe('a probe that stepped away from its neighbours and does not move a digit', () => {
  it.each([
    ['shorted', 82],
    ['open', -39.5],
  ])('is bad after ten minutes, and good when it moves: %s', (_name, rail) => {
    const reasons = reasonsOfThird([...lively(30, 22), ...stuck(100, rail), ...lively(3, 22)])
    // Two scans are an impossible jump; then it is believed, as a fire would be, until the ten minutes are over.
    const from = reasons.indexOf('neighbour-disagreement')
    expect(from).toBe(30 + 2 + STUCK_SCANS)
    expect(new Set(reasons.slice(32, from))).toEqual(new Set(['good']))
    expect(new Set(reasons.slice(from, 130))).toEqual(new Set(['neighbour-disagreement']))
    expect(reasons.at(-1)).toBe('good')
  })

  it('is bad after twenty scans where these take longer', () => {
    const reasons = reasonsOfThird([...lively(30, 22), ...stuck(100, 82)], { seconds: 60 })
    expect(reasons.indexOf('neighbour-disagreement')).toBe(30 + 2 + 20)
  })

  it('is released by the smallest change', () => {
    const reasons = reasonsOfThird([...lively(30, 22), ...stuck(100, 82), 82.1, 82.1])
    expect(reasons.slice(-3)).toEqual(['neighbour-disagreement', 'good', 'good'])
  })

  it('is bad below its neighbours for humidity', () => {
    const points = [1, 2, 3].map((number): PointDescription => ({ key: `humidity.${number}`, kind: 'humidity', unit: '%' }))
    const others = (scan: number) => [60 + (scan % 3) / 10, 61]
    expect(reasonsOfThird([...lively(30, 60), ...stuck(100, 1.5)], { points, others })).toContain('neighbour-disagreement')
  })
})

describe('no alarm is lost', () => {
  it.each<[string, number[]]>([
    ['a fire at one probe', Array.from({ length: 200 }, (_, scan) => (scan < 30 ? 22 : Math.min(84, 22 + (scan - 30) * 1.3)))],
    ['a flash that steps at once and then burns', [...lively(30, 22), ...lively(150, 75)]],
    ['a hot spot that creeps up and stands still', [...Array.from({ length: 100 }, (_, scan) => 22 + scan / 3), ...stuck(200, 55)]],
    ['a probe put into the hot aisle', [...lively(30, 22), ...stuck(200, 44)]],
    ['a probe that is 30 °C off since the agent started', stuck(400, 53)],
    ['a probe 3 °C off', lively(400, 25)],
  ])('%s stays good, but for the first two scans of a jump', (_name, values) => {
    expect(reasonsOfThird(values)).not.toContain('neighbour-disagreement')
  })

  it('when the others moved at the same time', () => {
    const others = (scan: number) => (scan < 30 ? [22, 23] : [22 + 16, 23 + 16])
    expect(reasonsOfThird([...lively(30, 22), ...stuck(200, 80)], { others })).not.toContain('neighbour-disagreement')
  })
  it('when the others do not agree with each other', () => {
    expect(reasonsOfThird([...lively(30, 22), ...stuck(200, 80)], { others: () => [10, 45] })).not.toContain('neighbour-disagreement')
  })
  it('when there is only one other', () => {
    const points = [probe(1), { ...probe(2), key: 'ups.temperature' }, probe(3)]
    expect(reasonsOfThird([...lively(30, 22), ...stuck(200, 80)], { points })).not.toContain('neighbour-disagreement')
  })
  it('when humidity saturates at one probe, as beside a leak', () => {
    const points = [1, 2, 3].map((number): PointDescription => ({ key: `humidity.${number}`, kind: 'humidity', unit: '%' }))
    expect(reasonsOfThird([...lively(30, 22), ...stuck(200, 100)], { points })).not.toContain('neighbour-disagreement')
  })
  it('when a phase fails: phases are no neighbours', () => {
    const points = [1, 2, 3].map((phase): PointDescription => ({ key: `input.L${phase}-N.voltage`, kind: 'voltage', unit: 'V' }))
    const others = () => [230, 231]
    expect(reasonsOfThird([...lively(30, 230), ...stuck(200, 0)], { points, others })).not.toContain('neighbour-disagreement')
  })
})
