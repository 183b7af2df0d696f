import { describe, expect, it } from 'vitest'
import { nearerLimit } from './nearer.ts'

const NOW = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const at = (minutes: number, plusMinus = 2) =>
  ({
    kind: 'at',
    atMs: NOW + minutes * MINUTE,
    earliestMs: NOW + (minutes - plusMinus) * MINUTE,
    latestMs: NOW + (minutes + plusMinus) * MINUTE,
  }) as const
const left = (minutes: number) => ({ emptyAtMs: NOW + minutes * MINUTE })

describe('the nearer limit', () => {
  const never = { kind: 'never', settlesAtCelsius: 29 } as const
  const unknownHeat = { kind: 'unknown', reason: 'nothing-learned' } as const
  const unknownUps = { emptyAtMs: null }
  const cases: [string, Parameters<typeof nearerLimit>, ReturnType<typeof nearerLimit>][] = [
    ['heat that comes first', [at(12), left(18)], 'heat'],
    ['a battery that ends first', [at(40, 8), left(18)], 'ups'],
    ['an interval that holds the end of the battery', [at(16, 6), left(18)], 'either'],
    ['half a minute apart', [at(18, 0), left(18.5)], 'either'],
    ['mains present', [at(40), undefined], 'heat'],
    ['cooling that runs, on battery', [null, left(18)], 'ups'],
    ['neither lost', [null, undefined], 'neither'],
    ['a limit that is never reached, on battery', [never, left(18)], 'ups'],
    ['a limit that is never reached, with mains', [never, undefined], 'neither'],
    ['a limit that is never reached and an unknown battery', [never, unknownUps], 'unknown'],
    ['unknown heat may be the nearer one', [unknownHeat, left(18)], 'unknown'],
    ['an unknown battery may be the nearer one', [at(12), unknownUps], 'unknown'],
    ['both unknown', [unknownHeat, unknownUps], 'unknown'],
  ]
  it.each(cases)('%s', (_, inputs, nearer) => {
    expect(nearerLimit(...inputs)).toBe(nearer)
  })
})
