/** Where one limit stands. Times are those of the readings (ms), so folding the same readings again gives the same states. */
export interface LimitState {
  phase: 'normal' | 'raising' | 'active' | 'clearing'
  /** raising: when the condition became true; clearing: when it stopped; active: when the alarm was raised. */
  sinceMs: number
}

export interface LimitDelays {
  onDelayMs: number
  offDelayMs: number
}

/** What a step decided. `atMs` is the alarm's own time: condition + delay, whether or not a reading fell on that moment. */
export type LimitEvent = { kind: 'raise' | 'clear'; atMs: number } | undefined

/**
 * One reading of one limit. Changes `state` in place (hot path) and returns the event, if any.
 * `isOver` is judged by the caller with the deadband of the present phase (`isOverLimit`).
 */
export function stepLimit(state: LimitState, isOver: boolean, timeMs: number, delays: LimitDelays): LimitEvent {
  // The device's clock was set back: a delay that began in its "future" begins again now, or it would not end for as long.
  if (timeMs < state.sinceMs) state.sinceMs = timeMs
  switch (state.phase) {
    case 'normal':
      if (!isOver) return undefined
      if (delays.onDelayMs === 0) return enter(state, 'active', timeMs, 'raise')
      state.phase = 'raising'
      state.sinceMs = timeMs
      return undefined
    case 'raising':
      if (!isOver) {
        state.phase = 'normal'
        return undefined
      }
      if (timeMs - state.sinceMs < delays.onDelayMs) return undefined
      return enter(state, 'active', state.sinceMs + delays.onDelayMs, 'raise')
    case 'active':
      if (isOver) return undefined
      if (delays.offDelayMs === 0) return enter(state, 'normal', timeMs, 'clear')
      state.phase = 'clearing'
      state.sinceMs = timeMs
      return undefined
    case 'clearing':
      if (isOver) {
        state.phase = 'active'
        return undefined
      }
      if (timeMs - state.sinceMs < delays.offDelayMs) return undefined
      return enter(state, 'normal', state.sinceMs + delays.offDelayMs, 'clear')
  }
}

function enter(state: LimitState, phase: 'active' | 'normal', atMs: number, kind: 'raise' | 'clear'): LimitEvent {
  state.phase = phase
  state.sinceMs = atMs
  return { kind, atMs }
}

/** Whether the alarm stands: raised and not yet cleared. */
export function isStanding(state: LimitState): boolean {
  return state.phase === 'active' || state.phase === 'clearing'
}
