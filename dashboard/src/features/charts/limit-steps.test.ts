import { describe, expect, it } from 'vitest'
import { limitSteps } from './limit-steps.ts'

const change = (fromMs: number, low: number | null, high: number | null) => ({ fromMs, low, high })

describe('limits as lines of a chart', () => {
  it('steps where a limit was changed, and passes over changes of the other side', () => {
    expect(limitSteps([[change(0, 18, 27), change(10, 18, 25), change(20, null, 25)]])).toEqual([
      {
        side: 'high',
        curves: [0],
        steps: [
          { fromMs: 0, value: 27 },
          { fromMs: 10, value: 25 },
        ],
      },
      {
        side: 'low',
        curves: [0],
        steps: [
          { fromMs: 0, value: 18 },
          { fromMs: 20, value: null },
        ],
      },
    ])
  })
  it('is one line for curves under the same limit, and none where none was set', () => {
    const lines = limitSteps([[change(0, null, 27)], [change(0, null, 30)], [change(0, null, 27)], []])
    expect(lines.map(({ side, curves }) => ({ side, curves }))).toEqual([
      { side: 'high', curves: [0, 2] },
      { side: 'high', curves: [1] },
    ])
  })
})
