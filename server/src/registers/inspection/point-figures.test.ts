import { expect, it } from 'vitest'
import { emptySlot } from '../../readings/history/slot.ts'
import { countInside, foldBuckets, stretchesOf } from './point-figures.ts'

const BAND = { low: 18, high: 27 }
const always = () => BAND
const bucket = (timeMs: number, min: number | null, mean: number | null, max: number | null, count = 10) => ({
  ...emptySlot(),
  timeMs,
  min,
  mean,
  max,
  count: min === null ? 0 : count,
})

it('adds up buckets by their readings', () => {
  const { figures, judged, inside, cut } = foldBuckets(
    [bucket(0, 20, 21, 22, 10), bucket(1000, null, null, null), bucket(2000, 30, 31, 32, 30)],
    1000,
    always,
  )
  expect(figures).toEqual({ min: 20, max: 32, mean: 28.5, count: 40 })
  expect({ judged, inside, cut }).toEqual({ judged: 40, inside: 10, cut: [] })
})

it('hands back the buckets that a limit cuts through, ends of the band included in it', () => {
  const { judged, inside, cut } = foldBuckets([bucket(0, 18, 20, 27), bucket(1000, 25, 27, 29)], 1000, always)
  expect({ judged, inside }).toEqual({ judged: 10, inside: 10 })
  expect(cut).toEqual([{ fromMs: 1000, toMs: 2000, count: 10, estimated: 0.5 }])
})

it('has no share where nothing is limited, and no figures where nothing was good', () => {
  expect(foldBuckets([bucket(0, 1, 2, 3)], 1000, () => undefined)).toMatchObject({ judged: 0, inside: 0, cut: [] })
  expect(foldBuckets([bucket(0, null, null, null)], 1000, always).figures).toBeNull()
})

it('looks closely at a bucket in which the limits change', () => {
  const bandOf = (timeMs: number) => (timeMs < 500 ? BAND : { low: 18, high: 30 })
  expect(foldBuckets([bucket(0, 28, 28, 28)], 1000, bandOf).cut).toHaveLength(1)
})

it('counts good readings one by one', () => {
  const readings = [
    { timeMs: 0, value: 18 },
    { timeMs: 1, value: 17.9 },
    { timeMs: 2, value: 20, bad: 'sentinel' as const },
    { timeMs: 3, value: 'text' },
  ]
  expect(countInside(readings, always)).toEqual({ judged: 2, inside: 1 })
})

it('asks for neighbours at once, within the range', () => {
  const cut = [
    { fromMs: 0, toMs: 1000, count: 1, estimated: 0 },
    { fromMs: 1000, toMs: 2000, count: 3, estimated: 1 },
    { fromMs: 5000, toMs: 6000, count: 2, estimated: 1 },
  ]
  expect(stretchesOf(cut, { fromMs: 500, toMs: 5500 })).toEqual([
    { fromMs: 500, toMs: 2000, count: 4, estimated: 0.75 },
    { fromMs: 5000, toMs: 5500, count: 2, estimated: 1 },
  ])
})
