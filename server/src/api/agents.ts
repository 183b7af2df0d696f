import { ORPCError } from '@orpc/server'
import type { Agent } from '@roomkeeper/shared/http'
import { BrokerAccessError } from '../broker/broker.ts'
import { CredentialError, type Credentials } from '../broker/credentials.ts'
import type { Db } from '../database/schema.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'
import { actorOf, api } from './base.ts'

/** What the ingest knows of a node since the server's start. */
export interface NodeState {
  online: boolean
  lastSeenMs: number | null
  /** Agent's clock minus the server's, ms. */
  clockOffsetMs: number | null
  /** Records in the agent's log that are not committed yet. */
  backlog: number | null
  faults: Agent['faults']
}

export interface AgentsDeps {
  db: Db
  credentials: Credentials
  /** undefined: nothing was heard of the node since the start. */
  nodeState(nodeId: number): NodeState | undefined
  /** The node's connection was cut on purpose: Mosquitto sends no will then, so nobody else says that it is offline. */
  nodeCut(nodeId: number): void
}

/** Agents: who may send, how they are, and what the store refused. */
export function agentHandlers({ db, credentials, nodeState, nodeCut }: AgentsDeps) {
  const list = async (nodeId?: number): Promise<Agent[]> => {
    let nodes = db
      .selectFrom('edgeNode')
      .leftJoin('agentCredential', 'agentCredential.nodeId', 'edgeNode.id')
      .select(['id', 'site', 'node', 'version', 'lastSeenMs', 'online', 'username', 'agentCredential.createdAtMs', 'revoked'])
      .where('edgeNode.node', '<>', DRILL_NODE)
      .orderBy('site')
      .orderBy('node')
    if (nodeId !== undefined) nodes = nodes.where('edgeNode.id', '=', nodeId)
    // The newest epoch is the log in use; older ones belong to a log that is no more.
    const positions = await db.selectFrom('logPosition').select(['nodeId', 'committedOffset']).orderBy('updatedAtMs').execute()
    const committed = new Map(positions.map((position) => [position.nodeId, position.committedOffset]))
    return (await nodes.execute()).map((row) => {
      const state = nodeState(row.id)
      return {
        id: row.id,
        site: row.site,
        node: row.node,
        online: state?.online ?? false,
        version: row.version,
        lastSeenMs: state?.lastSeenMs ?? row.lastSeenMs,
        clockOffsetMs: state?.clockOffsetMs ?? null,
        backlog: state?.backlog ?? null,
        committedOffset: committed.get(row.id) ?? null,
        faults: state?.faults ?? [],
        credential:
          row.username === null ? null : { username: row.username, createdAtMs: row.createdAtMs ?? 0, revoked: row.revoked === 1 },
      }
    })
  }

  return {
    list: api.agents.list.handler(() => list()),

    create: api.agents.create.handler(async ({ input, context }) => {
      refuseReservedName(input.node)
      const issued = await answered(credentials.issue(input.site, input.node, actorOf(context).username))
      const [agent] = await list(issued.nodeId)
      if (!agent) throw new Error(`agent ${issued.nodeId} is not there after its credential was issued`)
      return { agent, username: issued.username, password: issued.password }
    }),

    revoke: api.agents.revoke.handler(async ({ input, context }) => {
      await answered(credentials.revoke(input.agentId, input.reason, actorOf(context).username))
      nodeCut(input.agentId)
      return { ok: true as const }
    }),

    quarantine: api.agents.quarantine.handler(async ({ input }) => {
      let rows = db.selectFrom('quarantine').selectAll().orderBy('id', 'desc').limit(input.limit)
      if (input.before !== undefined) rows = rows.where('id', '<', input.before)
      return (await rows.execute()).map(({ id, path, offset, timeMs, valueJson, reason, atMs }) => ({
        id,
        path,
        offset,
        timeMs,
        value: JSON.parse(valueJson) as number | string | boolean | null,
        reason,
        atMs,
      }))
    }),
  }
}

/** The name by which drills come in is nobody else's. */
export function refuseReservedName(node: string): void {
  if (node !== DRILL_NODE) return
  const message = `“${DRILL_NODE}”留作告警演练，请换一个名称 / “${DRILL_NODE}” is kept for drills: choose another name`
  throw new ORPCError('INVALID', { status: 422, message, data: { field: 'node', allowed: message } })
}

/** Turns what the credentials refuse into what HTTP answers. */
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof CredentialError) {
      if (error.kind === 'exists') throw new ORPCError('CONFLICT', { message: error.message })
      if (error.kind === 'not-found') throw new ORPCError('NOT_FOUND', { message: error.message })
      throw new ORPCError('INVALID', { status: 422, message: error.message, data: { field: 'site, node', allowed: error.message } })
    }
    if (error instanceof BrokerAccessError)
      throw new ORPCError('CONFLICT', { message: `MQTT 服务器未执行 / not done by the MQTT broker: ${error.message}` })
    throw error
  }
}
