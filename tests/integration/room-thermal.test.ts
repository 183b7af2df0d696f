import type { ThermalRunning } from '@roomkeeper/shared/http'
import { afterEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../kit/each-database.ts'
import { startThermalApp, type ThermalApp } from '../kit/thermal-app.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ROOM = { seed: 12, rackCount: 4, rackWatts: 2000, roomCubicMetres: 90 }

describeEachDatabase('the heat of a room', (newDatabase) => {
  let app: ThermalApp
  afterEach(async () => {
    await app?.stop()
  })

  const runningNow = async (): Promise<ThermalRunning> => {
    const [running] = await app.as('on-call').running()
    if (!running) throw new Error('nothing runs')
    return running
  }
  /** A loss of so long, and an hour after it. */
  const lose = async (what: 'cooling-fails' | 'mains-lost', minutes: number) => {
    await app.live(3 * MINUTE)
    app.play({ [what]: true })
    await app.live(minutes * MINUTE)
    app.play({})
    await app.live(3 * MINUTE)
    await app.live(HOUR, 'calm')
  }

  it('is learned from three losses, and foretells the fourth, also over a restart in its middle', async () => {
    app = await startThermalApp(await newDatabase(), ROOM)
    await app.live(5 * MINUTE)
    const before = await app.as('on-call').room({ roomId: app.roomId })
    expect(before).toMatchObject({
      running: null,
      quiet: { limitCelsius: 32 },
      learned: null,
      sources: { judgedBy: 'cold-aisle', heat: 'racks', coolingUnits: 1, upses: 1 },
    })

    await lose('cooling-fails', 4)
    await lose('mains-lost', 5)
    await lose('cooling-fails', 7)
    const gaps = await app.as('auditor').gaps({ roomId: app.roomId })
    expect(gaps.map(({ cause, notLearned }) => [cause, notLearned])).toEqual([
      ['cooling-fault', null],
      ['mains-lost', null],
      ['cooling-fault', null],
    ])
    const calm = await app.as('on-call').room({ roomId: app.roomId })
    expect(calm).toMatchObject({ running: null, learned: { gaps: 3 }, quiet: { forecast: { kind: 'at' } } })

    await app.live(3 * MINUTE)
    const lostMs = app.nowMs()
    app.play({ 'cooling-fails': true })
    app.changes.length = 0
    await app.live(5000)
    expect(app.changes).toContainEqual({ topic: 'thermal', id: app.roomId })
    const first = await runningNow()
    expect(first).toMatchObject({
      cooling: { cause: 'cooling-fault', startMs: lostMs + 5000 },
      upses: [],
      gaps: 3,
      forecast: { kind: 'at' },
    })
    await app.live(2 * MINUTE)
    app.changes.length = 0
    await app.live(MINUTE)
    expect(app.changes.filter(({ topic }) => topic === 'thermal').length).toBeGreaterThanOrEqual(6)

    await app.restart(MINUTE)
    await app.live(MINUTE)
    const told = await runningNow()
    expect(told.cooling).toEqual({ cause: 'cooling-fault', startMs: lostMs + 5000 })
    if (told.forecast?.kind !== 'at' || told.limitCelsius === null) throw new Error(`not foretold: ${JSON.stringify(told.forecast)}`)
    const { limitCelsius, forecast } = told
    while (app.model.measurements().probes['cold-aisle'].celsius < limitCelsius && app.nowMs() < lostMs + 2 * HOUR) await app.live(15_000)
    const error = (forecast.atMs - app.nowMs()) / (app.nowMs() - lostMs)
    console.log(
      `${limitCelsius} °C: foretold after ${(told.atMs - lostMs) / MINUTE} min for ${((forecast.atMs - lostMs) / MINUTE).toFixed(1)} min, ` +
        `came after ${((app.nowMs() - lostMs) / MINUTE).toFixed(1)} min: ${(100 * error).toFixed(1)} %`,
    )
    expect(Math.abs(error)).toBeLessThan(0.15)
    await app.live(MINUTE)
    // The room's own limit is passed: what the equipment bears is next.
    expect(await runningNow()).toMatchObject({ limitKind: 'equipment' })

    app.play({})
    await app.live(5 * MINUTE)
    expect(await app.as('on-call').running()).toEqual([])
    await app.live(HOUR, 'calm')
    expect(await app.as('on-call').gaps({ roomId: app.roomId })).toHaveLength(4)
  })

  it('measures discharges, says what the UPS promises too much, and which limit is nearer', async () => {
    app = await startThermalApp(await newDatabase(), { ...ROOM, upsRatedWatts: 9000, upsFullLoadMinutes: 12 })
    await app.live(5 * MINUTE)
    await lose('mains-lost', 3)
    await lose('mains-lost', 3)
    // One on the heels of another teaches the battery, not the room.
    app.play({ 'mains-lost': true })
    await app.live(2 * MINUTE)
    app.play({})
    await app.live(5 * MINUTE)
    app.play({ 'mains-lost': true })
    await app.live(2 * MINUTE)
    app.play({})
    await app.live(HOUR, 'calm')
    const gaps = await app.as('on-call').gaps({ roomId: app.roomId })
    expect(gaps.map(({ notLearned }) => notLearned)).toEqual(['not-recovered', null, null, null])
    const [ups] = await app.as('on-call').upsTruth({ roomId: app.roomId })
    expect(ups).toMatchObject({ deviceId: app.upsId, status: expect.stringContaining('OL'), measured: 4, battery: null, replacement: null })
    expect(ups?.discharges.map(({ isOfEarlierBattery }) => isOfEarlierBattery)).toEqual([false, false, false, false])
    // The simulated UPS promises what it has.
    expect(ups?.claimRatio).toBeGreaterThan(0.85)
    expect(ups?.claimRatio).toBeLessThan(1.15)

    app.play({ 'mains-lost': true })
    const lostMs = app.nowMs()
    await app.live(2 * MINUTE)
    const running = await runningNow()
    expect(running).toMatchObject({ cooling: { cause: 'mains-lost' }, mainsLostAtMs: lostMs + 5000, upses: [{ deviceId: app.upsId }] })
    const [left] = running.upses
    if (running.forecast?.kind !== 'at' || !left?.emptyAtMs) throw new Error(JSON.stringify(running))
    const { earliestMs, latestMs } = running.forecast
    const isClear = latestMs < left.emptyAtMs - MINUTE || earliestMs > left.emptyAtMs + MINUTE
    expect(running.nearer).toBe(!isClear ? 'either' : latestMs < left.emptyAtMs ? 'heat' : 'ups')
    while (app.model.state.ups.outputOn && app.nowMs() < lostMs + 2 * HOUR) await app.live(15_000)
    expect(Math.abs(left.emptyAtMs - app.nowMs()) / (app.nowMs() - lostMs)).toBeLessThan(0.15)
    // It is off; that the mains are still gone is not forgotten.
    expect(await runningNow()).toMatchObject({ mainsLostAtMs: lostMs + 5000 })
    app.play({})
    await app.live(5 * MINUTE)
    expect(await app.as('on-call').running()).toEqual([])
    await app.live(HOUR, 'calm')
    const [after] = await app.as('on-call').upsTruth({ roomId: app.roomId })
    expect(after?.measured).toBe(5)

    const installedMs = app.nowMs() - HOUR
    const facts = { installedMs, nominalFullLoadMinutes: 12, note: '全部更换' }
    const saved = await app.as('technician').putBattery({ deviceId: app.upsId, revision: 0, ...facts })
    expect(saved).toMatchObject({ ...facts, revision: 1, by: 'technician (name)' })
    await expect(app.as('technician').putBattery({ deviceId: app.upsId, revision: 0, ...facts })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await expect(
      app.as('technician').putBattery({ deviceId: app.upsId, revision: 1, ...facts, installedMs: app.nowMs() + HOUR }),
    ).rejects.toMatchObject({ code: 'INVALID' })
    await expect(app.as('auditor').putBattery({ deviceId: app.upsId, revision: 1, ...facts })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const [renewed] = await app.as('on-call').upsTruth({ roomId: app.roomId })
    expect(renewed).toMatchObject({ measured: 0, learnedSeconds: null, replacement: { basis: 'age', confidence: 'low' } })
    expect(renewed?.discharges.every(({ isOfEarlierBattery }) => isOfEarlierBattery)).toBe(true)
    expect(await actions()).toEqual(['ups.battery'])
  })

  it('leaves a gap out with a reason, and takes it back', async () => {
    app = await startThermalApp(await newDatabase(), ROOM)
    await app.live(5 * MINUTE)
    await lose('cooling-fails', 4)
    const [gap] = await app.as('on-call').gaps({ roomId: app.roomId })
    if (!gap) throw new Error('not learned')
    await expect(app.as('on-call').leaveOut({ gapId: gap.id, reason: '门开着' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const out = await app.as('room-keeper').leaveOut({ gapId: gap.id, reason: '门开着' })
    expect(out.leftOut).toMatchObject({ by: 'room-keeper (name)', reason: '门开着' })
    expect((await app.as('on-call').room({ roomId: app.roomId })).learned).toBeNull()
    // What was left out is not learned again by the next look.
    await app.live(2 * HOUR, 'calm')
    expect(await app.as('on-call').gaps({ roomId: app.roomId })).toHaveLength(1)
    expect((await app.as('on-call').room({ roomId: app.roomId })).learned).toBeNull()
    expect((await app.as('room-keeper').putBack({ gapId: gap.id })).leftOut).toBeNull()
    expect((await app.as('on-call').room({ roomId: app.roomId })).learned).toMatchObject({ gaps: 1 })
    expect(await actions()).toEqual(['cooling-gap.leave-out', 'cooling-gap.put-back'])
    await expect(app.as('room-keeper').putBack({ gapId: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('catches up with what happened while the server was away, once the store answers', async () => {
    app = await startThermalApp(await newDatabase(), ROOM)
    await app.live(10 * MINUTE)
    app.readings.isAway = true
    app.play({ 'cooling-fails': true })
    await app.restart(4 * MINUTE)
    app.play({})
    await app.live(5 * MINUTE)
    expect(await app.as('on-call').gaps({ roomId: app.roomId })).toEqual([])
    app.readings.isAway = false
    await app.live(3 * MINUTE)
    expect(await app.as('on-call').gaps({ roomId: app.roomId })).toMatchObject([
      { cause: 'cooling-fault', notLearned: null, leftOut: null },
    ])
  })

  const actions = async () =>
    (
      await app.db
        .selectFrom('audit')
        .select('action')
        .where('action', 'in', ['ups.battery', 'cooling-gap.leave-out', 'cooling-gap.put-back'])
        .orderBy('seq')
        .execute()
    ).map(({ action }) => action)
})
