import type { Shift } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'
import { describe, expect, it } from 'vitest'
import { clockText, daysOf, gapsOf, piecesOf, repeated, weekStartMs } from './week.ts'

const HOUR_MS = 3_600_000
const at = (text: string) => dayjs(text).valueOf()
const shift = (id: number, from: string, to: string): Shift => ({
  id,
  accountId: id,
  name: `P${id}`,
  fromMs: at(from),
  toMs: at(to),
  note: '',
  handover: null,
})

describe('a week', () => {
  it('begins on Monday', () => {
    for (const day of ['2026-03-02T00:00', '2026-03-04T13:00', '2026-03-08T23:59'])
      expect(dayjs(weekStartMs(at(day))).format('YYYY-MM-DD HH:mm')).toBe('2026-03-02 00:00')
    expect(dayjs(weekStartMs(at('2026-03-04'), -1)).format('YYYY-MM-DD')).toBe('2026-02-23')
  })
  it('has seven days that touch', () => {
    const days = daysOf(at('2026-03-02'))
    expect(days).toHaveLength(7)
    expect(days.slice(1).map(({ fromMs }) => fromMs)).toEqual(days.slice(0, -1).map(({ toMs }) => toMs))
  })
})

describe('gapsOf', () => {
  const span = { fromMs: 0, toMs: 24 * HOUR_MS }
  it.each([
    [[], [[0, 24]]],
    [[[0, 24]], []],
    [
      [[8, 16]],
      [
        [0, 8],
        [16, 24],
      ],
    ],
    [
      [
        [-4, 8],
        [6, 12],
        [12, 30],
      ],
      [],
    ],
    [
      [
        [20, 30],
        [-5, 2],
        [1, 4],
      ],
      [[4, 20]],
    ],
    [[[30, 40]], [[0, 24]]],
  ])('of shifts %j hours are %j', (shifts, gaps) => {
    const spans = (list: number[][]) => list.map(([from = 0, to = 0]) => ({ fromMs: from * HOUR_MS, toMs: to * HOUR_MS }))
    expect(gapsOf(spans(shifts), span)).toEqual(spans(gaps))
  })
})

describe('piecesOf', () => {
  const day = { fromMs: at('2026-03-03T00:00'), toMs: at('2026-03-04T00:00') }
  it('cuts a night shift at midnight', () => {
    const night = shift(1, '2026-03-02T20:00', '2026-03-03T08:00')
    expect(piecesOf([night, shift(2, '2026-03-04T00:00', '2026-03-04T08:00')], day)).toEqual([
      { shift: night, fromMs: day.fromMs, toMs: night.toMs, lane: 0, lanes: 1 },
    ])
    expect(clockText(day.toMs, day.toMs)).toBe('24:00')
  })
  it('puts shifts of the same time beside each other', () => {
    const pieces = piecesOf(
      [
        shift(1, '2026-03-03T08:00', '2026-03-03T16:00'),
        shift(2, '2026-03-03T12:00', '2026-03-03T20:00'),
        shift(3, '2026-03-03T16:00', '2026-03-03T23:00'),
      ],
      day,
    )
    expect(pieces.map(({ lane, lanes }) => [lane, lanes])).toEqual([
      [0, 2],
      [1, 2],
      [0, 2],
    ])
  })
})

describe('repeated', () => {
  it('keeps the hours on each day', () => {
    const spans = repeated({ fromMs: at('2026-03-28T20:00'), toMs: at('2026-03-29T08:00') }, 3)
    expect(spans.map(({ fromMs, toMs }) => `${dayjs(fromMs).format('DD HH:mm')} ${dayjs(toMs).format('DD HH:mm')}`)).toEqual([
      '28 20:00 29 08:00',
      '29 20:00 30 08:00',
      '30 20:00 31 08:00',
    ])
  })
})
