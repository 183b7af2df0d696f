import { useSyncExternalStore } from 'react'

const narrow = window.matchMedia('(max-width: 900px), (pointer: coarse)')
const coarse = window.matchMedia('(pointer: coarse)')

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

/** A small screen, or one that fingers use: controls are 44 px high. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}

/** Fingers: the device's own pickers of dates and times are better than any in a page. */
export function hasTouch(): boolean {
  return coarse.matches
}
