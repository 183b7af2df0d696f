/** A transition of an alarm, with the time by both clocks. */
export interface WaitTransition {
  id: number
  alarmId: number
  event: string
  fromState: string
  toState: string
  atMs: number
  recordedAtMs: number
  person: string | null
}

/** Delays of limits and of the way here are shorter; what is older was learnt of afterwards, or the device's clock is wrong. */
const TRUSTED_MS = 5 * 60_000

/** When it was detected: by the device's time, as far as that can be. */
export function detectedAtMs({ atMs, recordedAtMs }: Pick<WaitTransition, 'atMs' | 'recordedAtMs'>): number {
  return atMs > recordedAtMs || recordedAtMs - atMs > TRUSTED_MS ? recordedAtMs : atMs
}

export interface Wait {
  alarmId: number
  detectedAtMs: number
  /** null: nobody has acknowledged. */
  acknowledged: { atMs: number; person: string } | null
}

/**
 * From each detection that called for a person to their acknowledgement. An alarm that returns and comes back before anybody acknowledged
 * goes on waiting; `isAnew`: it begins to wait again, as each drill does.
 */
export function waitsOf(transitions: readonly WaitTransition[], isAnew: boolean): Wait[] {
  const waits: Wait[] = []
  const open = new Map<number, Wait>()
  for (const transition of transitions) {
    const { alarmId, event, fromState, toState, recordedAtMs, person } = transition
    if (event === 'acknowledge') {
      const wait = open.get(alarmId)
      if (wait) wait.acknowledged = { atMs: recordedAtMs, person: person ?? '' }
      open.delete(alarmId)
    } else if (toState === 'UNACK' && fromState !== 'UNACK' && (isAnew || !open.has(alarmId))) {
      const wait = { alarmId, detectedAtMs: detectedAtMs(transition), acknowledged: null }
      waits.push(wait)
      open.set(alarmId, wait)
    }
  }
  return waits
}
