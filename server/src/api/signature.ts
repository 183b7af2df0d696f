import type { Accounts } from '../accounts/accounts.ts'
import type { Actor } from './base.ts'
import { requirePassword } from './password-answers.ts'

/** A form counts as signed when the person types their own password under it, for this form and this time. Throws the contract's answer when it is not. */
export async function requireSignature(accounts: Pick<Accounts, 'verifySignature'>, actor: Actor, password: string): Promise<void> {
  requirePassword(await accounts.verifySignature(actor.accountId, password), 'password')
}
