import type { Logger } from 'pino'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { type AgentIdentity, nameProblem, usernameOf } from './agent-access.ts'
import { type BrokerAccess, BrokerAccessError } from './broker.ts'
import { hashPassword, newPassword, passwordFits } from './credential-hash.ts'

/** A password given from outside must not be one a person made up: the hash is a fast one (credential-hash.ts). */
const SHORTEST_GIVEN_PASSWORD = 24

export interface IssuedCredential {
  nodeId: number
  username: string
  /** Shown once; only its hash is kept. */
  password: string
}

export interface CredentialsDeps {
  db: Db
  access: BrokerAccess
  log: Logger
  clock: { nowMs(): number }
}

/** The caller asked for something that cannot be; `message` says what. */
export class CredentialError extends Error {
  readonly kind: 'exists' | 'not-found' | 'invalid'
  constructor(kind: CredentialError['kind'], message: string) {
    super(message)
    this.name = 'CredentialError'
    this.kind = kind
  }
}

export interface Credentials {
  /**
   * A new credential for the node, which is made known if it is not yet. Throws CredentialError (`exists`: revoke first) or
   * BrokerAccessError, after which nothing was issued.
   */
  issue(site: string, node: string, actor: string): Promise<IssuedCredential>
  /**
   * Makes the given password the node's, for an agent that is set up together with the server. Changes nothing when it already is; a
   * revoked one stays revoked.
   */
  ensure(site: string, node: string, password: string, actor: string): Promise<{ nodeId: number; username: string }>
  /**
   * A new credential in place of whatever the node had; a connection with the old one is cut. Throws BrokerAccessError, after which the
   * node has none.
   */
  replace(site: string, node: string, actor: string): Promise<IssuedCredential>
  /** Revokes and cuts the connection. When the broker cannot be reached it is revoked all the same, and cut at the next `reconcile`. */
  revoke(nodeId: number, reason: string, actor: string): Promise<void>
  /** After each connect of an outside broker: withdraws there what is revoked here, and reports whom it does not let in. */
  reconcile(): Promise<AgentIdentity[]>
}

/** Who comes with this username and password. One primary-key look-up; undefined for a stranger, a wrong password and a revoked credential. */
export function createVerifier(db: Db): (username: string, password: Buffer) => Promise<AgentIdentity | undefined> {
  return async (username, password) => {
    const row = await db
      .selectFrom('agentCredential')
      .innerJoin('edgeNode', 'edgeNode.id', 'agentCredential.nodeId')
      .select(['site', 'node', 'passwordHash', 'revoked'])
      .where('username', '=', username)
      .executeTakeFirst()
    if (!row || row.revoked || !passwordFits(password, row.passwordHash)) return undefined
    return { username, site: row.site, node: row.node }
  }
}

export function createCredentials({ db, access, log, clock }: CredentialsDeps): Credentials {
  // One change at a time: a reconciliation that read the database before a grant would take the new agent for a stranger.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  /** Writes the row and its audit in one transaction, then the broker; undoes the row when the broker refuses. */
  const set = async (identity: AgentIdentity, password: string, actor: string, action: 'issue' | 'set'): Promise<number> => {
    const { username, site, node } = identity
    const nodeId = await db.transaction().execute(async (transaction) => {
      const id = await nodeIdOf(transaction, site, node)
      if (action === 'issue' && (await liveCredential(transaction, id)))
        throw new CredentialError('exists', `${site}/${node} 已有凭据，请先吊销 / already has a credential: revoke it first`)
      const row = { nodeId: id, passwordHash: hashPassword(password), createdAtMs: clock.nowMs(), revoked: 0 }
      await transaction
        .insertInto('agentCredential')
        .values({ username, ...row })
        .onConflict((conflict) => conflict.column('username').doUpdateSet(row))
        .execute()
      const after = { site, node, username }
      await appendAudit(transaction, { actor, action: `agent.credential.${action}`, entity: `agent:${id}`, after }, clock.nowMs())
      return id
    })
    try {
      await access.grant(identity, password)
    } catch (error) {
      await markRevoked(nodeId, 'system', 'agent.credential.withdrawn', error instanceof Error ? error.message : String(error))
      throw error
    }
    return nodeId
  }

  const markRevoked = (nodeId: number, actor: string, action: string, reason: string): Promise<string | undefined> =>
    db.transaction().execute(async (transaction) => {
      const row = await liveCredential(transaction, nodeId)
      if (!row) return undefined
      await transaction.updateTable('agentCredential').set({ revoked: 1 }).where('username', '=', row.username).execute()
      const before = { username: row.username, revoked: false }
      await appendAudit(transaction, { actor, action, entity: `agent:${nodeId}`, before, after: { revoked: true, reason } }, clock.nowMs())
      return row.username
    })

  return {
    issue: (site, node, actor) =>
      inTurn(async () => {
        const identity = identityOf(site, node)
        const password = newPassword()
        const nodeId = await set(identity, password, actor, 'issue')
        return { nodeId, username: identity.username, password }
      }),

    replace: (site, node, actor) =>
      inTurn(async () => {
        const identity = identityOf(site, node)
        const row = await db
          .selectFrom('agentCredential')
          .select('nodeId')
          .where('username', '=', identity.username)
          .where('revoked', '=', 0)
          .executeTakeFirst()
        if (row) {
          await markRevoked(row.nodeId, actor, 'agent.credential.revoke', 'paired again')
          await access.withdraw(identity.username)
        }
        const password = newPassword()
        const nodeId = await set(identity, password, actor, 'issue')
        return { nodeId, username: identity.username, password }
      }),

    ensure: (site, node, password, actor) =>
      inTurn(async () => {
        const identity = identityOf(site, node)
        if (password.length < SHORTEST_GIVEN_PASSWORD)
          throw new CredentialError('invalid', `an agent's password needs at least ${SHORTEST_GIVEN_PASSWORD} random characters`)
        const row = await db
          .selectFrom('agentCredential')
          .select(['nodeId', 'passwordHash', 'revoked'])
          .where('username', '=', identity.username)
          .executeTakeFirst()
        if (row?.revoked) {
          log.warn({ username: identity.username }, 'the credential of this agent was revoked: it is not given back at the start')
          return { nodeId: row.nodeId, username: identity.username }
        }
        if (row && passwordFits(password, row.passwordHash)) {
          // The database has it; an outside broker with a new, empty list may not.
          const { missing } = await access.reconcile(await liveIdentities(db))
          if (missing.some(({ username }) => username === identity.username)) await access.grant(identity, password)
          return { nodeId: row.nodeId, username: identity.username }
        }
        return { nodeId: await set(identity, password, actor, 'set'), username: identity.username }
      }),

    revoke: (nodeId, reason, actor) =>
      inTurn(async () => {
        const username = await markRevoked(nodeId, actor, 'agent.credential.revoke', reason)
        if (username === undefined) throw new CredentialError('not-found', '没有可吊销的凭据 / There is no credential to revoke')
        try {
          await access.withdraw(username)
        } catch (error) {
          if (!(error instanceof BrokerAccessError)) throw error
          log.error({ err: error, username }, 'revoked here, but not at the broker yet: it follows when the broker can be reached')
          throw error
        }
      }),

    reconcile: () =>
      inTurn(async () => {
        const { missing, withdrawn } = await access.reconcile(await liveIdentities(db))
        if (withdrawn.length > 0) log.warn({ withdrawn }, 'withdrawn at the broker: not, or no longer, in the database')
        if (missing.length > 0)
          log.error(
            { missing: missing.map(({ username }) => username) },
            'the broker does not know these agents, and their passwords are not kept here: revoke and issue them again',
          )
        return missing
      }),
  }
}

/** Checks the names; the username follows from them. */
function identityOf(site: string, node: string): AgentIdentity {
  for (const name of [site, node]) {
    const problem = nameProblem(name)
    if (problem !== undefined) throw new CredentialError('invalid', `${JSON.stringify(name)}: ${problem}`)
  }
  return { username: usernameOf(site, node), site, node }
}

async function nodeIdOf(transaction: Db, site: string, node: string): Promise<number> {
  await transaction
    .insertInto('edgeNode')
    .values({ site, node, version: null, lastSeenMs: null, online: 0 })
    .onConflict((conflict) => conflict.columns(['site', 'node']).doNothing())
    .execute()
  const row = await transaction
    .selectFrom('edgeNode')
    .select('id')
    .where('site', '=', site)
    .where('node', '=', node)
    .executeTakeFirstOrThrow()
  return row.id
}

function liveCredential(db: Db, nodeId: number): Promise<{ username: string } | undefined> {
  return db.selectFrom('agentCredential').select('username').where('nodeId', '=', nodeId).where('revoked', '=', 0).executeTakeFirst()
}

function liveIdentities(db: Db): Promise<AgentIdentity[]> {
  return db
    .selectFrom('agentCredential')
    .innerJoin('edgeNode', 'edgeNode.id', 'agentCredential.nodeId')
    .select(['username', 'site', 'node'])
    .where('revoked', '=', 0)
    .execute()
}
