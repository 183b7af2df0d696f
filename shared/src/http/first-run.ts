import { z } from 'zod'
import { done, route, timeMs } from './contract-base.ts'

/** What a new server has already, as it is now: the guide's steps follow from it and nothing is ticked by hand. The demonstration does not count. */
export const firstRunSchema = z.object({
  rooms: z.array(z.object({ site: z.string(), name: z.string() })),
  agents: z.object({
    /** With a credential that is in force. */
    paired: z.number(),
    /** Has sent anything, ever. */
    arrived: z.number(),
    /** Codes that wait for their agent. */
    codes: z.number(),
  }),
  devices: z.object({ confirmed: z.number(), waiting: z.number() }),
  /** Names of those on duty now, by roster or by their switch. */
  onDuty: z.array(z.string()),
  channels: z.object({
    enabled: z.number(),
    /** Of those, how many have carried a notice, a test or a real one. */
    proved: z.number(),
  }),
  drills: z.object({ passed: z.number(), running: z.number() }),
  /** Somebody does not want to see the guide on the overview. */
  putOff: z.object({ by: z.string(), atMs: timeMs }).nullable(),
})
export type FirstRun = z.output<typeof firstRunSchema>

export const firstRun = {
  state: route
    .route({
      method: 'GET',
      path: '/first-run',
      tags: ['system'],
      summary: 'What a new server has already, for the guide of the first days',
    })
    .meta({ permission: 'rooms.write' })
    .output(firstRunSchema),
  putOff: route
    .route({ method: 'PUT', path: '/first-run', tags: ['system'], summary: 'Show the guide on the overview, or not' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ putOff: z.boolean() }))
    .output(done),
}
