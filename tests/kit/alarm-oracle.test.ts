import { describe, expect, it } from 'vitest'
import { judgeAlarms, seenExcursions, standingStretches } from './alarm-oracle.ts'

const readings = [1, 2, 3, 4, 5, 6, 7, 8].map((timeMs) => ({
  timeMs,
  excursion: timeMs === 2 || timeMs === 3 ? 0 : timeMs === 6 ? 1 : undefined,
}))
const seen = seenExcursions(readings)
const at = (fromMs: number, toMs?: number) => ({ fromMs, toMs })

describe('the oracle of the fault runs', () => {
  it('takes excursions from the readings', () => {
    expect(seen).toEqual([
      { excursion: 0, firstMs: 2, lastMs: 3 },
      { excursion: 1, firstMs: 6, lastMs: 6 },
    ])
  })

  it.each([
    ['all told', [at(2, 4), at(6, 7)], {}],
    ['one told for two', [at(2, 7)], {}],
    ['late by one reading', [at(3, 4), at(6, 7)], {}],
    ['one is missing', [at(2, 4)], { lost: [1] }],
    ['told twice', [at(2, 4), at(2, 4), at(6, 7)], { duplicate: [0] }],
    ['raised again within one excursion', [at(2, 2), at(3, 4), at(6, 7)], { duplicate: [0] }],
    ['never cleared', [at(2, 4), at(6)], { uncleared: [1] }],
    ['told without a cause', [at(2, 4), at(4.5, 5), at(6, 7)], { unfounded: [at(4.5, 5)] }],
  ])('%s', (_name, stretches, wrong) => {
    expect(judgeAlarms(seen, stretches, 100)).toEqual({ lost: [], duplicate: [], uncleared: [], unfounded: [], ...wrong })
  })

  it('reads stretches from transitions', () => {
    const move = (event: string, from: string, to: string, atMs: number) => ({ event, from, to, atMs })
    expect(
      standingStretches([
        move('raise', 'NORM', 'UNACK', 5),
        move('late-raise', 'UNACK', 'UNACK', 4),
        move('acknowledge', 'UNACK', 'ACKED', 6),
        move('re-alarm', 'ACKED', 'UNACK', 7),
        move('clear', 'UNACK', 'RTNUN', 8),
        move('raise', 'RTNUN', 'UNACK', 9),
      ]),
    ).toEqual([at(4, 8), at(9)])
  })
})
