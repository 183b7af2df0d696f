import { ORPCError } from '@orpc/server'
import { AccountRefusedError } from '../accounts/accounts.ts'

const STATUS = { NOT_FOUND: 404, CONFLICT: 409, INVALID: 422 } as const

/** Runs a change of accounts or tokens and turns its refusals into answers. */
export async function answeringRefusals<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof AccountRefusedError)) throw error
    const data = error.code === 'INVALID' ? { field: error.field, allowed: error.message } : undefined
    throw new ORPCError(error.code, { status: STATUS[error.code], message: error.message, data, cause: error })
  }
}
