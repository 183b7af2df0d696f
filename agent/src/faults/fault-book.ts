/** Something the agent cannot do as it should. Travels as JSON in `Properties/Faults`. */
export interface Fault {
  device?: string
  kind: FaultKind
  message: string
}

export type FaultKind =
  | 'configuration'
  | 'unreachable'
  | 'denied'
  | 'garbage'
  /** A driver broke one of its own rules. */
  | 'bug'
  /** Scans are published live only, since the log cannot keep them. */
  | 'log-unavailable'
  /** The log will be full soon: old readings will be thinned, then dropped. */
  | 'log-filling'
  /** Old readings in which nothing happened were thinned to make room. */
  | 'log-thinned'
  /** Readings that the server never took were dropped from the log. */
  | 'log-loss'
  | 'log-damaged'
  | 'clock'

/** What is wrong now. Setting the same fault again changes nothing; `onChange` hears of the rest. */
export class FaultBook {
  readonly #faults = new Map<string, Fault>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** Sets a fault, in place of an earlier one of the same device (and, without a device, of the same kind). */
  set(fault: Fault): void {
    const key = keyOf(fault)
    const known = this.#faults.get(key)
    if (known?.kind === fault.kind && known.message === fault.message) return
    this.#faults.set(key, fault)
    this.#onChange()
  }

  clear(which: { device: string } | { kind: FaultKind }): void {
    if (this.#faults.delete(keyOf(which))) this.#onChange()
  }

  list(): Fault[] {
    return [...this.#faults.values()]
  }
}

function keyOf(fault: { device?: string; kind?: FaultKind }): string {
  return fault.device === undefined ? `kind ${fault.kind}` : `device ${fault.device}`
}
