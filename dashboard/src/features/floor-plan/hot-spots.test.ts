import { describe, expect, it } from 'vitest'
import { hotSpots } from './hot-spots.ts'

const reading = (pointId: number, celsius: number, high: number | null = 27) => ({ pointId, celsius, high })

describe('hot spots', () => {
  it('are what is at or above its own high limit', () => {
    expect(hotSpots([reading(1, 27), reading(2, 26.9), reading(3, 30, 35), reading(4, 28)])).toEqual([
      { pointId: 4, celsius: 28, aboveMean: expect.closeTo(0.025, 5), reason: 'limit' },
      { pointId: 1, celsius: 27, aboveMean: expect.closeTo(-0.975, 5), reason: 'limit' },
    ])
  })
  it('are what is far above the mean of at least three', () => {
    const cool = [reading(1, 20), reading(2, 20), reading(3, 20)]
    // The mean rises with it: 26.7 is 5.025 K above 21.675.
    expect(hotSpots([...cool, reading(4, 26.7)])).toEqual([
      { pointId: 4, celsius: 26.7, aboveMean: expect.closeTo(5.025, 5), reason: 'mean' },
    ])
    expect(hotSpots([...cool, reading(4, 26.6)])).toEqual([])
    expect(hotSpots([reading(1, 10), reading(2, 26)])).toEqual([])
  })
  it('are none without readings or limits', () => {
    expect(hotSpots([])).toEqual([])
    expect(hotSpots([reading(1, 45, null), reading(2, 45, null), reading(3, 45, null)])).toEqual([])
  })
})
