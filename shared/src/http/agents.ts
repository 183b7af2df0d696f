import { z } from 'zod'
import { TOPIC_NAME } from '../sparkplug/topics.ts'
import { done, id, longText, pageQuery, route, timeMs } from './contract-base.ts'
import { pairingRoutes } from './pairing.ts'
import { readingValueSchema } from './rooms.ts'

const topicName = z.string().regex(TOPIC_NAME, '1–64 个字符，不含 + # / / 1–64 characters without + # /')

export const agentFaultSchema = z.object({ device: z.string().nullable(), kind: z.string(), message: z.string() })

export const agentSchema = z.object({
  id,
  site: z.string(),
  node: z.string(),
  online: z.boolean(),
  version: z.string().nullable(),
  lastSeenMs: timeMs.nullable(),
  /** Agent's clock minus the server's, measured at receipt, ms. */
  clockOffsetMs: z.number().nullable(),
  /** Records in the agent's log that are not committed yet. */
  backlog: z.number().nullable(),
  committedOffset: z.number().nullable(),
  faults: z.array(agentFaultSchema),
  credential: z.object({ username: z.string(), createdAtMs: timeMs, revoked: z.boolean() }).nullable(),
})
export type Agent = z.output<typeof agentSchema>

export const quarantinedSchema = z.object({
  id,
  path: z.string(),
  offset: z.number().nullable(),
  timeMs: timeMs.nullable(),
  value: readingValueSchema,
  reason: z.string(),
  atMs: timeMs,
})

export const agents = {
  list: route
    .route({ method: 'GET', path: '/agents', tags: ['agents'], summary: 'Agents and their state' })
    .meta({ permission: 'agents.read' })
    .output(z.array(agentSchema)),
  create: route
    .route({
      method: 'POST',
      path: '/agents',
      tags: ['agents'],
      summary: 'Issue a credential for a new agent; the password is shown this once',
    })
    .meta({ permission: 'agents.write' })
    .input(z.object({ site: topicName, node: topicName }))
    .output(z.object({ agent: agentSchema, username: z.string(), password: z.string() })),
  revoke: route
    .route({
      method: 'DELETE',
      path: '/agents/{agentId}/credential',
      tags: ['agents'],
      summary: 'Revoke the credential and cut the connection',
    })
    .meta({ permission: 'agents.write' })
    .input(z.object({ agentId: id, reason: longText.min(1) }))
    .output(done),
  quarantine: route
    .route({ method: 'GET', path: '/quarantine', tags: ['agents'], summary: 'Readings the store refused, with the reason' })
    .meta({ permission: 'agents.read' })
    .input(z.object(pageQuery))
    .output(z.array(quarantinedSchema)),
  ...pairingRoutes,
}
