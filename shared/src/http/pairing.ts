import { z } from 'zod'
import { TOPIC_NAME } from '../sparkplug/topics.ts'
import { done, id, route, timeMs } from './contract-base.ts'

const topicName = z.string().regex(TOPIC_NAME, '1–64 个字符，不含 + # / / 1–64 characters without + # /')

/** `used`: an agent came with the code. Nothing of the code itself is ever listed. */
export const pairingSchema = z.object({
  id,
  site: z.string(),
  node: z.string(),
  state: z.enum(['open', 'used', 'cancelled', 'expired']),
  createdBy: z.string(),
  createdAtMs: timeMs,
  expiresAtMs: timeMs,
  endedAtMs: timeMs.nullable(),
  /** The address the agent came from. */
  usedFrom: z.string().nullable(),
})
export type Pairing = z.output<typeof pairingSchema>

/** What an agent needs to work, handed over once for its code. */
export const pairedSchema = z.object({
  site: z.string(),
  node: z.string(),
  /** Room proposed for its devices. */
  room: z.string().nullable(),
  /** Sparkplug host id of the server. */
  primaryHost: z.string(),
  mqtt: z.object({
    protocol: z.enum(['mqtt', 'mqtts']),
    /** null: the host by which the agent reached the server. */
    host: z.string().nullable(),
    port: z.number().int(),
    username: z.string(),
    password: z.string(),
    /** PEM of the authority that signed the broker's certificate; null: a public one, or no TLS. */
    ca: z.string().nullable(),
  }),
  nowMs: timeMs,
})
export type Paired = z.output<typeof pairedSchema>

/** Letting a new agent in: a person makes a code, the agent comes with it. */
export const pairingRoutes = {
  listPairings: route
    .route({ method: 'GET', path: '/agents/pairings', tags: ['agents'], summary: 'Pairing codes of the last hour, without the codes' })
    .meta({ permission: 'agents.read' })
    .output(z.array(pairingSchema)),
  createPairing: route
    .route({
      method: 'POST',
      path: '/agents/pairings',
      tags: ['agents'],
      summary: 'Make a single-use code for an agent; it is shown this once and ends an earlier one for the same agent',
    })
    .meta({ permission: 'agents.write' })
    .input(z.object({ site: topicName, node: topicName, room: z.string().trim().min(1).max(64).optional() }))
    .output(z.object({ pairing: pairingSchema, code: z.string() })),
  cancelPairing: route
    .route({ method: 'DELETE', path: '/agents/pairings/{pairingId}', tags: ['agents'], summary: 'End a code that was not used' })
    .meta({ permission: 'agents.write' })
    .input(z.object({ pairingId: id }))
    .output(done),
  pair: route
    .route({
      method: 'POST',
      path: '/agents/pair',
      tags: ['agents'],
      summary: 'For agents: the credential for a code. Wrong codes are slowed down',
    })
    .meta({ permission: 'public' })
    .input(z.object({ code: z.string().max(40) }))
    .output(pairedSchema),
}
