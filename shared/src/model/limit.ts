import { z } from 'zod'
import { ALARM_PRIORITIES, LIMIT_CONDITIONS } from './alarm.ts'

export const limitSchema = z
  .object({
    condition: z.enum(LIMIT_CONDITIONS),
    /** Levels and rate of change: the value in the point's unit (rate: unit per hour). */
    value: z.number().optional().describe("Limit in the point's unit; rate of change: unit per hour."),
    /** state: raise while any of these tokens is present. Contacts: ["true"]. */
    tokens: z
      .array(z.string().min(1).max(32))
      .max(20)
      .optional()
      .describe('State limits: raise while one of these tokens is present; contacts use "true".'),
    deadband: z.number().min(0).default(0).describe('The value must come back this far inside the limit before the alarm clears.'),
    onDelayMs: z.number().int().min(0).max(86_400_000).default(0).describe('The condition must hold this long before the alarm is raised.'),
    offDelayMs: z
      .number()
      .int()
      .min(0)
      .max(86_400_000)
      .default(0)
      .describe('The condition must be gone this long before the alarm clears.'),
    priority: z.enum(ALARM_PRIORITIES),
    enabled: z.boolean().default(true),
  })
  .superRefine((limit, context) => {
    const isLevel = ['low-low', 'low', 'high', 'high-high', 'rate-of-change'].includes(limit.condition)
    if (isLevel && limit.value === undefined)
      context.addIssue({ code: 'custom', path: ['value'], message: `${limit.condition} needs a value` })
    if (limit.condition.startsWith('state') && !limit.tokens?.length)
      context.addIssue({ code: 'custom', path: ['tokens'], message: `${limit.condition} needs at least one token` })
  })
export type Limit = z.output<typeof limitSchema>
