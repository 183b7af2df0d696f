/** A refusal that ends the transaction; the handler turns it into its answer. */
export class Refused extends Error {
  readonly kind: 'missing' | 'forbidden' | 'conflict' | 'invalid'
  readonly field: string
  readonly allowed: string
  constructor(kind: Refused['kind'], message = '', field = '', allowed = '') {
    super(message)
    this.kind = kind
    this.field = field
    this.allowed = allowed
  }
}

interface Answers {
  NOT_FOUND(): Error
  FORBIDDEN(): Error
  CONFLICT(options: { message: string }): Error
  INVALID(options: { message: string; data: { field: string; allowed: string } }): Error
}

/** Runs the work; a refusal becomes the contract's error. */
export async function answering<T>(errors: Answers, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { kind, message, field, allowed } = error
    if (kind === 'missing') throw errors.NOT_FOUND()
    if (kind === 'forbidden') throw errors.FORBIDDEN()
    if (kind === 'conflict') throw errors.CONFLICT({ message })
    throw errors.INVALID({ message, data: { field, allowed } })
  }
}
