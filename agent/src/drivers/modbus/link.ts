import type { Question } from './pdu.ts'

/** A way to units: one TCP connection or one serial line. Asked one question at a time; `Bus` sees to that. */
export interface ModbusLink {
  /**
   * The answer's PDU, which may be an exception. Rejects with a DriverError: unreachable (no way there, no answer within `timeoutMs`, cancelled) or
   * garbage (bytes came, but no answer among them).
   */
  ask(unitId: number, question: Question, timeoutMs: number, signal: AbortSignal): Promise<Buffer>
  /** Resolves when the line may be opened anew. */
  close(): Promise<void>
}
