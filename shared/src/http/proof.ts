import { z } from 'zod'
import { done, id, longText, route, timeMs } from './contract-base.ts'

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请按 HH:MM 填写 / HH:MM, 00:00 … 23:59')

/** p50 and p95 of durations, ms; null without any. */
export const durationsSchema = z.object({ count: z.number(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() })

/** The weekly drill: a test reading goes the whole way to a person's acknowledgement. */
export const drillPlanSchema = z.object({
  enabled: z.boolean(),
  /** ISO weekday, 1 = Monday; by the clock of the hospital. */
  day: z.number().int().min(1).max(7),
  at: clockTime,
  /** Not acknowledged for so long: the drill has failed, which is an alarm of its own. */
  failsAfterMinutes: z.number().int().min(2).max(240),
})
export type DrillPlan = z.output<typeof drillPlanSchema>

export const drillSchema = z.object({
  id,
  state: z.enum(['running', 'passed', 'failed']),
  /** null: by the schedule. */
  startedBy: z.string().nullable(),
  /** When the test reading was published. */
  startedAtMs: timeMs,
  endedAtMs: timeMs.nullable(),
  alarmId: id.nullable(),
  /** From the reading to the alarm, to the first notice that a channel took, and to a person's acknowledgement. */
  detectedMs: z.number().nullable(),
  firstSentMs: z.number().nullable(),
  acknowledgedMs: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  notices: z.object({ sent: z.number(), failed: z.number(), pending: z.number() }),
  /** Why it failed. */
  reason: z.object({ zh: z.string(), en: z.string() }).nullable(),
})
export type Drill = z.output<typeof drillSchema>

/** How long people wait for news of an alarm, and alarms for people; by channel and by person. */
export const responseTimesSchema = z.object({
  fromMs: timeMs,
  toMs: timeMs,
  alarms: z.number(),
  acknowledged: z.number(),
  detectToSent: durationsSchema,
  detectToAcknowledged: durationsSchema,
  byChannel: z.array(z.object({ channelId: id, label: z.string(), kind: z.string(), detectToSent: durationsSchema, failed: z.number() })),
  byPerson: z.array(
    z.object({ name: z.string(), detectToSent: durationsSchema, detectToAcknowledged: durationsSchema, acknowledged: z.number() }),
  ),
})
export type ResponseTimes = z.output<typeof responseTimesSchema>

/** A message each day that says that all is well, or what is not: whoever misses it knows that something is wrong. */
export const allClearPlanSchema = z.object({
  enabled: z.boolean(),
  at: clockTime,
  /** By which contacts; of people, and of places by their channel. */
  contactIds: z.array(id).max(50),
  channelIds: z.array(id).max(20),
})
export type AllClearPlan = z.output<typeof allClearPlanSchema>

/** An outside watcher (`roomkeeper watchdog`, a channel of kind `watcher`), to which a signed heartbeat goes each minute. */
export const watcherSchema = z.object({
  channelId: id,
  label: z.string(),
  enabled: z.boolean(),
  lastAnsweredAtMs: timeMs.nullable(),
  /** What it said last, or why it could not be reached. */
  answer: z.string(),
})
export type Watcher = z.output<typeof watcherSchema>

/** Proof that an alarm reaches a person: drills, the daily all-clear, the outside watcher, and measured times. */
export const proof = {
  overview: route
    .route({ method: 'GET', path: '/proof', tags: ['proof'], summary: 'Plans and state of drill, all-clear and outside watcher' })
    .meta({ permission: 'alarms.read' })
    .output(
      z.object({
        drill: drillPlanSchema.extend({ nextAtMs: timeMs.nullable(), timeZone: z.string() }),
        allClear: allClearPlanSchema.extend({ nextAtMs: timeMs.nullable(), lastAtMs: timeMs.nullable() }),
        watchers: z.array(watcherSchema),
      }),
    ),
  drills: route
    .route({ method: 'GET', path: '/drills', tags: ['proof'], summary: 'Drills, newest first' })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ limit: z.coerce.number().int().min(1).max(200).default(52) }))
    .output(z.array(drillSchema)),
  startDrill: route
    .route({ method: 'POST', path: '/drills', tags: ['proof'], summary: 'Start a drill now' })
    .meta({ permission: 'proof.write' })
    .input(z.object({ note: longText.default('') }))
    .output(drillSchema),
  putDrillPlan: route
    .route({ method: 'PUT', path: '/proof/drill', tags: ['proof'], summary: 'When the drill is held' })
    .meta({ permission: 'proof.write' })
    .input(drillPlanSchema)
    .output(done),
  putAllClear: route
    .route({ method: 'PUT', path: '/proof/all-clear', tags: ['proof'], summary: 'The daily all-clear' })
    .meta({ permission: 'proof.write' })
    .input(allClearPlanSchema)
    .output(done),
  sendAllClear: route
    .route({ method: 'POST', path: '/proof/all-clear/send', tags: ['proof'], summary: 'Send the all-clear now' })
    .meta({ permission: 'proof.write' })
    .output(z.object({ title: z.string(), text: z.string(), queued: z.number() })),
  responseTimes: route
    .route({
      method: 'GET',
      path: '/response-times',
      tags: ['proof'],
      summary: 'Measured detect-to-sent and detect-to-acknowledged, by channel and person; of drills or of real alarms',
    })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ days: z.coerce.number().int().min(1).max(400).default(90), of: z.enum(['drills', 'alarms']).default('alarms') }))
    .output(responseTimesSchema),
}
