import { ORPCError } from '@orpc/server'
import type { Paired, Pairing } from '@roomkeeper/shared/http'
import { groupedPairingCode, pairingCodeOf } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { BrokerAccessError } from '../broker/broker.ts'
import { CredentialError } from '../broker/credentials.ts'
import type { BrokerForAgents } from '../pairing/broker-for-agents.ts'
import type { PairingRow, Pairings } from '../pairing/pairings.ts'
import { refuseReservedName } from './agents.ts'
import { actorOf, api } from './base.ts'
import { tooManyAttempts } from './password-answers.ts'

export interface PairingDeps {
  pairings: Pairings
  /** How agents reach the broker. Rejects when the file with its authority cannot be read. */
  brokerForAgents(): Promise<BrokerForAgents>
  hostId: string
  clock: { nowMs(): number }
  log: Logger
  /** The node's old connection was cut: Mosquitto sends no will then. */
  nodeCut(nodeId: number): void
}

/** Codes for new agents, and the door by which they come in. */
export function pairingHandlers({ pairings, brokerForAgents, hostId, clock, log, nodeCut }: PairingDeps) {
  return {
    listPairings: api.agents.listPairings.handler(async () => (await pairings.list()).map(toPairing)),

    createPairing: api.agents.createPairing.handler(async ({ input: { site, node, room }, context }) => {
      refuseReservedName(node)
      try {
        const { pairing, code } = await pairings.create({ site, node, room: room ?? null }, actorOf(context).username)
        return { pairing: toPairing(pairing), code: groupedPairingCode(code) }
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error
        throw new ORPCError('INVALID', { status: 422, message: error.message, data: { field: 'site, node', allowed: error.message } })
      }
    }),

    cancelPairing: api.agents.cancelPairing.handler(async ({ input, context }) => {
      if (!(await pairings.cancel(input.pairingId, actorOf(context).username)))
        throw new ORPCError('NOT_FOUND', { message: '没有未使用的配对码 / There is no unused code' })
      return { ok: true as const }
    }),

    pair: api.agents.pair.handler(async ({ input, context, errors }): Promise<Paired> => {
      const code = pairingCodeOf(input.code)
      // Read first: a file that is missing must not cost the code.
      const { protocol, host, port, ca } = await brokerForAgents().catch((error: unknown) => {
        log.error({ module: 'pairing', err: error }, 'ROOMKEEPER_MQTT_CA cannot be read; no agent can be paired')
        throw errors.UNAVAILABLE({ message: '服务器设置 ROOMKEEPER_MQTT_CA 无法读取 / The server cannot read its ROOMKEEPER_MQTT_CA' })
      })
      try {
        // What cannot be a code is still one guess, so that a stranger learns nothing faster.
        const answer = await pairings.pair(code ?? '', context.address)
        if (answer.outcome === 'too-many') throw tooManyAttempts(Math.ceil(answer.retryAfterMs / 1000))
        if (answer.outcome === 'wrong')
          throw new ORPCError('NOT_FOUND', {
            status: 404,
            message: '配对码无效：输错、已使用、已取消或已过期 / The code is not valid: mistyped, used, cancelled or expired',
          })
        const { pairing, credential } = answer
        nodeCut(credential.nodeId)
        return {
          site: pairing.site,
          node: pairing.node,
          room: pairing.room,
          primaryHost: hostId,
          mqtt: { protocol, host, port, username: credential.username, password: credential.password, ca },
          nowMs: clock.nowMs(),
        }
      } catch (error) {
        if (!(error instanceof BrokerAccessError)) throw error
        // What the broker said may hold addresses: for the log, not for a stranger.
        log.error({ module: 'pairing', err: error }, 'an agent could not be paired: the MQTT broker did not take its credential')
        throw errors.UNAVAILABLE({
          message:
            'MQTT 服务器未接受凭据，配对码仍有效，请稍后再试 / The MQTT broker did not take the credential; the code is still valid, try again later',
        })
      }
    }),
  }
}

function toPairing({ id, site, node, state, createdBy, createdAtMs, expiresAtMs, endedAtMs, usedFrom }: PairingRow): Pairing {
  return { id, site, node, state, createdBy, createdAtMs, expiresAtMs, endedAtMs, usedFrom }
}
