import { limitSchema } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('rehearsal of limits', () => {
  let app: RecordsApp
  let roomId: number
  let deviceId: number
  let temperatureId: number
  let otherId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(':memory:')
    roomId = await app.addRoom('主机房')
    deviceId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(deviceId, 'temperature', 'temperature', 'Cel')
    otherId = await app.addPoint(deviceId, 't2', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    // 26 ℃ at every third hour for two days, and once 28 ℃ for an hour.
    for (const pointId of [temperatureId, otherId])
      for (let hour = 1; hour <= 48; hour++) {
        const peak = pointId === otherId && hour === 40 ? 28 : hour % 3 === 0 ? 26 : 24
        for (const [minute, value] of [
          [0, peak],
          [1, peak],
          [30, 24],
          [32, 24],
        ] as const)
          app.readings.put(pointId, { timeMs: START_MS - 2 * DAY_MS + hour * HOUR_MS - HOUR_MS + minute * 60_000, value })
      }
  })
  afterEach(() => app.stop())

  const high = (value: number, more: object = {}) => limitSchema.parse({ condition: 'high', value, priority: 'high', ...more })
  const kind = { scope: 'kind', kind: 'temperature' } as const
  const rehearse = (more: object = {}) => app.as(keeper).limits.rehearse({ target: kind, limits: [high(25)], days: 3, ...more })
  const ended = async (id: string) =>
    vi.waitFor(async () => {
      const rehearsal = await app.as(keeper).limits.rehearsal({ rehearsalId: id })
      expect(rehearsal.state).not.toBe('running')
      return rehearsal
    }, 20_000)
  /** The store answers when the returned function is called. */
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    app.readings.gate = promise
    return () => {
      app.readings.gate = undefined
      resolve()
    }
  }
  const setFor = (target: { scope: string; scopeKey: string; kind: string }, limits: unknown[]) =>
    app.db
      .insertInto('limitSet')
      .values({ ...target, version: 1, limitsJson: JSON.stringify(limits), author: 'x', reason: 'x', atMs: START_MS })
      .execute()
      .then(() => app.directory.reloadLimits(() => true))

  it('answers at once, then tells what the draft would have gained and lost', async () => {
    const begun = await rehearse()
    expect(begun).toMatchObject({ state: 'running', progress: 0, fromMs: START_MS - 3 * DAY_MS, toMs: START_MS, readings: 0 })
    const done = await ended(begun.id)
    expect(done).toMatchObject({ state: 'done', message: '', progress: 1, points: 2, pointsLeftOut: 0, readings: 384 })
    // By the defaults 28 ℃ for half an hour was one alarm; 26 ℃ was none.
    expect(done.now).toMatchObject({ alarms: 1, chatter: 0, floods: 0 })
    expect(done.draft.alarms).toBe(33)
    expect(done.draft.standingMs).toBe(33 * 30 * 60_000)
    expect(done.draft.perDay).toBe(11)
    expect([done.gained.count, done.lost.count]).toEqual([32, 0])
    expect(done.gained.newest[0]).toMatchObject({
      pointId: temperatureId,
      pointName: 'probe1 · 温度',
      pointNameEn: 'probe1 · Temperature',
      condition: 'high',
      priority: 'high',
      value: 26,
      raisedAtMs: START_MS - HOUR_MS,
      clearedAtMs: START_MS - HOUR_MS / 2,
    })
    // Days by the hospital's clock: 08:00 UTC is 16:00 in Shanghai.
    expect(done.byDay.map(({ dayMs, now, draft }) => [(dayMs - START_MS) / HOUR_MS, now, draft])).toEqual([
      [-72, 0, 0],
      [-64, 0, 4],
      [-40, 0, 16],
      [-16, 1, 13],
    ])
  })

  it('finds no difference in what is in force', async () => {
    const limits = [...(app.directory.points.get(temperatureId)?.limits ?? [])]
    const done = await ended((await rehearse({ limits })).id)
    expect(done.now).toEqual(done.draft)
    expect([done.now.alarms, done.gained.count, done.lost.count]).toEqual([1, 0, 0])
  })

  it('is of the points for which the target would decide', async () => {
    await setFor({ scope: 'point', scopeKey: String(otherId), kind: '' }, [high(27.5)])
    expect(await ended((await rehearse()).id)).toMatchObject({ points: 1, now: { alarms: 0 }, draft: { alarms: 16 } })
    // Its own set taken away, the built-in defaults hold again: the same alarm, a minute later.
    const emptied = await ended((await rehearse({ target: { scope: 'point', pointId: otherId }, limits: [] })).id)
    expect(emptied).toMatchObject({ points: 1, now: { alarms: 1 }, draft: { alarms: 1 }, gained: { count: 0 }, lost: { count: 0 } })
    const room = await ended((await rehearse({ target: { scope: 'room', roomId, kind: 'humidity' } })).id)
    expect(room).toMatchObject({ state: 'done', points: 0, readings: 0 })
  })

  it('keeps contacts apart from numbers, and bad readings from both', async () => {
    const leakId = await app.addPoint(deviceId, 'leak', 'leak', '1')
    // Stores give contacts back as 0 and 1.
    app.readings.put(
      leakId,
      { timeMs: START_MS - 5000, value: 0 },
      { timeMs: START_MS - 4000, value: 1, bad: 'sensor-error' },
      { timeMs: START_MS - 3000, value: 1 },
    )
    const limits = [limitSchema.parse({ condition: 'state', tokens: ['true'], priority: 'high' })]
    const done = await ended((await rehearse({ target: { scope: 'kind', kind: 'leak' }, limits })).id)
    expect(done.gained.newest).toMatchObject([{ condition: 'state', value: true, raisedAtMs: START_MS - 3000, clearedAtMs: null }])
    expect(done.draft.standingMs).toBe(3000)
    expect(done.lost.newest.map(({ condition }) => condition)).toEqual(['state-critical'])
  })

  it('refuses a draft that cannot be right, and targets that are not there', async () => {
    const wrong = rehearse({ limits: [limitSchema.parse({ condition: 'low', value: 28, priority: 'low' }), high(27)] })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID', data: { field: 'limits[1].value' } })
    await expect(rehearse({ target: { scope: 'kind', kind: 'wish' } })).rejects.toMatchObject({
      code: 'INVALID',
      data: { field: 'target.kind' },
    })
    await expect(rehearse({ target: { scope: 'point', pointId: 999 } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(app.as(keeper).limits.rehearsal({ rehearsalId: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says when the store is away', async () => {
    app.readings.isAway = true
    const failed = await ended((await rehearse()).id)
    expect(failed).toMatchObject({ state: 'failed', message: expect.stringMatching(/读数库不可用.*store is away/) })
  })

  it('does one at a time, in order; the same again takes the place of the one before', async () => {
    const open = hold()
    const first = await rehearse()
    const second = await rehearse({ target: { scope: 'device', deviceId, kind: 'temperature' } })
    expect(second.message).toContain('1')
    const again = await rehearse()
    expect((await app.as(keeper).limits.rehearsal({ rehearsalId: first.id })).state).toBe('cancelled')
    await app.as(keeper).limits.cancelRehearsal({ rehearsalId: second.id })
    expect((await app.as(keeper).limits.rehearsal({ rehearsalId: second.id })).state).toBe('cancelled')
    open()
    expect((await ended(again.id)).gained.count).toBe(32)
  })

  it('refuses a queue without end, keeps a result for half an hour, and cancels on stop', async () => {
    const targets = Array.from({ length: 6 }, (_, days) =>
      rehearse({ target: { scope: 'room', roomId, kind: 'temperature' }, days: days + 1 }),
    )
    // The same target each time: only the newest stays.
    const settled = await Promise.all(targets)
    const last = await ended(settled.at(-1)?.id ?? '')
    expect(last.state).toBe('done')
    const open = hold()
    const kinds = ['temperature', 'voltage', 'current', 'power', 'load', 'frequency']
    const many = await Promise.allSettled(kinds.map((one) => rehearse({ target: { scope: 'kind', kind: one }, limits: [high(50)] })))
    expect(many.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'UNAVAILABLE' } }])
    open()
    app.clock.advance(30 * 60_000 + 1)
    await expect(app.as(keeper).limits.rehearsal({ rehearsalId: last.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    hold()
    const running = await rehearse()
    app.rehearsals.stop()
    expect((await app.as(keeper).limits.rehearsal({ rehearsalId: running.id })).state).toBe('cancelled')
  })
})
