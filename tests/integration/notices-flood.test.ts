import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, type NotifyApp, startNotifyApp } from '../kit/notify-app.ts'

/** `npm run faults -- alarms` takes 10,000 in a minute. */
const ALARMS = 2000
/** At that rate they come in 12 s; other tests use the machine as well. */
const WITHIN_MS = 20_000

describeEachDatabase('a flood of alarms', (newDatabase) => {
  let app: NotifyApp
  beforeEach(async () => {
    app = await startNotifyApp(await newDatabase())
  })
  afterEach(() => app.stop())

  it('is written with all its notices about as fast as it comes, told in a few messages, and none is left out', async () => {
    const mail = await app.channel('mail')
    const duty = await app.person('duty', ['on-call'], { onDuty: true })
    await app.contact(duty, mail, 'duty@test')
    const startedMs = performance.now()
    for (let sourceId = 1; sourceId <= ALARMS; sourceId += 1) app.submit('raise', { sourceId, priority: 'medium' })
    await app.alarms.flush()
    const tookMs = performance.now() - startedMs
    await app.pass(3 * MINUTE_MS)
    expect(tookMs).toBeLessThan(WITHIN_MS)
    expect(app.arrived.length).toBeLessThanOrEqual(12)
    const row = await app.db
      .selectFrom('noticeDecision')
      .select(['decision', app.db.fn.countAll<number>().as('count')])
      .groupBy('decision')
      .orderBy('decision')
      .execute()
    expect(row.map(({ decision, count }) => [decision, Number(count)])).toEqual([
      ['grouped', ALARMS - 10],
      ['told', 10],
    ])
    const untold = await app.db.selectFrom('noticeLater').select('id').where('outboxId', 'is', null).execute()
    expect(untold).toEqual([])
    const summarised = app.arrived.slice(10).map(({ notice }) => Number(/\d+/.exec(notice.title)?.[0]))
    expect(summarised.reduce((sum, count) => sum + count, 0)).toBe(ALARMS - 10)
  }, 180_000)
})
