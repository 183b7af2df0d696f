/** The user's mistake, or a change that may not be made: answered, never logged as a fault. */
export class AccountRefusedError extends Error {
  override name = 'AccountRefusedError'
  readonly code: 'NOT_FOUND' | 'CONFLICT' | 'INVALID'
  /** The input field at fault, for INVALID. */
  readonly field: string

  constructor(code: 'NOT_FOUND' | 'CONFLICT' | 'INVALID', message: string, field = '') {
    super(message)
    this.code = code
    this.field = field
  }
}
