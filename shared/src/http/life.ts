import { z } from 'zod'
import { ALARM_CONDITIONS, ALARM_PRIORITIES, ALARM_SOURCES, HOLD_KINDS, HOLD_SCOPES, limitSchema } from '../model/index.ts'
import { alarmSchema } from './alarms.ts'
import { done, id, longText, route, shortText, timeMs } from './contract-base.ts'

/** Something that keeps alarms silent: shelved by an operator, or taken out of service. */
export const holdSchema = z.object({
  id,
  kind: z.enum(HOLD_KINDS),
  scope: z.enum(HOLD_SCOPES),
  /** Of scope `alarm`: the alarm row it was made from. Otherwise the point, device or room. */
  scopeId: id,
  /** What it is about, ready to show. */
  label: z.string(),
  labelEn: z.string(),
  roomId: id.nullable(),
  fromMs: timeMs,
  /** null: until somebody ends it. */
  untilMs: timeMs.nullable(),
  reason: z.string(),
  by: z.string(),
  endedAtMs: timeMs.nullable(),
  /** null: its time was over. */
  endedBy: z.string().nullable(),
  /** Alarms that stand silent by it now. */
  standing: z.number(),
})
export type Hold = z.output<typeof holdSchema>

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请按 HH:MM 填写 / HH:MM, 00:00 … 23:59')
const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/, '请按 年-月-日T时:分 填写 / YYYY-MM-DDTHH:MM')

/** By the wall clock of `timeZone`: a window keeps its local time over daylight saving; one that begins in the hour that is left out begins after it. */
export const recurrenceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), from: localTime, minutes: z.number().int().min(5).max(20_160) }),
  z.object({
    kind: z.literal('weekly'),
    /** ISO weekdays, 1 = Monday. */
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
    at: clockTime,
    minutes: z.number().int().min(5).max(1440),
  }),
  z.object({
    kind: z.literal('monthly'),
    /** Day of the month; months without it are left out. */
    day: z.number().int().min(1).max(31),
    at: clockTime,
    minutes: z.number().int().min(5).max(1440),
  }),
])
export type Recurrence = z.output<typeof recurrenceSchema>

const windowBody = z.object({
  scope: z.enum(['point', 'device', 'room']),
  scopeId: id,
  title: shortText,
  recurrence: recurrenceSchema,
  /** IANA name, e.g. `Asia/Shanghai`. */
  timeZone: z.string().min(1).max(64),
  reason: longText.min(1),
})
export const maintenanceWindowSchema = windowBody.extend({
  id,
  label: z.string(),
  labelEn: z.string(),
  roomId: id.nullable(),
  revision: z.number(),
  changedBy: z.string(),
  changedAtMs: timeMs,
  /** Open now. */
  current: z.object({ fromMs: timeMs, toMs: timeMs }).nullable(),
  next: z.object({ fromMs: timeMs, toMs: timeMs }).nullable(),
})
export type MaintenanceWindow = z.output<typeof maintenanceWindowSchema>

/** The alarms at a glance, for the banner and the tabs. */
export const alarmSummarySchema = z.object({
  unacknowledged: z.number(),
  acknowledged: z.number(),
  returned: z.number(),
  shelved: z.number(),
  suppressed: z.number(),
  outOfService: z.number(),
  /** Active for more than 24 h (ISA-18.2). */
  stale: z.number(),
  /** More alarms than people can take in (ISA-18.2: 10 or more for each operator in 10 minutes, until below 5). */
  flood: z.object({ sinceMs: timeMs, inTenMinutes: z.number(), operators: z.number() }).nullable(),
})
export type AlarmSummary = z.output<typeof alarmSummarySchema>

/** An alarm that costs attention without need, and what would help. */
export const nuisanceSchema = z.object({
  source: z.enum(ALARM_SOURCES),
  sourceId: id,
  condition: z.enum(ALARM_CONDITIONS),
  priority: z.enum(ALARM_PRIORITIES),
  roomName: z.string().nullable(),
  deviceName: z.string().nullable(),
  deviceNameEn: z.string().nullable(),
  pointId: id.nullable(),
  pointName: z.string().nullable(),
  pointNameEn: z.string().nullable(),
  pointKind: z.string().nullable(),
  unit: z.string().nullable(),
  /** chattering: ≥ 3 in a minute; fleeting: short, and nobody could have acted; stale: stands for more than 24 h; frequent: among the ten that make most of the load. */
  kinds: z.array(z.enum(['chattering', 'fleeting', 'stale', 'frequent'])).min(1),
  raised: z.number(),
  /** Share of all alarms of the period, 0 … 1. */
  share: z.number(),
  /** Largest number raised within a minute. */
  mostInAMinute: z.number(),
  medianMs: z.number().nullable(),
  lastAtMs: timeMs,
  /** For a point's limit: the limit as it is, and what is proposed, with the arithmetic in words. Try it by a rehearsal before it is set. */
  proposal: z.object({ now: limitSchema, proposed: limitSchema, why: z.object({ zh: z.string(), en: z.string() }) }).nullable(),
})
export type Nuisance = z.output<typeof nuisanceSchema>

export const alarmQualitySchema = z.object({
  fromMs: timeMs,
  toMs: timeMs,
  /** Annunciated: raised or alarmed anew, and not silent; drills are left out. */
  annunciated: z.number(),
  operators: z.number(),
  perOperatorHour: z.number(),
  /** ISA-18.2: < 6 is acceptable. */
  acceptablePerOperatorHour: z.number(),
  byPriority: z.record(z.enum(ALARM_PRIORITIES), z.number()),
  floods: z.array(z.object({ fromMs: timeMs, toMs: timeMs.nullable(), peak: z.number() })),
  nuisances: z.array(nuisanceSchema),
})
export type AlarmQuality = z.output<typeof alarmQualitySchema>

/** Shelving, out of service, maintenance windows, and how good the alarms are. */
export const life = {
  summary: route
    .route({ method: 'GET', path: '/alarm-summary', tags: ['alarms'], summary: 'How many alarms stand in which state; flood' })
    .meta({ permission: 'alarms.read' })
    .output(alarmSummarySchema),
  quality: route
    .route({
      method: 'GET',
      path: '/alarm-quality',
      tags: ['alarms'],
      summary: 'Load, floods, chattering, fleeting and stale alarms, with proposals (ISA-18.2)',
    })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ days: z.coerce.number().int().min(1).max(90).default(7) }))
    .output(alarmQualitySchema),
  shelve: route
    .route({
      method: 'POST',
      path: '/alarms/{alarmId}/shelve',
      tags: ['alarms'],
      summary: 'Shelve an alarm for a limited time, with a reason',
    })
    .meta({ permission: 'alarms.shelve' })
    .input(z.object({ alarmId: id, untilMs: timeMs, reason: longText.min(1) }))
    .output(alarmSchema),
  holds: route
    .route({
      method: 'GET',
      path: '/holds',
      tags: ['alarms'],
      summary: 'What is shelved or out of service; `ended` = the last 200 that are over',
    })
    .meta({ permission: 'alarms.read' })
    .input(z.object({ scope: z.enum(['open', 'ended']).default('open') }))
    .output(z.array(holdSchema)),
  takeOut: route
    .route({ method: 'POST', path: '/holds', tags: ['alarms'], summary: 'Take a point, device or room out of service' })
    .meta({ permission: 'maintenance.write' })
    .input(z.object({ scope: z.enum(['point', 'device', 'room']), scopeId: id, untilMs: timeMs.nullable(), reason: longText.min(1) }))
    .output(holdSchema),
  extend: route
    .route({ method: 'PUT', path: '/holds/{holdId}', tags: ['alarms'], summary: 'Another end, with a reason' })
    .meta({ permission: 'alarms.shelve' })
    .input(z.object({ holdId: id, untilMs: timeMs.nullable(), reason: longText.min(1) }))
    .output(holdSchema),
  end: route
    .route({ method: 'POST', path: '/holds/{holdId}/end', tags: ['alarms'], summary: 'End it now: what still holds alarms again' })
    .meta({ permission: 'alarms.shelve' })
    .input(z.object({ holdId: id }))
    .output(holdSchema),
  windows: route
    .route({
      method: 'GET',
      path: '/maintenance-windows',
      tags: ['alarms'],
      summary: 'Maintenance windows, with the current and the next time',
    })
    .meta({ permission: 'alarms.read' })
    .output(z.array(maintenanceWindowSchema)),
  createWindow: route
    .route({ method: 'POST', path: '/maintenance-windows', tags: ['alarms'], summary: 'Add a maintenance window' })
    .meta({ permission: 'maintenance.write' })
    .input(windowBody)
    .output(maintenanceWindowSchema),
  updateWindow: route
    .route({ method: 'PUT', path: '/maintenance-windows/{windowId}', tags: ['alarms'], summary: 'Change a maintenance window' })
    .meta({ permission: 'maintenance.write' })
    .input(windowBody.extend({ windowId: id, revision: z.number().int() }))
    .output(maintenanceWindowSchema),
  removeWindow: route
    .route({ method: 'DELETE', path: '/maintenance-windows/{windowId}', tags: ['alarms'], summary: 'Remove a maintenance window' })
    .meta({ permission: 'maintenance.write' })
    .input(z.object({ windowId: id, reason: longText.min(1) }))
    .output(done),
}
