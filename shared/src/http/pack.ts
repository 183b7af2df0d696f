import { z } from 'zod'
import { id, route, timeMs } from './contract-base.ts'

const wordsSchema = z.object({ zh: z.string(), en: z.string() })

const gapSchema = z.object({
  kind: z.enum(['no-record', 'missed', 'incident-open', 'no-readings', 'emergency', 'unsigned', 'overdue', 'no-schedule', 'chain']),
  clause: z.string().nullable(),
  text: wordsSchema,
})
export type PackGap = z.output<typeof gapSchema>

const clauseSchema = z.object({
  clause: z.string(),
  title: wordsSchema,
  /** Records of the registers that serve it. */
  registers: z.array(z.object({ register: z.string(), title: wordsSchema, total: z.number(), done: z.number(), open: z.number() })),
  /** What of the product itself serves it. */
  parts: z.array(wordsSchema),
  gaps: z.number(),
})
export type PackClause = z.output<typeof clauseSchema>

/** Made by the browser for one download, so that it can ask how far that is. */
export const packKey = z.string().regex(/^[A-Za-z0-9-]{8,64}$/)

const tags = ['pack']
export const pack = {
  overview: route
    .route({
      method: 'GET',
      path: '/pack',
      tags,
      summary:
        'Every clause with its counts, and the gaps, in whole days by the hospital’s clock; stretches without readings are only in the PDF and Excel file (/pack.pdf, /pack.xlsx)',
    })
    .meta({ permission: 'pack.read' })
    .input(z.object({ fromMs: z.coerce.number().int(), toMs: z.coerce.number().int(), roomId: id.optional() }))
    .output(
      z.object({
        fromMs: timeMs,
        toMs: timeMs,
        records: z.number(),
        incidents: z.number(),
        alarms: z.number(),
        /** Of the audit trail in the period; null: it has no entry. */
        chainHead: z.object({ seq: z.number(), hash: z.string() }).nullable(),
        clauses: z.array(clauseSchema),
        gaps: z.array(gapSchema),
      }),
    ),
  progress: route
    .route({ method: 'GET', path: '/pack/progress', tags, summary: 'How far a download is that was asked for with this key' })
    .meta({ permission: 'pack.read' })
    .input(z.object({ key: packKey }))
    .output(z.object({ share: z.number().min(0).max(1), text: z.string() })),
}
