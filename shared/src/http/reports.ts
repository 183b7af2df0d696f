import { z } from 'zod'
import { NOTICE_STATES } from '../model/index.ts'
import { done, id, route, timeMs } from './contract-base.ts'

export const REPORT_KINDS = ['daily', 'weekly', 'monthly', 'yearly'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]
export const REPORT_FORMATS = ['pdf', 'xlsx'] as const

const bilingual = z.object({ zh: z.string(), en: z.string() })
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请按 HH:MM 填写 / HH:MM, 00:00 … 23:59')

/** `message` says what is allowed, whatever is wrong. */
const wholeNumber = (least: number, most: number, message: string) => z.int(message).min(least, message).max(most, message)

/** Months are not equally long: a day that only some have is not offered, and 31 is the last of each. */
export const LAST_DAY_OF_MONTH = 31
const DAYS_OF_EVERY_MONTH = 28
const DAY_ALLOWED = '日期：1 … 28，或 31（当月最后一天） / day: 1 … 28, or 31 for the last of the month'

/**
 * What people set. Due by the hospital's clock at `at` of the day of sending that its kind has: each day; on `weekday`; on `dayOfMonth`; on `dayOfMonth` of
 * `month`. The report is always of the last whole period before that day. Parts that a kind has no use for are kept at 1.
 */
const scheduleBody = z.object({
  kind: z.enum(REPORT_KINDS),
  /** null: the whole hospital. */
  roomId: id.nullable(),
  language: z.enum(['zh', 'en']),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1, '请选择至少一种格式 / choose at least one format').max(2),
  /** People, by the mail address among their contacts at the time of sending. */
  accountIds: z.array(id).max(50),
  /** Others. */
  addresses: z.array(z.email('应为邮箱地址 / a mail address').max(254)).max(50),
  at: clockTime,
  /** Of a weekly report. ISO weekday, 1 = Monday. */
  weekday: wholeNumber(1, 7, '星期：1（周一）… 7（周日） / weekday: 1 (Monday) … 7 (Sunday)').default(1),
  /** Of a monthly or yearly report. */
  dayOfMonth: wholeNumber(1, LAST_DAY_OF_MONTH, DAY_ALLOWED)
    .refine((day) => day <= DAYS_OF_EVERY_MONTH || day === LAST_DAY_OF_MONTH, DAY_ALLOWED)
    .default(1),
  /** Of a yearly report, 1 … 12. */
  month: wholeNumber(1, 12, '月份：1 … 12 / month: 1 … 12').default(1),
  enabled: z.boolean(),
})
export type ReportScheduleInput = z.output<typeof scheduleBody>

/** What became of a report to one recipient. `none`: it was never given to a mail server; `answer` says why. */
export const reportDeliverySchema = z.object({
  name: z.string(),
  address: z.string(),
  state: z.enum([...NOTICE_STATES, 'none']),
  /** The other side's words, or why not. */
  answer: z.string(),
  attempts: z.number(),
  finishedAtMs: timeMs.nullable(),
  /** Of the outbox, where every attempt is shown. */
  noticeId: id.nullable(),
})

export const REPORT_OUTCOMES = [
  /** Waiting for its turn, or being made. */
  'making',
  /** It could not be made; it is tried again. */
  'retrying',
  'sending',
  'sent',
  /** Some have it, others not. */
  'partly',
  'not-sent',
  /** It could not be made, and is not tried again. */
  'failed',
  /** Older than what is caught up with after a downtime. */
  'skipped',
] as const
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number]

export const reportRunSchema = z.object({
  id,
  scheduleId: id,
  kind: z.enum(REPORT_KINDS),
  /** 2026-03-08, 2026-W10, 2026-03 or 2026. */
  period: z.string(),
  roomName: z.string().nullable(),
  language: z.enum(['zh', 'en']),
  /** due: by its schedule; now: a person wanted it. */
  cause: z.enum(['due', 'now']),
  startedBy: z.string().nullable(),
  dueAtMs: timeMs.nullable(),
  createdAtMs: timeMs,
  madeAtMs: timeMs.nullable(),
  outcome: z.enum(REPORT_OUTCOMES),
  reason: bilingual.nullable(),
  /** `isKept`: it can be downloaded; daily and weekly files are dropped after 400 days. */
  files: z.array(
    z.object({ id, name: z.string(), format: z.enum(REPORT_FORMATS), bytes: z.number(), sha256: z.string(), isKept: z.boolean() }),
  ),
  deliveries: z.array(reportDeliverySchema),
})
export type ReportRun = z.output<typeof reportRunSchema>

export const reportScheduleSchema = scheduleBody.extend({
  id,
  roomName: z.string().nullable(),
  revision: z.number(),
  changedBy: z.string(),
  changedAtMs: timeMs,
  /** null: switched off. */
  next: z.object({ atMs: timeMs, period: z.string() }).nullable(),
  /** The people of `accountIds`; without an address nothing reaches them. */
  people: z.array(z.object({ accountId: id, name: z.string(), address: z.string().nullable() })),
  last: reportRunSchema.nullable(),
})
export type ReportSchedule = z.output<typeof reportScheduleSchema>

/** Daily, weekly, monthly and yearly reports by mail; one that is wanted at once is `/api/report.pdf` or `.xlsx`. */
export const reports = {
  overview: route
    .route({
      method: 'GET',
      path: '/report-schedules',
      tags: ['reports'],
      summary: 'Schedules of reports, and by which channel they are sent',
    })
    .meta({ permission: 'readings.read' })
    .output(
      z.object({
        timeZone: z.string(),
        /** The mail channel that sends; null: none is set up or switched on, and nothing can be sent. */
        mail: z.object({ channelId: id, label: z.string() }).nullable(),
        schedules: z.array(reportScheduleSchema),
      }),
    ),
  people: route
    .route({ method: 'GET', path: '/report-people', tags: ['reports'], summary: 'People to choose as recipients, with their mail address' })
    .meta({ permission: 'reports.write' })
    .output(z.array(z.object({ accountId: id, name: z.string(), isHead: z.boolean(), address: z.string().nullable() }))),
  add: route
    .route({ method: 'POST', path: '/report-schedules', tags: ['reports'], summary: 'Add a schedule' })
    .meta({ permission: 'reports.write' })
    .input(scheduleBody)
    .output(reportScheduleSchema),
  change: route
    .route({ method: 'PUT', path: '/report-schedules/{scheduleId}', tags: ['reports'], summary: 'Change a schedule' })
    .meta({ permission: 'reports.write' })
    .input(scheduleBody.extend({ scheduleId: id, revision: z.number().int() }))
    .output(reportScheduleSchema),
  remove: route
    .route({ method: 'DELETE', path: '/report-schedules/{scheduleId}', tags: ['reports'], summary: 'Remove a schedule; its runs are kept' })
    .meta({ permission: 'reports.write' })
    .input(z.object({ scheduleId: id }))
    .output(done),
  send: route
    .route({
      method: 'POST',
      path: '/report-schedules/{scheduleId}/send',
      tags: ['reports'],
      summary: 'Make and send the report of the last whole period now, to everybody or, as a test, only to whoever asks',
    })
    .meta({ permission: 'reports.write' })
    .input(z.object({ scheduleId: id, onlyToMe: z.boolean().default(false) }))
    .output(z.object({ runId: id })),
  runs: route
    .route({ method: 'GET', path: '/report-runs', tags: ['reports'], summary: 'Reports that were made, newest first' })
    .meta({ permission: 'readings.read' })
    .input(z.object({ scheduleId: id.optional(), before: id.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.array(reportRunSchema)),
}
