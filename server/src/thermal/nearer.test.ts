import { describe, expect, it } from 'vitest'
import { type NearerInputs, nearerLimit } from './nearer.ts'

const NOW = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const at = (minutes: number, plusMinus = 2) =>
  ({
    kind: 'at',
    atMs: NOW + minutes * MINUTE,
    earliestMs: NOW + (minutes - plusMinus) * MINUTE,
    latestMs: NOW + (minutes + plusMinus) * MINUTE,
  }) as const
const left = (minutes: number, by: 'learned' | 'claimed' = 'learned') => ({ seconds: minutes * 60, by })
const judge = (inputs: Partial<NearerInputs>) => nearerLimit({ limitCelsius: 32, nowMs: NOW, ...inputs })

describe('the nearer limit', () => {
  it('says what the page shows', () => {
    expect(judge({ forecast: at(12), runtime: left(18) })).toEqual({
      heat: {
        kind: 'heat',
        limitCelsius: 32,
        atMs: NOW + 12 * MINUTE,
        earliestMs: NOW + 10 * MINUTE,
        latestMs: NOW + 14 * MINUTE,
        by: 'learned',
      },
      ups: { kind: 'ups', atMs: NOW + 18 * MINUTE, seconds: 1080, by: 'learned' },
      nearer: 'heat',
      earliestMs: NOW + 10 * MINUTE,
    })
  })

  const never = { kind: 'never', settlesAtCelsius: 29 } as const
  const unknownHeat = { kind: 'unknown', reason: 'nothing-learned' } as const
  const unknownUps = { unknown: 'nothing-learned-or-claimed' } as const
  const cases: [string, Partial<NearerInputs>, string][] = [
    ['a battery that ends first', { forecast: at(40, 8), runtime: left(18, 'claimed') }, 'ups'],
    ['an interval that holds the end of the battery', { forecast: at(16, 6), runtime: left(18) }, 'either'],
    ['half a minute apart', { forecast: at(18, 0), runtime: left(18.5) }, 'either'],
    ['mains present', { forecast: at(40) }, 'heat'],
    ['cooling that runs, on battery', { runtime: left(18) }, 'ups'],
    ['neither lost', {}, 'neither'],
    ['a limit that is never reached, on battery', { forecast: never, runtime: left(18) }, 'ups'],
    ['a limit that is never reached, with mains', { forecast: never }, 'neither'],
    ['a limit that is never reached and an unknown battery', { forecast: never, runtime: unknownUps }, 'unknown'],
    ['unknown heat may be the nearer one', { forecast: unknownHeat, runtime: left(18) }, 'unknown'],
    ['an unknown battery may be the nearer one', { forecast: at(12), runtime: unknownUps }, 'unknown'],
    ['both unknown', { forecast: unknownHeat, runtime: unknownUps }, 'unknown'],
  ]
  it.each(cases)('%s', (_, inputs, nearer) => {
    expect(judge(inputs).nearer).toBe(nearer)
  })

  it('keeps what is known beside what is not, and by what', () => {
    const told = judge({ forecast: unknownHeat, runtime: left(18, 'claimed') })
    expect(told.heat).toEqual(unknownHeat)
    expect(told.ups).toMatchObject({ by: 'claimed', seconds: 1080 })
    expect(told.earliestMs).toBe(NOW + 18 * MINUTE)
    expect(judge({ forecast: at(12), isGuess: true }).heat).toMatchObject({ by: 'guess' })
    expect(judge({ forecast: unknownHeat, runtime: unknownUps }).earliestMs).toBeNull()
  })
})
