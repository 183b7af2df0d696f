import { type Limit, limitSchema } from '@roomkeeper/shared/model'
import { afterEach, describe, expect, it } from 'vitest'
import type { PointDescription } from '../../agent/src/drivers/driver.ts'
import { createPipeline } from '../../agent/src/pipeline/index.ts'
import { defaultLimits } from '../../server/src/limits/default-limits.ts'
import { type JudgeEvent, PointJudge } from '../../server/src/limits/point-judge.ts'
import { Simulation } from '../kit/ingest/simulated-server.ts'
import { next, PushBench } from '../kit/push-bench.ts'
import { type RecordsApp, startRecordsApp } from '../kit/records-app.ts'

// What people complain about in other systems, about readings and limits. The numbers are those of the list.

const temperature: PointDescription = { key: 'temperature', kind: 'temperature', unit: 'Cel' }
const HIGH: Limit = limitSchema.parse({ condition: 'high', value: 10, priority: 'high' })

/** The default limits of a kind whose condition begins so. */
const defaults = (kind: Parameters<typeof defaultLimits>[0], condition: string): Limit[] =>
  defaultLimits(kind, 'computer-room').flatMap(({ limit }) => (limit.condition.startsWith(condition) ? [limit] : []))

/** Judged readings, one a second, as `raise high@3`. */
function judged(limits: readonly Limit[], readings: readonly (readonly [value: number | string | null, quality?: 'bad'])[]): string[] {
  const told: string[] = []
  const sink = (event: JudgeEvent): void => void told.push(`${event.kind} ${event.limit.condition}@${event.atMs / 1000}`)
  const judge = new PointJudge(limits)
  for (const [second, [value, quality]] of readings.entries())
    if (quality === 'bad') judge.bad(value, second * 1000, sink)
    else judge.good(value, second * 1000, sink)
  return told
}

describe('complaints about limits', () => {
  it('4: raise and clear have values of their own: hovering at the limit is one alarm (no separate limits elsewhere)', () => {
    const limit = limitSchema.parse({ condition: 'high', value: 27, deadband: 1.5, priority: 'high' })
    const hovering = [27.1, 26.9, 27.1, 26.8, 27.2, 26, 25.4].map((value) => [value] as const)
    expect(judged([limit], hovering)).toEqual(['raise high@0', 'clear high@6'])
  })

  it('11: impossible readings raise no excursion: 85 ℃ of a DS18B20, 34 ℃ more within 3 s (alarms elsewhere)', () => {
    const pipeline = createPipeline({ points: [temperature] })
    const readings = [22, 22.1, 85, 56.2, 22.2].map((value, scan) => pipeline.process([{ key: 'temperature', value }], scan * 3000)[0])
    expect(readings.map((reading) => reading?.quality)).toEqual(['good', 'good', 'bad', 'bad', 'good'])
    const limits = defaults('temperature', 'high')
    expect(
      judged(
        limits,
        readings.map((reading) => [reading?.value as number, reading?.quality === 'bad' ? 'bad' : undefined] as const),
      ),
    ).toEqual([])
  })

  it('12: a humidity that is missing is not 0: it is bad, and raises no "too dry" (averaged as 0 elsewhere)', () => {
    const pipeline = createPipeline({ points: [temperature, { key: 'humidity', kind: 'humidity', unit: '%' }] })
    const scan = pipeline.process([{ key: 'temperature', value: 22 }], 0)
    const humidity = scan.find(({ key }) => key === 'humidity')
    expect(humidity).toMatchObject({ value: null, quality: 'bad' })
    expect(scan.find(({ key }) => key === 'dew-point')).toMatchObject({ value: null, quality: 'bad' })
    const tooDry = limitSchema.parse({ condition: 'low-low', value: 8, priority: 'medium' })
    expect(judged([tooDry], [[humidity?.value as null, 'bad']])).toEqual([])
  })

  it('14: a UPS on battery alarms at once, whatever charge and runtime it claims; a dropped load is critical (ended unnoticed elsewhere)', () => {
    const limits = defaults('ups-status', 'state')
    expect(judged(limits, [['OL'], ['OB DISCHRG'], ['OFF']])).toEqual(
      expect.arrayContaining(['raise state@1', 'raise state-critical@2']) as unknown,
    )
    // What it claims is well: only the status tells.
    const charge = defaults('battery-charge', 'low')
    const runtime = defaults('battery-runtime', 'low')
    expect([judged(charge, [[100]]), judged(runtime, [[3000]])]).toEqual([[], []])
  })
})

describe('complaints about what does not come', () => {
  const started: RecordsApp[] = []
  afterEach(async () => {
    for (const app of started.splice(0)) await app.stop()
  })
  const start = async (): Promise<RecordsApp> => {
    const app = await startRecordsApp(':memory:')
    started.push(app)
    return app
  }
  /** Devices of one room with one temperature each; their point ids. */
  const addDevices = async (app: RecordsApp, count: number): Promise<{ roomId: number; pointIds: number[] }> => {
    const roomId = await app.addRoom('机房')
    const pointIds: number[] = []
    for (let number = 1; number <= count; number += 1)
      pointIds.push(await app.addPoint(await app.addDevice(roomId, `th-${number}`), 'temperature', 'temperature', 'Cel'))
    app.session.isOnline = true
    hear(app, pointIds)
    app.silence.start([])
    app.silence.stop()
    return { roomId, pointIds }
  }
  const hear = (app: RecordsApp, pointIds: readonly number[]): void => {
    const nowMs = app.clock.nowMs()
    app.session.lastSeenMs = nowMs
    for (const pointId of pointIds) {
      const point = app.directory.points.get(pointId)
      if (point) Object.assign(point.live, { value: 22, quality: 'good', timeMs: nowMs, receivedAtMs: nowMs })
      if (point) app.live.touch(point.live)
    }
  }
  /** Seconds go by; the agent is there, its devices say nothing. */
  const silent = async (app: RecordsApp, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      app.clock.advance(1000)
      if (app.session.isOnline) app.session.lastSeenMs = app.clock.nowMs()
      app.silence.tick()
    }
    await app.alarms.flush()
  }
  const alarms = (app: RecordsApp) => app.db.selectFrom('alarm').select(['condition', 'state', 'raisedAtMs']).orderBy('id').execute()

  it('3: a sensor that vanishes resolves nothing: its alarm stands on, and its silence is one more (counts as resolved elsewhere)', async () => {
    const app = await start()
    const { pointIds } = await addDevices(app, 1)
    await app.raise({ condition: 'high', priority: 'high', pointId: pointIds[0] ?? 0 })
    await silent(app, 120)
    const rows = await alarms(app)
    expect(rows[0]).toMatchObject({ condition: 'high', state: 'UNACK' })
    expect(rows.slice(1).map(({ condition }) => condition)).toEqual(['device-offline'])
  })

  it('7: when an agent goes away with its 30 devices, one alarm is told (30 messages elsewhere)', async () => {
    const app = await start()
    const { pointIds } = await addDevices(app, 30)
    expect(pointIds).toHaveLength(30)
    app.session.isOnline = false
    app.session.offlineSinceMs = app.clock.nowMs()
    for (const device of app.directory.devices.values()) Object.assign(device, { online: false, offlineSinceMs: app.clock.nowMs() })
    await silent(app, 180)
    expect((await alarms(app)).map(({ condition }) => condition)).toEqual(['node-offline'])
  })

  it('10: a dead sensor does not go on showing its old value as if it were new (shows it for ever elsewhere)', async () => {
    const app = await start()
    const { roomId } = await addDevices(app, 1)
    const keeper = await app.addPerson('keeper', ['room-keeper'])
    const shown = async () => (await app.as(keeper).rooms.get({ roomId })).deviceList[0]?.points[0]
    expect(await shown()).toMatchObject({ value: 22, quality: 'good' })
    await silent(app, 60)
    expect(await shown()).toMatchObject({ value: 22, quality: 'stale' })
  })

  it('13: limits come from the standard and say so, whatever the sensor reads when it is found (guessed from the reading elsewhere)', async () => {
    const app = await start()
    const { pointIds } = await addDevices(app, 1)
    const [pointId = 0] = pointIds
    app.read(pointId, 41)
    const keeper = await app.addPerson('keeper', ['room-keeper'])
    const high = (await app.as(keeper).limits.forPoint({ pointId })).find(({ limit }) => limit.condition === 'high')
    expect(high).toMatchObject({ limit: { value: 27 } })
    expect(JSON.stringify(high)).toContain('GB 50174-2017')
  })

  it('19: a silence is an alarm within three intervals and a few seconds (5 h late elsewhere)', async () => {
    const app = await start()
    await addDevices(app, 1)
    const heardAtMs = app.clock.nowMs()
    await silent(app, 45)
    const [row] = await alarms(app)
    expect(row?.condition).toBe('device-offline')
    // An interval of 10 s.
    expect((row?.raisedAtMs ?? 0) - heardAtMs).toBeLessThanOrEqual(40_000)
  })
})

describe('complaints about what comes again', () => {
  it('9: a backlog after an outage is stored once and judged in its own time: what began and ended then is told as late', async () => {
    const simulation = await Simulation.start([[HIGH]])
    try {
      const scan = (value: number): void => {
        simulation.nowMs += 1000
        simulation.agent.log(simulation.nowMs, [value])
      }
      for (const value of [1, 2]) scan(value)
      simulation.kill()
      const beganMs = simulation.nowMs + 2000
      for (const value of [3, 15, 16, 4, 5]) scan(value)
      await simulation.startServer()
      simulation.agent.birth(simulation.nowMs)
      await simulation.settle()
      for (let round = 0; round < 10; round += 1) {
        await simulation.tick()
        simulation.agent.replay(simulation.nowMs, 100)
        await simulation.settle()
        simulation.store(100)
        await simulation.flushAlarms()
        await simulation.commit()
      }
      expect([...simulation.stored.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7])
      const [transitions = []] = await simulation.transitionsOf('p0')
      expect(transitions.map(({ event }) => event)).toEqual(['late-raise', 'late-clear'])
      expect(transitions[0]?.atMs).toBe(beganMs)
    } finally {
      await simulation.dispose()
    }
  })

  it('15: after reconnecting a browser is told what it missed and how old each value is, before it shows "OK" (stale OK elsewhere)', async () => {
    const bench = new PushBench()
    try {
      await bench.start({ pushIntervals: { tickMs: 50 } })
      bench.setLive(1, 1, 1000)
      const { cookie, socket } = await bench.enterAs('zhao')
      socket.close()
      // What happens while it is away.
      bench.setLive(1, 1, 2000)
      bench.app.push.alarm({
        transitionId: 77,
        alarmId: 5,
        incidentId: null,
        incidentOpened: false,
        roomId: 1,
        priority: 'high',
        drill: false,
        state: 'UNACK',
        event: 'raise',
      })
      const again = bench.app.socket({ cookie })
      const welcomed = next(again, 'hello')
      again.connect()
      expect((await welcomed)[0].lastTransitionId).toBe(77)
      const live = next(again, 'live')
      again.emit('watch', { roomIds: [1] })
      const [[update]] = await live
      expect(update?.slice(0, 3)).toEqual([1, 2000, 2000])
    } finally {
      await bench.stop()
    }
  })
})
