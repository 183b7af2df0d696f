import { PAIRING_VALID_MS } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { appendAudit } from '../audit/audit.ts'
import { nameProblem } from '../broker/agent-access.ts'
import { CredentialError, type Credentials, type IssuedCredential } from '../broker/credentials.ts'
import type { Database, Db } from '../database/schema.ts'
import { GuessGate } from './guess-gate.ts'
import { hashPairingCode, newPairingCode, pairingSalt } from './pairing-code.ts'
import { WrongGuesses } from './wrong-guesses.ts'

export type PairingRow = Omit<Database['pairing'], 'id'> & { id: number }

/** `wrong`: no open code is this one, be it wrong, used, cancelled or expired. */
export type PairAnswer =
  | { outcome: 'paired'; pairing: PairingRow; credential: IssuedCredential }
  | { outcome: 'wrong' }
  | { outcome: 'too-many'; retryAfterMs: number }

export interface Pairings {
  /** A new code, shown this once. An open one for the same agent ends. Throws CredentialError (`invalid`) for names that cannot be. */
  create(request: { site: string; node: string; room: string | null }, actor: string): Promise<{ pairing: PairingRow; code: string }>
  /** Ends an open code; false when there is no open one with this id. */
  cancel(id: number, actor: string): Promise<boolean>
  /** Of the last hour, newest first. */
  list(): Promise<PairingRow[]>
  /**
   * Exchanges a code for the credential of its agent, in place of whatever it had. Of two that come with the same code one wins. Throws
   * BrokerAccessError when the broker does not take the credential; the code is then open as before.
   */
  pair(code: string, address: string): Promise<PairAnswer>
  /** Ends what has expired, with its audit rows. */
  expire(): Promise<void>
  stop(): Promise<void>
}

const LISTED_MS = 3_600_000

export interface PairingsDeps {
  db: Db
  credentials: Pick<Credentials, 'replace'>
  clock: { nowMs(): number }
  log: Logger
  /** Something of the list changed. */
  onChange(): void
}

export function createPairings({ db, credentials, clock, log, onChange }: PairingsDeps): Pairings {
  const gate = new GuessGate(clock)
  const wrong = new WrongGuesses({ db, clock, log })
  let salt: Promise<string> | undefined
  const hashOf = async (code: string): Promise<string> => {
    salt ??= pairingSalt(db).catch((error: unknown) => {
      salt = undefined
      throw error
    })
    return hashPairingCode(code, await salt)
  }

  /** Ends one code, if it is open still: the row's state decides between two that come at once. */
  const end = async (
    transaction: Db,
    pairing: Pick<PairingRow, 'id' | 'site' | 'node'>,
    state: 'used' | 'cancelled' | 'expired',
    actor: string,
    usedFrom: string | null = null,
  ): Promise<boolean> => {
    const nowMs = clock.nowMs()
    const { numUpdatedRows } = await transaction
      .updateTable('pairing')
      .set({ state, endedAtMs: nowMs, usedFrom })
      .where('id', '=', pairing.id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const after = { site: pairing.site, node: pairing.node, state, ...(usedFrom === null ? {} : { address: usedFrom }) }
    await appendAudit(transaction, { actor, action: `agent.pairing.${state}`, entity: `pairing:${pairing.id}`, after }, nowMs)
    return true
  }

  const expire = async (): Promise<void> => {
    const due = await db.selectFrom('pairing').selectAll().where('state', '=', 'open').where('expiresAtMs', '<=', clock.nowMs()).execute()
    for (const pairing of due) await db.transaction().execute((transaction) => end(transaction, pairing, 'expired', 'system'))
    if (due.length > 0) onChange()
  }

  const claim = async (code: string, address: string): Promise<PairingRow | undefined> => {
    const codeHash = await hashOf(code)
    await expire()
    return db.transaction().execute(async (transaction) => {
      const found = await transaction
        .selectFrom('pairing')
        .selectAll()
        .where('codeHash', '=', codeHash)
        .where('state', '=', 'open')
        .executeTakeFirst()
      if (!found || !(await end(transaction, found, 'used', 'agent', address))) return undefined
      return found
    })
  }

  const reopen = (pairing: PairingRow, reason: string): Promise<void> =>
    db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('pairing')
        .set({ state: 'open', endedAtMs: null, usedFrom: null })
        .where('id', '=', pairing.id)
        .execute()
      const entry = { actor: 'system', action: 'agent.pairing.reopened', entity: `pairing:${pairing.id}`, after: { reason } }
      await appendAudit(transaction, entry, clock.nowMs())
    })

  return {
    create: async ({ site, node, room }, actor) => {
      for (const name of [site, node]) {
        const problem = nameProblem(name)
        if (problem !== undefined) throw new CredentialError('invalid', `${JSON.stringify(name)}: ${problem}`)
      }
      const code = newPairingCode()
      const codeHash = await hashOf(code)
      await expire()
      const pairing = await db.transaction().execute(async (transaction) => {
        const nowMs = clock.nowMs()
        const open = transaction.selectFrom('pairing').selectAll().where('state', '=', 'open')
        for (const earlier of await open.where('site', '=', site).where('node', '=', node).execute())
          await end(transaction, earlier, 'cancelled', actor)
        const row = await transaction
          .insertInto('pairing')
          .values({
            site,
            node,
            room,
            codeHash,
            state: 'open',
            createdBy: actor,
            createdAtMs: nowMs,
            expiresAtMs: nowMs + PAIRING_VALID_MS,
            endedAtMs: null,
            usedFrom: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const entry = { actor, action: 'agent.pairing.create', entity: `pairing:${row.id}`, after: { site, node } }
        await appendAudit(transaction, entry, nowMs)
        return row
      })
      onChange()
      return { pairing, code }
    },

    cancel: async (id, actor) => {
      const pairing = await db.selectFrom('pairing').selectAll().where('id', '=', id).executeTakeFirst()
      if (!pairing) return false
      const isEnded = await db.transaction().execute((transaction) => end(transaction, pairing, 'cancelled', actor))
      if (isEnded) onChange()
      return isEnded
    },

    list: async () => {
      await expire()
      const from = clock.nowMs() - LISTED_MS
      return db.selectFrom('pairing').selectAll().where('createdAtMs', '>', from).orderBy('id', 'desc').limit(100).execute()
    },

    pair: async (code, address) => {
      const answer = await gate.guess(address, () => claim(code, address))
      if ('retryAfterMs' in answer) return { outcome: 'too-many', retryAfterMs: answer.retryAfterMs }
      const pairing = answer.result
      if (pairing === undefined) {
        wrong.add(address)
        return { outcome: 'wrong' }
      }
      try {
        // The person who made the code is who lets the agent in.
        const credential = await credentials.replace(pairing.site, pairing.node, pairing.createdBy)
        log.info({ module: 'pairing', site: pairing.site, node: pairing.node, address, by: pairing.createdBy }, 'agent paired')
        return { outcome: 'paired', pairing, credential }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        await reopen(pairing, reason).catch((cause: unknown) =>
          log.warn({ module: 'pairing', err: cause }, 'the code could not be given back'),
        )
        throw error
      } finally {
        onChange()
      }
    },

    expire,
    stop: () => wrong.flush(),
  }
}
