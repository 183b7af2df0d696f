import { z } from 'zod'
import { ALARM_PRIORITIES, NOTICE_KINDS, NOTICE_STATES, ROLE_NAMES } from '../model/index.ts'
import { done, id, longText, pageQuery, route, shortText, timeMs } from './contract-base.ts'

/** JSON schema of a channel's settings, from which the form follows. */
const jsonSchema = z.record(z.string(), z.unknown())
const bilingual = z.object({ zh: z.string(), en: z.string() })

/** A kind of channel the server has: what may be set up. */
export const channelKindSchema = z.object({
  name: z.string(),
  title: bilingual,
  summary: bilingual,
  settings: jsonSchema,
  secrets: z.array(z.string()),
  /** How a person is addressed there; null when it reaches a place. */
  address: z.object({ label: bilingual, pattern: z.string().nullable() }).nullable(),
})
export type ChannelKind = z.output<typeof channelKindSchema>

export const channelHealthSchema = z.object({
  ok: z.boolean(),
  /** In words, e.g. the last refusal. */
  message: z.string(),
  lastSentAtMs: timeMs.nullable(),
  pending: z.number(),
  failedLastDay: z.number(),
})

/** A channel that is set up. Secrets are never in `settings`; `secretsSet` says which are there. */
export const channelSchema = z.object({
  id,
  kind: z.string(),
  label: z.string(),
  enabled: z.boolean(),
  /** For places: told from this priority on. For persons each contact has its own. */
  minPriority: z.enum(ALARM_PRIORITIES),
  settings: z.record(z.string(), z.unknown()),
  secretsSet: z.array(z.string()),
  revision: z.number(),
  health: channelHealthSchema,
})
export type Channel = z.output<typeof channelSchema>

const channelBody = z.object({
  kind: shortText,
  label: shortText,
  enabled: z.boolean(),
  minPriority: z.enum(ALARM_PRIORITIES),
  /** With secrets; one that is left out keeps its value, null clears it. */
  settings: z.record(z.string(), z.unknown()),
})

/** How one person wants to be reached. */
export const contactSchema = z.object({
  id,
  accountId: id,
  channelId: id,
  address: z.string().max(200),
  minPriority: z.enum(ALARM_PRIORITIES),
  language: z.enum(['zh', 'en']),
  enabled: z.boolean(),
})
export type Contact = z.output<typeof contactSchema>

export const attemptSchema = z.object({
  startedAtMs: timeMs,
  endedAtMs: timeMs.nullable(),
  outcome: z.enum(['sent', 'failed', 'unknown']),
  text: z.string(),
})

/** One row of the outbox. */
export const noticeSchema = z.object({
  id,
  alarmId: id.nullable(),
  incidentId: id.nullable(),
  kind: z.enum(NOTICE_KINDS),
  state: z.enum(NOTICE_STATES),
  channel: z.object({ id, kind: z.string(), label: z.string() }),
  person: z.object({ accountId: id, name: z.string() }).nullable(),
  address: z.string(),
  title: z.string(),
  text: z.string(),
  tier: z.number(),
  createdAtMs: timeMs,
  nextAttemptAtMs: timeMs.nullable(),
  deadlineAtMs: timeMs,
  finishedAtMs: timeMs.nullable(),
  /** The other side's words, or why it failed. */
  answer: z.string(),
  attempts: z.array(attemptSchema),
})
export type Notice = z.output<typeof noticeSchema>

/** One step of the escalation: whom to tell when nobody has acknowledged for so long. */
export const escalationTierSchema = z.object({
  afterMinutes: z.number().int().min(0).max(1440),
  /** on-duty: whoever the roster has on duty then; roles: everyone with one of them. */
  who: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('on-duty') }),
    z.object({ kind: z.literal('roles'), roles: z.array(z.enum(ROLE_NAMES)).min(1) }),
    z.object({ kind: z.literal('accounts'), accountIds: z.array(id).min(1) }),
  ]),
})
export const escalationPolicySchema = z.object({
  /** From this priority on an unacknowledged alarm is escalated. */
  minPriority: z.enum(ALARM_PRIORITIES),
  tiers: z.array(escalationTierSchema).min(1).max(10),
  /** After the last tier everybody told so far is told again this often, until somebody acknowledges. */
  repeatMinutes: z.number().int().min(1).max(1440),
})
export type EscalationPolicy = z.output<typeof escalationPolicySchema>

/** Somebody who can be told or be on duty, to choose from; accounts that are disabled are left out. */
export const personSchema = z.object({ accountId: id, name: z.string(), roles: z.array(z.enum(ROLE_NAMES)) })
export type NoticePerson = z.output<typeof personSchema>

/** One shift of the roster. */
export const shiftSchema = z.object({
  id,
  accountId: id,
  name: z.string(),
  fromMs: timeMs,
  toMs: timeMs,
  note: z.string(),
  /** What the outgoing person leaves for the next, and who has read it when. */
  handover: z
    .object({ text: z.string(), by: z.string(), atMs: timeMs, signedBy: z.string().nullable(), signedAtMs: timeMs.nullable() })
    .nullable(),
})
export type Shift = z.output<typeof shiftSchema>
const shiftBody = z.object({ accountId: id, fromMs: timeMs, toMs: timeMs, note: longText.default('') })

export const notices = {
  channelKinds: route
    .route({ method: 'GET', path: '/channel-kinds', tags: ['notices'], summary: 'Kinds of channels, with the schema of their settings' })
    .meta({ permission: 'channels.read' })
    .output(z.array(channelKindSchema)),
  channels: route
    .route({ method: 'GET', path: '/channels', tags: ['notices'], summary: 'Channels that are set up, with their health' })
    .meta({ permission: 'channels.read' })
    .output(z.array(channelSchema)),
  createChannel: route
    .route({ method: 'POST', path: '/channels', tags: ['notices'], summary: 'Set up a channel' })
    .meta({ permission: 'channels.write' })
    .input(channelBody)
    .output(channelSchema),
  updateChannel: route
    .route({ method: 'PUT', path: '/channels/{channelId}', tags: ['notices'], summary: 'Change a channel' })
    .meta({ permission: 'channels.write' })
    .input(channelBody.omit({ kind: true }).extend({ channelId: id, revision: z.number() }))
    .output(channelSchema),
  removeChannel: route
    .route({
      method: 'DELETE',
      path: '/channels/{channelId}',
      tags: ['notices'],
      summary: 'Remove a channel; what it has sent stays in the history',
    })
    .meta({ permission: 'channels.write' })
    .input(z.object({ channelId: id, reason: longText.min(1) }))
    .output(done),
  testChannel: route
    .route({
      method: 'POST',
      path: '/channels/{channelId}/test',
      tags: ['notices'],
      summary: 'Send a test notice and give the channel’s real answer',
    })
    .meta({ permission: 'channels.write' })
    .input(z.object({ channelId: id, address: z.string().max(200).default('') }))
    .output(z.object({ ok: z.boolean(), answer: z.string(), tookMs: z.number() })),
  contacts: route
    .route({
      method: 'GET',
      path: '/contacts',
      tags: ['notices'],
      summary: 'How people are reached: one’s own, or of everybody for those who set up channels',
    })
    .meta({ permission: 'self' })
    .input(z.object({ accountId: id.optional() }))
    .output(z.array(contactSchema)),
  putContact: route
    .route({
      method: 'POST',
      path: '/contacts',
      tags: ['notices'],
      summary: 'Add or change a way to reach a person (one for each channel)',
    })
    .meta({ permission: 'self' })
    .input(contactSchema.omit({ id: true }))
    .output(contactSchema),
  removeContact: route
    .route({ method: 'DELETE', path: '/contacts/{contactId}', tags: ['notices'], summary: 'Remove a way to reach a person' })
    .meta({ permission: 'self' })
    .input(z.object({ contactId: id }))
    .output(done),
  list: route
    .route({ method: 'GET', path: '/notices', tags: ['notices'], summary: 'The outbox: what was told to whom, with every attempt' })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ ...pageQuery, alarmId: id.optional(), state: z.enum(NOTICE_STATES).optional() }))
    .output(z.array(noticeSchema)),
  retry: route
    .route({ method: 'POST', path: '/notices/{noticeId}/retry', tags: ['notices'], summary: 'Try a failed notice again' })
    .meta({ permission: 'channels.write' })
    .input(z.object({ noticeId: id }))
    .output(noticeSchema),
  escalation: route
    .route({ method: 'GET', path: '/escalation', tags: ['notices'], summary: 'Whom to tell when nobody acknowledges' })
    .meta({ permission: 'channels.read' })
    .output(escalationPolicySchema.extend({ revision: z.number(), changedBy: z.string().nullable(), changedAtMs: timeMs.nullable() })),
  putEscalation: route
    .route({ method: 'PUT', path: '/escalation', tags: ['notices'], summary: 'Change the escalation' })
    .meta({ permission: 'channels.write' })
    .input(escalationPolicySchema.extend({ revision: z.number(), reason: longText.min(1) }))
    .output(escalationPolicySchema.extend({ revision: z.number(), changedBy: z.string().nullable(), changedAtMs: timeMs.nullable() })),
  people: route
    .route({ method: 'GET', path: '/people', tags: ['notices'], summary: 'People to choose from for the roster and the escalation' })
    .meta({ permission: 'alarms.read' })
    .output(z.array(personSchema)),
  shifts: route
    .route({ method: 'GET', path: '/shifts', tags: ['notices'], summary: 'The roster between two times, and who is on duty now' })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ fromMs: z.coerce.number().int(), toMs: z.coerce.number().int() }))
    .output(
      z.object({
        shifts: z.array(shiftSchema),
        onDutyNow: z.array(z.object({ accountId: id, name: z.string(), because: z.enum(['shift', 'switch']) })),
      }),
    ),
  createShift: route
    .route({ method: 'POST', path: '/shifts', tags: ['notices'], summary: 'Add a shift' })
    .meta({ permission: 'roster.write' })
    .input(shiftBody)
    .output(shiftSchema),
  updateShift: route
    .route({ method: 'PUT', path: '/shifts/{shiftId}', tags: ['notices'], summary: 'Change a shift, also to swap the person' })
    .meta({ permission: 'roster.write' })
    .input(shiftBody.extend({ shiftId: id, reason: longText.min(1) }))
    .output(shiftSchema),
  removeShift: route
    .route({ method: 'DELETE', path: '/shifts/{shiftId}', tags: ['notices'], summary: 'Remove a shift' })
    .meta({ permission: 'roster.write' })
    .input(z.object({ shiftId: id, reason: longText.min(1) }))
    .output(done),
  handOver: route
    .route({ method: 'POST', path: '/shifts/{shiftId}/handover', tags: ['notices'], summary: 'Write the hand-over note of a shift' })
    .meta({ permission: 'alarms.acknowledge' })
    .input(z.object({ shiftId: id, text: longText.min(1) }))
    .output(shiftSchema),
  signHandOver: route
    .route({
      method: 'POST',
      path: '/shifts/{shiftId}/handover/signature',
      tags: ['notices'],
      summary: 'The next person signs to have read it',
    })
    .meta({ permission: 'alarms.acknowledge' })
    .input(z.object({ shiftId: id, password: z.string().min(1).max(200) }))
    .output(shiftSchema),
}
