import { z } from 'zod'
import { ALARM_PRIORITIES, LIMIT_CONDITIONS } from './alarm.ts'

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请按 HH:MM 填写 / HH:MM, 00:00 … 23:59')
const delayMs = z.number().int().min(0).max(86_400_000)

/** When a variant of a limit holds, by the clock of the hospital (setting timeZone). `to` before or equal to `from` ends on the next day. */
export const limitTimesSchema = z.object({
  /** ISO weekdays on which it begins, 1 = Monday. */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: clockTime,
  to: clockTime,
})
export type LimitTimes = z.output<typeof limitTimesSchema>

/** Day and night: what differs from the limit itself at these times. The first that fits counts. */
export const limitVariantSchema = limitTimesSchema.extend({
  value: z.number().optional(),
  deadband: z.number().min(0).optional(),
  onDelayMs: delayMs.optional(),
  priority: z.enum(ALARM_PRIORITIES).optional(),
  /** false: no alarm at these times. */
  enabled: z.boolean().optional(),
})
export type LimitVariant = z.output<typeof limitVariantSchema>

/** A standing alarm becomes more severe when the value goes on to `value`, or when it has stood for `afterMs`; and less when the value comes back. */
export const limitStepSchema = z
  .object({ value: z.number().optional(), afterMs: delayMs.min(60_000).optional(), priority: z.enum(ALARM_PRIORITIES) })
  .refine((step) => (step.value === undefined) !== (step.afterMs === undefined), '二选一：数值或持续时间 / either a value or a duration')
export type LimitStep = z.output<typeof limitStepSchema>

export const limitSchema = z
  .object({
    condition: z.enum(LIMIT_CONDITIONS),
    /** Levels, rate of change and time to limit: the value in the point's unit (rate: unit per hour; time to limit: minutes). */
    value: z
      .number()
      .optional()
      .describe(
        "Limit in the point's unit; rate of change: unit per hour; time to limit: minutes until the nearest level limit is reached.",
      ),
    /** state: raise while any of these tokens is present. Contacts: ["true"]. */
    tokens: z
      .array(z.string().min(1).max(32))
      .max(20)
      .optional()
      .describe('State limits: raise while one of these tokens is present; contacts use "true".'),
    deadband: z.number().min(0).default(0).describe('The value must come back this far inside the limit before the alarm clears.'),
    onDelayMs: delayMs.default(0).describe('The condition must hold this long before the alarm is raised.'),
    offDelayMs: delayMs.default(0).describe('The condition must be gone this long before the alarm clears.'),
    priority: z.enum(ALARM_PRIORITIES),
    enabled: z.boolean().default(true),
    latching: z.boolean().optional().describe('The alarm stays until a person resets it, even when it was acknowledged before it cleared.'),
    variants: z
      .array(limitVariantSchema)
      .max(6)
      .optional()
      .describe('What differs at certain times, e.g. at night; the first that fits counts.'),
    steps: z.array(limitStepSchema).max(3).optional().describe('Further severity, in rising order.'),
  })
  .superRefine((limit, context) => {
    const isLevel = ['low-low', 'low', 'high', 'high-high', 'rate-of-change', 'time-to-limit'].includes(limit.condition)
    if (isLevel && limit.value === undefined)
      context.addIssue({ code: 'custom', path: ['value'], message: `${limit.condition} needs a value` })
    if (limit.condition.startsWith('state') && !limit.tokens?.length)
      context.addIssue({ code: 'custom', path: ['tokens'], message: `${limit.condition} needs at least one token` })
  })
export type Limit = z.output<typeof limitSchema>

/** Where limits may be set, the most specific first: that one wins, as a whole set. `built-in` is the product's default with its source. */
export const LIMIT_SCOPES = ['point', 'device', 'room', 'room-class', 'kind', 'built-in'] as const
export type LimitScope = (typeof LIMIT_SCOPES)[number]

/**
 * How several points become one value. average; difference: largest minus smallest; any: a contact that is on if one of them is, or the
 * largest number; all: on if every one is, or the smallest number.
 */
export const COMBINATIONS = ['average', 'difference', 'any', 'all'] as const
export type CombinationKind = (typeof COMBINATIONS)[number]
