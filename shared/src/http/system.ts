import { z } from 'zod'
import { route } from './contract-base.ts'

/** The state of one part, as `/healthz` shows it. */
export const partStateSchema = z.object({ ok: z.boolean(), message: z.string() })
export type PartState = z.output<typeof partStateSchema>

export const system = {
  state: route
    .route({ method: 'GET', path: '/system', tags: ['system'], summary: 'Version and the state of each part' })
    .meta({ permission: 'system.read' })
    .output(z.object({ version: z.string(), nowMs: z.number(), parts: z.record(z.string(), partStateSchema) })),
}
