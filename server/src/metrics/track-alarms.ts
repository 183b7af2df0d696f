import type { AlarmPriority } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { Metrics } from './metrics.ts'

/** Keeps `roomkeeper_alarms_active` in step with the database: counted again after transitions, at most once a second. */
export function trackAlarmsActive(dependencies: { db: Db; metrics: Pick<Metrics, 'setAlarmsActive'>; log: Logger }) {
  const { db, metrics, log } = dependencies
  let timer: NodeJS.Timeout | undefined
  const count = async (): Promise<void> => {
    const rows = await db
      .selectFrom('alarm')
      .select(['priority', db.fn.countAll<number>().as('count')])
      .where('state', 'in', ['UNACK', 'ACKED', 'RTNUN'])
      .where('drill', '=', 0)
      .groupBy('priority')
      .execute()
    metrics.setAlarmsActive(
      Object.fromEntries(rows.map((row) => [row.priority, Number(row.count)])) as Partial<Record<AlarmPriority, number>>,
    )
  }
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      count().catch((error: unknown) => log.warn({ module: 'metrics', err: error }, 'active alarms could not be counted'))
    }, 1000)
  }
  refresh()
  return { refresh, stop: () => clearTimeout(timer) }
}
