import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import type { AlarmSignal } from '../../server/src/alarms/alarm-types.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { guardedQueue } from '../../server/src/notify/guarded-queue.ts'
import type { QueueNotices } from '../../server/src/notify/pipeline.ts'
import { describeEachDatabase } from '../kit/each-database.ts'

describeEachDatabase('a pipeline that fails', (newDatabase) => {
  let db: Db | undefined
  afterEach(async () => {
    await db?.destroy()
    db = undefined
  })

  const signal: AlarmSignal = {
    source: 'point',
    sourceId: 7,
    condition: 'high',
    priority: 'medium',
    atMs: 1000,
    value: 31,
    limit: 27,
    late: false,
    roomId: null,
    deviceId: null,
    pointId: null,
  }

  it.each<[string, QueueNotices]>([
    ['in the program', () => Promise.reject(new TypeError('a template is wrong'))],
    [
      'in the database, after it has written something',
      async (transaction) => {
        await transaction.insertInto('setting').values({ name: 'half', valueJson: '1' }).execute()
        await transaction
          .selectFrom('noSuchTable' as never)
          .selectAll()
          .execute()
      },
    ],
  ])('%s does not keep the alarm from being written, and leaves nothing half done', async (_where, failing) => {
    db = await openDatabase(await newDatabase())
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
    const clock = { nowMs: () => 2000 }
    const store = new AlarmStore({ db, clock, log, attachIncident, queueNotices: guardedQueue(failing, log) })
    await store.start()
    store.submit({ kind: 'raise', signal })
    store.submit({ kind: 'clear', signal: { ...signal, atMs: 1500 } })
    await store.flush()
    const alarms = await db.selectFrom('alarm').select(['state', 'sourceId']).execute()
    expect(alarms).toEqual([{ state: 'RTNUN', sourceId: 7 }])
    expect(await db.selectFrom('setting').select('name').where('name', '=', 'half').execute()).toEqual([])
    expect(lines.filter((line) => line.includes('the minute check tells it'))).toHaveLength(1)
    await store.stop()
  })
})
