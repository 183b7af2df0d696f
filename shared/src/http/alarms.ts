import { z } from 'zod'
import {
  ALARM_CONDITIONS,
  ALARM_EVENTS,
  ALARM_PRIORITIES,
  ALARM_SOURCES,
  ALARM_STATES,
  HOLD_KINDS,
  NOTICE_DECISIONS,
} from '../model/index.ts'
import { id, longText, pageQuery, route, timeMs } from './contract-base.ts'
import { readingValueSchema } from './rooms.ts'

/** One occurrence of an alarm, from NORM back to NORM. */
export const alarmSchema = z.object({
  id,
  source: z.enum(ALARM_SOURCES),
  sourceId: id,
  condition: z.enum(ALARM_CONDITIONS),
  priority: z.enum(ALARM_PRIORITIES),
  state: z.enum(ALARM_STATES),
  roomId: id.nullable(),
  roomName: z.string().nullable(),
  deviceId: id.nullable(),
  deviceName: z.string().nullable(),
  deviceNameEn: z.string().nullable(),
  pointId: id.nullable(),
  pointName: z.string().nullable(),
  pointNameEn: z.string().nullable(),
  pointKind: z.string().nullable(),
  unit: z.string().nullable(),
  /** The reading that raised it, and the limit it crossed. */
  value: readingValueSchema,
  limit: readingValueSchema,
  /** When the condition became true at the device. */
  raisedAtMs: timeMs,
  /** When the server recorded it. */
  recordedAtMs: timeMs,
  clearedAtMs: timeMs.nullable(),
  acknowledgedAtMs: timeMs.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** Learnt of afterwards, from readings that an outage had held back. */
  late: z.boolean(),
  incidentId: id.nullable(),
  /** The condition holds now; in a silent state nobody else says so. */
  active: z.boolean(),
  /** It stays until a person resets it, even when it was acknowledged before it cleared. */
  latching: z.boolean(),
  /** Raised by a drill's test reading. */
  drill: z.boolean(),
  /** What keeps it silent, while it is SHLVD or OOSRV. `kind` maintenance: a maintenance window. */
  hold: z
    .object({
      kind: z.enum([...HOLD_KINDS, 'maintenance']),
      /** Of the hold, null for a maintenance window. */
      holdId: id.nullable(),
      by: z.string(),
      reason: z.string(),
      fromMs: timeMs,
      untilMs: timeMs.nullable(),
    })
    .nullable(),
  /** While it is DSUPR: the alarm of which it is a consequence. */
  cause: z
    .object({ alarmId: id, condition: z.enum(ALARM_CONDITIONS), deviceName: z.string().nullable(), deviceNameEn: z.string().nullable() })
    .nullable(),
  /** The record (visit, change, work order …) that covers it: it is, or was, nobody's news. */
  paper: z.object({ recordId: id, register: z.string(), number: z.string() }).nullable(),
  /** It should have had such a record, and none covers it. */
  withoutPaper: z.boolean(),
  /** Active for more than 24 h (ISA-18.2). */
  stale: z.boolean(),
  /** The alarm stands while its device is silent: nobody knows the value since then. It is not resolved by that. */
  valueUnknown: z.object({ sinceMs: timeMs, cause: z.enum(['device-offline', 'node-offline']) }).nullable(),
  /** What this alarm suppresses by design while it stands (ISA-18.2): the offline alarms of devices, the no-data alarms of points. */
  suppresses: z.object({ devices: z.number(), points: z.number(), alarms: z.number() }).nullable(),
  /** Of a schedule or a record: its name, and its page in the dashboard. */
  subject: z.object({ zh: z.string(), en: z.string(), path: z.string() }).nullable(),
})
export type Alarm = z.output<typeof alarmSchema>

export const alarmTransitionSchema = z.object({
  id,
  from: z.enum(ALARM_STATES),
  to: z.enum(ALARM_STATES),
  event: z.enum(ALARM_EVENTS),
  atMs: timeMs,
  recordedAtMs: timeMs,
  person: z.string().nullable(),
  note: z.string().nullable(),
  value: readingValueSchema,
  /** Whether anybody was told of it, or why not; null for what is not told of, and until it is decided. */
  decision: z.enum(NOTICE_DECISIONS).nullable().default(null),
})

export const alarms = {
  list: route
    .route({
      method: 'GET',
      path: '/alarms',
      tags: ['alarms'],
      summary:
        'Alarms, newest first; open = neither NORM nor silent; silent = shelved, suppressed, out of service; stale = active for 24 h',
    })
    .meta({ permission: 'alarms.read' })
    .input(
      z.object({
        scope: z.enum(['open', 'silent', 'stale', 'all']).default('open'),
        roomId: id.optional(),
        pointId: id.optional(),
        ...pageQuery,
      }),
    )
    .output(z.array(alarmSchema)),
  get: route
    .route({ method: 'GET', path: '/alarms/{alarmId}', tags: ['alarms'], summary: 'One alarm with every transition' })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ alarmId: id }))
    .output(alarmSchema.extend({ transitions: z.array(alarmTransitionSchema) })),
  acknowledge: route
    .route({
      method: 'POST',
      path: '/alarms/{alarmId}/acknowledge',
      tags: ['alarms'],
      summary: 'Acknowledge; the person and the time are stamped by the server',
    })
    .meta({ permission: 'alarms.acknowledge' })
    .input(z.object({ alarmId: id, note: longText.default('') }))
    .output(alarmSchema),
}
