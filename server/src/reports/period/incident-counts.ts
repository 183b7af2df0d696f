import type { Db } from '../../database/schema.ts'
import type { Period } from '../pack/period.ts'

/** Incidents of a room, or of everything. */
export interface IncidentCounts {
  opened: number
  /** Of those opened, the ones that are not closed. */
  open: number
  openedBefore: number
  /** Closed in the period, whenever they were opened. */
  closed: number
}

const NONE: IncidentCounts = { opened: 0, open: 0, openedBefore: 0, closed: 0 }
const FIGURES = ['opened', 'open', 'openedBefore', 'closed'] as const

/** Counted once for all rooms; the answer is asked by a room's id, or null for everything, incidents without a room included. */
export async function countIncidents(db: Db, span: Period, before: Period): Promise<(roomId: number | null) => IncidentCounts> {
  const rows = await db
    .selectFrom('incident')
    .select('roomId')
    .select(({ fn }) => {
      const count = fn.countAll<number>()
      const opened = count.filterWhere('openedAtMs', '>=', span.fromMs).filterWhere('openedAtMs', '<', span.toMs)
      return [
        opened.as('opened'),
        opened.filterWhere('state', '<>', 'closed').as('open'),
        count.filterWhere('openedAtMs', '>=', before.fromMs).filterWhere('openedAtMs', '<', before.toMs).as('openedBefore'),
        count.filterWhere('closedAtMs', '>=', span.fromMs).filterWhere('closedAtMs', '<', span.toMs).as('closed'),
      ]
    })
    .groupBy('roomId')
    .execute()
  return (roomId) => {
    const sum = { ...NONE }
    for (const row of rows) if (roomId === null || row.roomId === roomId) for (const figure of FIGURES) sum[figure] += Number(row[figure])
    return sum
  }
}
