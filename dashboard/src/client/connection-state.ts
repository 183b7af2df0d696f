/** What this browser knows about its line to the server. */
export interface ConnectionState {
  /** `connecting`: just opened, nothing heard yet, nothing known lost. */
  phase: 'connecting' | 'live' | 'lost'
  /** Grows each time the connection comes back; values carry the one they were received on. */
  epoch: number
  /** Server time of the last sign of life; null before the first. */
  lastHeardAtMs: number | null
}

/**
 * The server ticks once a second. The product promises a banner within 3 s of a lost connection; the check runs every
 * `CHECK_INTERVAL_MS`, so 2.4 s + 0.2 s keeps the promise on a slow PC too, and still forgives one late tick.
 */
export const SILENCE_LIMIT_MS = 2400
export const CHECK_INTERVAL_MS = 200

export const INITIAL_CONNECTION: ConnectionState = { phase: 'connecting', epoch: 1, lastHeardAtMs: null }

/** A sign of life (`hello` or `tick`) with the server's time. Coming back from `lost` starts a new epoch. */
export function heard(state: ConnectionState, serverNowMs: number): ConnectionState {
  return { phase: 'live', epoch: state.phase === 'lost' ? state.epoch + 1 : state.epoch, lastHeardAtMs: serverNowMs }
}

export function lost(state: ConnectionState): ConnectionState {
  return state.phase === 'lost' ? state : { ...state, phase: 'lost' }
}

/** Whether the line has been silent for too long; both times from the same monotonic clock. */
export function isSilent(lastSignMs: number, nowMs: number): boolean {
  return nowMs - lastSignMs > SILENCE_LIMIT_MS
}
