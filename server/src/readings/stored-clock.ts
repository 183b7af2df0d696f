import { z } from 'zod'
import type { Db } from '../database/schema.ts'
import type { ClockMemory } from './store-dependencies.ts'

const NAME = 'readings.believed-clock'

const clockSchema = z.object({ believedMs: z.number(), doubtedForMs: z.number(), newestReadingMs: z.number().optional() })

/** What is known of the clock, in the server's own database: the same for every readings store. */
export function storedClock(db: Db): ClockMemory {
  return {
    load: async () => {
      const row = await db.selectFrom('setting').select('valueJson').where('name', '=', NAME).executeTakeFirst()
      const parsed = clockSchema.safeParse(row && JSON.parse(row.valueJson))
      return parsed.success ? { newestReadingMs: undefined, ...parsed.data } : undefined
    },
    save: async (clock) => {
      const valueJson = JSON.stringify(clock)
      await db
        .insertInto('setting')
        .values({ name: NAME, valueJson })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
        .execute()
    },
  }
}
