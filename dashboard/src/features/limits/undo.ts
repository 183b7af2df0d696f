/** A value with the way back. Changes of the same place in a row (typing a number) are one step. */
export interface Undoable<T> {
  readonly now: T
  readonly past: readonly T[]
  readonly place: string
}

const MOST_STEPS = 100

export function begun<T>(now: T): Undoable<T> {
  return { now, past: [], place: '' }
}

export function changed<T>(state: Undoable<T>, now: T, place: string): Undoable<T> {
  if (place !== '' && place === state.place) return { ...state, now }
  return { now, past: [...state.past, state.now].slice(-MOST_STEPS), place }
}

export function undone<T>(state: Undoable<T>): Undoable<T> {
  const before = state.past.at(-1)
  return before === undefined ? state : { now: before, past: state.past.slice(0, -1), place: '' }
}
