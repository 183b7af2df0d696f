import { expect, it } from 'vitest'
import { localDayStarts } from './local-days.ts'

const texts = (from: string, to: string, zone: string): string[] =>
  localDayStarts(Date.parse(from), Date.parse(to), zone).map((ms) => new Date(ms).toISOString())

it.each([
  ['Asia/Shanghai', ['2026-03-01T03:07:00.000Z', '2026-03-01T16:00:00.000Z', '2026-03-02T16:00:00.000Z']],
  ['Asia/Kathmandu', ['2026-03-01T03:07:00.000Z', '2026-03-01T18:15:00.000Z', '2026-03-02T18:15:00.000Z']],
] as const)('finds the midnights of %s', (zone, starts) => {
  expect(texts('2026-03-01T03:07:00Z', '2026-03-03T03:00:00Z', zone)).toEqual(starts)
})

it('keeps to local midnight over daylight saving', () => {
  expect(texts('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([
    '2026-03-28T12:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
  // In Beirut midnight itself was left out: the day begins at one o'clock.
  expect(texts('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z', 'Asia/Beirut')).toEqual([
    '2026-03-28T12:00:00.000Z',
    '2026-03-28T22:00:00.000Z',
  ])
})
