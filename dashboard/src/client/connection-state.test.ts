import { describe, expect, it } from 'vitest'
import { CHECK_INTERVAL_MS, heard, INITIAL_CONNECTION, isSilent, lost, SILENCE_LIMIT_MS } from './connection-state.ts'

describe('connection state', () => {
  it('is said to be lost within 3 s of the last tick', () => {
    expect(SILENCE_LIMIT_MS + CHECK_INTERVAL_MS).toBeLessThan(3000)
    expect(isSilent(0, 2000)).toBe(false)
    expect(isSilent(0, 2700)).toBe(true)
  })

  it('starts a new epoch when it comes back, not on every tick', () => {
    const live = heard(heard(INITIAL_CONNECTION, 1000), 2000)
    expect(live).toEqual({ phase: 'live', epoch: 1, lastHeardAtMs: 2000 })
    const back = heard(lost(live), 9000)
    expect(back).toEqual({ phase: 'live', epoch: 2, lastHeardAtMs: 9000 })
  })

  it('keeps the time it was last heard while it is lost', () => {
    const gone = lost(heard(INITIAL_CONNECTION, 5000))
    expect(gone).toMatchObject({ phase: 'lost', lastHeardAtMs: 5000 })
    expect(lost(gone)).toBe(gone)
  })
})
