import { describe, expect, it, vi } from 'vitest'
import { createLiveStore } from './live-store.ts'

function storeWithManualFlush() {
  const flushes: (() => void)[] = []
  const store = createLiveStore((flush) => flushes.push(flush))
  return { store, flushes, flush: () => flushes.splice(0).forEach((each) => void each()) }
}

describe('live store', () => {
  it('tells a listener once for many updates, and only of its own point', () => {
    const { store, flush, flushes } = storeWithManualFlush()
    const one = vi.fn()
    const two = vi.fn()
    store.subscribe(1, one)
    store.subscribe(2, two)
    for (let timeMs = 1000; timeMs < 1010; timeMs++) store.apply([[1, timeMs, timeMs, 'good', null]], 1)
    expect(flushes).toHaveLength(1)
    flush()
    expect(one).toHaveBeenCalledTimes(1)
    expect(two).not.toHaveBeenCalled()
    expect(store.get(1)?.value).toBe(1009)
  })

  it('never replaces a newer reading by an older one', () => {
    const { store } = storeWithManualFlush()
    store.apply([[1, 2000, 20, 'good', null]], 1)
    store.seed([{ id: 1, timeMs: 1000, value: 10, quality: 'good', reason: null }], 1)
    expect(store.get(1)).toMatchObject({ timeMs: 2000, value: 20 })
  })

  it('takes a change of quality at the same time', () => {
    const { store } = storeWithManualFlush()
    store.apply([[1, 2000, 20, 'good', null]], 1)
    store.apply([[1, 2000, 20, 'stale', 'device-offline']], 1)
    expect(store.get(1)).toMatchObject({ quality: 'stale', reason: 'device-offline' })
  })

  it('marks an entry with the connection it came from, so that an earlier one can be told', () => {
    const { store } = storeWithManualFlush()
    store.apply([[1, 2000, 20, 'good', null]], 1)
    expect(store.get(1)?.epoch).toBe(1)
    store.seed([{ id: 1, timeMs: 2000, value: 20, quality: 'good', reason: null }], 2)
    expect(store.get(1)?.epoch).toBe(2)
  })

  it('forgets a listener that unsubscribed', () => {
    const { store, flush } = storeWithManualFlush()
    const listener = vi.fn()
    store.subscribe(1, listener)()
    store.apply([[1, 1, 1, 'good', null]], 1)
    flush()
    expect(listener).not.toHaveBeenCalled()
  })
})
