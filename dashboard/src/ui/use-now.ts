import { useSyncExternalStore } from 'react'
import { serverClock, subscribeSecond } from '../client/clock.ts'

/** Server time, whole seconds; renders once a second. For few components only. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribeSecond, () => Math.floor(serverClock.nowMs() / 1000) * 1000)
}
