import { describe, expect, it } from 'vitest'
import { freshnessOf, staleLimitMs } from './staleness.ts'

const entry = {
  timeMs: 100_000,
  quality: 'good',
  intervalMs: 10_000,
  epoch: 1,
  currentEpoch: 1,
  isConnectionLost: false,
  nowMs: 101_000,
} as const

describe('staleness', () => {
  it('is three intervals, at least 15 s', () => {
    expect(staleLimitMs(1_000)).toBe(15_000)
    expect(staleLimitMs(10_000)).toBe(30_000)
  })
  it('is fresh up to the limit and late after it', () => {
    expect(freshnessOf(entry)).toBe('fresh')
    expect(freshnessOf({ ...entry, nowMs: 130_000 })).toBe('fresh')
    expect(freshnessOf({ ...entry, nowMs: 130_001 })).toBe('late')
  })
  it('is never fresh while the connection is lost, however young', () => {
    expect(freshnessOf({ ...entry, isConnectionLost: true })).toBe('lost')
  })
  it('stays lost after a reconnect until it is heard again on the new connection', () => {
    expect(freshnessOf({ ...entry, currentEpoch: 2 })).toBe('lost')
    expect(freshnessOf({ ...entry, epoch: 2, currentEpoch: 2 })).toBe('fresh')
  })
  it('believes the server when it says stale, and has no age without a reading', () => {
    expect(freshnessOf({ ...entry, quality: 'stale' })).toBe('stale')
    expect(freshnessOf({ ...entry, timeMs: null })).toBe('none')
  })
})
