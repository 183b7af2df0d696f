import { z } from 'zod'
import { done, id, longText, route, shortText, timeMs } from './contract-base.ts'

const registerName = z.string().regex(/^[a-z][a-z-]{1,40}$/)
const wallDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** Either every so many days after the last one, or at the times of a cron expression (minute hour day month weekday) by the server's time zone. */
export const cadenceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('interval'), everyDays: z.number().int().min(1).max(400) }),
  z.object({ kind: z.literal('cron'), expression: z.string().trim().min(9).max(100) }),
])
export type Cadence = z.output<typeof cadenceSchema>

export const scheduleInput = z.object({
  register: registerName,
  roomId: id.nullable(),
  title: shortText,
  cadence: cadenceSchema,
  /** Whatever the cadence says, never further apart than this; a register's definition may ask for less. */
  outerDays: z.number().int().min(1).max(400),
  remindHours: z.number().int().min(0).max(720),
  /** Hours after the due time at which the department head is told. */
  headAfterHours: z.number().int().min(0).max(720),
  /** A due time on a holiday is brought forward to the last working day before it, so that the outer limit holds. */
  avoidHolidays: z.boolean(),
  /** Who is reminded; empty: whoever may create a record of the register. */
  personIds: z.array(id).max(20),
})

export const scheduleSchema = scheduleInput.extend({
  id,
  roomName: z.string().nullable(),
  lastDoneAtMs: timeMs.nullable(),
  dueAtMs: timeMs,
  overdue: z.boolean(),
  /** The record that someone has begun. */
  draftId: id.nullable(),
  revision: z.number(),
  changedBy: z.string(),
  pausedReason: z.string().nullable(),
  /** The regulation asks for it: it cannot be paused, and its outer limit not be set wider. */
  required: z.boolean(),
})
export type ScheduleInput = z.output<typeof scheduleInput>
export type Schedule = z.output<typeof scheduleSchema>

/** A day off, or a working day that would be one (调休). */
export const holidaySchema = z.object({ date: wallDate, name: shortText, working: z.boolean() })
export type Holiday = z.output<typeof holidaySchema>

const calendarEntry = z.object({
  /** due: will be due; done; missed: its due time passed before it was done; record: has a deadline. */
  kind: z.enum(['due', 'done', 'missed', 'record']),
  register: registerName,
  scheduleId: id.nullable(),
  recordId: id.nullable(),
  roomName: z.string().nullable(),
  text: z.string(),
  atMs: timeMs,
  overdue: z.boolean(),
})
export type CalendarEntry = z.output<typeof calendarEntry>

const tags = ['schedules']
export const schedules = {
  list: route
    .route({ method: 'GET', path: '/schedules', tags, summary: 'What is due when' })
    .meta({ permission: 'schedules.read' })
    .output(z.array(scheduleSchema)),
  add: route
    .route({ method: 'POST', path: '/schedules', tags, summary: 'A further schedule' })
    .meta({ permission: 'schedules.write' })
    .input(scheduleInput)
    .output(scheduleSchema),
  change: route
    .route({ method: 'PUT', path: '/schedules/{scheduleId}', tags, summary: 'Change a schedule' })
    .meta({ permission: 'schedules.write' })
    .input(scheduleInput.extend({ scheduleId: id, revision: z.number().int() }))
    .output(scheduleSchema),
  pause: route
    .route({
      method: 'POST',
      path: '/schedules/{scheduleId}/pause',
      tags,
      summary: 'Pause it with a reason, or with an empty one let it go on. What the regulation asks for cannot be paused',
    })
    .meta({ permission: 'schedules.write' })
    .input(z.object({ scheduleId: id, reason: longText }))
    .output(scheduleSchema),
  preview: route
    .route({ method: 'POST', path: '/schedules/preview', tags, summary: 'The next due times that a rule would give, from now on' })
    .meta({ permission: 'schedules.read' })
    .input(scheduleInput.pick({ cadence: true, outerDays: true, avoidHolidays: true }))
    .output(
      z.object({
        /** What is wrong with the cron expression; null: nothing. */
        problem: z.object({ zh: z.string(), en: z.string() }).nullable(),
        timesMs: z.array(timeMs),
        /** By which the times of an expression go; IANA name. */
        timeZone: z.string(),
      }),
    ),
  holidays: route
    .route({ method: 'GET', path: '/holidays', tags, summary: 'Days off and working days that would be ones' })
    .meta({ permission: 'schedules.read' })
    .input(z.object({ year: z.coerce.number().int().min(2000).max(2100) }))
    .output(z.array(holidaySchema)),
  setHolidays: route
    .route({ method: 'PUT', path: '/holidays/{year}', tags, summary: 'Write down the holidays of a year' })
    .meta({ permission: 'schedules.write' })
    .input(z.object({ year: z.coerce.number().int().min(2000).max(2100), holidays: z.array(holidaySchema).max(366) }))
    .output(z.array(holidaySchema)),
  calendar: route
    .route({ method: 'GET', path: '/calendar', tags, summary: 'What was and will be due between two moments, at most 400 days apart' })
    .meta({ permission: 'schedules.read' })
    .input(z.object({ fromMs: z.coerce.number().int(), toMs: z.coerce.number().int() }))
    .output(z.array(calendarEntry)),
  feeds: route
    .route({ method: 'GET', path: '/calendar-feeds', tags, summary: 'The own calendar feeds' })
    .meta({ permission: 'self' })
    .output(z.array(z.object({ id, name: z.string(), createdAtMs: timeMs, lastUsedMs: timeMs.nullable() }))),
  addFeed: route
    .route({
      method: 'POST',
      path: '/calendar-feeds',
      tags,
      summary: 'A secret address of the calendar for a phone or mail program (iCal); shown once',
    })
    .meta({ permission: 'schedules.read' })
    .input(z.object({ name: shortText }))
    .output(z.object({ id, url: z.string() })),
  removeFeed: route
    .route({ method: 'DELETE', path: '/calendar-feeds/{feedId}', tags, summary: 'Its address answers no more' })
    .meta({ permission: 'self' })
    .input(z.object({ feedId: id }))
    .output(done),
}
