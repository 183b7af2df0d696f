import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { LiveUpdate, Presence } from '@roomkeeper/shared/push'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { next, notice, PushBench } from '../kit/push-bench.ts'
import { waitFor } from '../kit/services/child-program.ts'

describe('push', () => {
  let bench: PushBench
  beforeEach(() => {
    bench = new PushBench()
  })
  afterEach(() => bench.stop())

  it('welcomes with the clock, the person and the last transition, and keeps saying that the connection lives', async () => {
    await bench.start({ pushIntervals: { tickMs: 50 } })
    const { cookie, accountId } = await bench.app.addPerson('zhao', ['room-keeper'])
    bench.app.push.alarm(notice(41))
    const socket = bench.app.socket({ cookie })
    const welcomed = next(socket, 'hello')
    socket.connect()
    const [hello] = await welcomed
    expect(hello).toMatchObject({ userId: accountId, lastTransitionId: 41 })
    expect(Math.abs(hello.nowMs - bench.app.clock.nowMs())).toBeLessThan(5000)
    bench.app.push.alarm(notice(42))
    const [tick] = await next(socket, 'tick')
    expect(tick.lastTransitionId).toBe(42)
    // Someone who may not read alarms learns nothing from the number.
    const { socket: outsider } = await bench.enterAs('reporter', ['information-officer'])
    expect((await next(outsider, 'tick'))[0].lastTransitionId).toBe(0)
  })

  it('continues counting transitions from the database after a restart', async () => {
    await bench.start()
    await bench.app.db
      .insertInto('alarm')
      .values({
        source: 'device',
        sourceId: 1,
        condition: 'device-offline',
        priority: 'high',
        state: 'UNACK',
        valueJson: 'null',
        limitJson: 'null',
        raisedAtMs: 1,
        recordedAtMs: 1,
        lastEventAtMs: 1,
        late: 0,
        active: 1,
      })
      .execute()
    await bench.app.db
      .insertInto('alarmTransition')
      .values({ id: 321, alarmId: 1, fromState: 'NORM', toState: 'UNACK', event: 'raise', atMs: 1, recordedAtMs: 1, valueJson: 'null' })
      .execute()
    await bench.start()
    const { cookie } = await bench.app.addPerson('zhao', ['room-keeper'])
    const socket = bench.app.socket({ cookie })
    const welcomed = next(socket, 'hello')
    socket.connect()
    expect((await welcomed)[0].lastTransitionId).toBe(321)
  })

  describe('alarms', () => {
    it('arrive at once, in order, none missing', async () => {
      await bench.start()
      const { socket } = await bench.enterAs('zhao')
      const latenciesMs: number[] = []
      const ids: number[] = []
      const sentAtMs = new Map<number, number>()
      socket.on('alarm', ({ transitionId }) => {
        ids.push(transitionId)
        latenciesMs.push(performance.now() - (sentAtMs.get(transitionId) ?? 0))
      })
      for (let id = 1; id <= 100; id += 1) {
        const arrived = next(socket, 'alarm')
        sentAtMs.set(id, performance.now())
        bench.app.push.alarm(notice(id))
        await arrived
      }
      for (let id = 101; id <= 600; id += 1) bench.app.push.alarm(notice(id))
      await waitFor('the flood of alarms', 20_000, async () => (ids.length === 600 ? true : undefined))
      expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1))
      // The median, because this machine is shared; waiting for the next live flush would cost 125 ms on average.
      expect(latenciesMs.slice(0, 100).sort((a, b) => a - b)[50]).toBeLessThan(20)
    })

    it.each([
      ['raise', true],
      ['re-alarm', true],
      ['late-raise', true],
      ['acknowledge', false],
      ['clear', false],
      ['late-clear', false],
    ] as const)('say whether they were raised: %s', async (event, raised) => {
      await bench.start()
      const { socket } = await bench.enterAs('zhao')
      const arrived = next(socket, 'alarm')
      bench.app.push.alarm(notice(7, event))
      expect((await arrived)[0]).toEqual({
        transitionId: 7,
        alarmId: 1007,
        incidentId: 5,
        priority: 'critical',
        state: 'UNACK',
        raised,
        drill: false,
      })
    })
  })

  describe('live values', () => {
    it('come at once for the watched rooms, then as they change; other rooms stay away', async () => {
      await bench.start({ pushIntervals: { liveMs: 30 } })
      bench.setLive(1, 1, 20)
      bench.setLive(2, 2, 30)
      const { socket } = await bench.enterAs('zhao')
      const updates: LiveUpdate[] = []
      socket.on('live', (batch) => updates.push(...batch))
      socket.emit('watch', { roomIds: [1, 3] })
      await waitFor('the present values', 20_000, async () => (updates.length > 0 ? true : undefined))
      expect(new Set(updates.map((update) => update[0]))).toEqual(new Set([1]))
      updates.length = 0
      bench.setLive(1, 1, 21)
      bench.setLive(2, 2, 31)
      bench.setLive(3, 3, 41)
      await waitFor('the changes of both rooms', 20_000, async () =>
        new Set(updates.map((each) => each[0])).size === 2 ? true : undefined,
      )
      expect(updates.find((update) => update[0] === 1)).toEqual([1, 21, 21, 'good', null])
      socket.emit('watch', { roomIds: [2] })
      updates.length = 0
      await waitFor('the other room', 20_000, async () => (updates.some((update) => update[0] === 2) ? true : undefined))
      updates.length = 0
      bench.setLive(1, 1, 22)
      bench.setLive(2, 2, 32)
      await waitFor('its change', 20_000, async () => (updates.some((update) => update[2] === 32) ? true : undefined))
      expect(updates.filter((update) => update[0] !== 2)).toEqual([])
    })

    it('cost a frozen browser nothing but its latest values, and it catches up', async () => {
      await bench.start({ pushIntervals: { liveMs: 5, tickMs: 60_000 } })
      const points = 2000
      const { socket: frozen } = await bench.enterAs('frozen')
      const { socket: awake } = await bench.enterAs('awake')
      const latest = new Map<number, unknown>()
      let awakeMessages = 0
      frozen.on('live', (batch) => {
        for (const [pointId, , value] of batch) latest.set(pointId, value)
      })
      awake.on('live', () => {
        awakeMessages += 1
      })
      for (const socket of [frozen, awake]) socket.emit('watch', { roomIds: [1] })
      bench.setLive(1, 1, 0)
      await waitFor('both watch', 20_000, async () => (latest.size > 0 && awakeMessages > 0 ? true : undefined))
      const stream = (frozen.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket
      stream.pause()
      const beforeBytes = heldBytes()
      const started = awakeMessages
      let round = 0
      // Each round is a message of some 80 kB: 500 of them would be 40 MB waiting for the frozen one.
      while (awakeMessages < started + 500) {
        round += 1
        for (let pointId = 1; pointId <= points; pointId += 1) bench.setLive(pointId, 1, 1_000_000_000 + round)
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (round > 5000) throw new Error(`the awake browser got only ${awakeMessages} messages`)
      }
      const grownMegabytes = (heldBytes() - beforeBytes) / 1e6
      stream.resume()
      await waitFor('it catches up', 20_000, async () =>
        latest.size === points && [...latest.values()].every((value) => value === 1_000_000_000 + round) ? true : undefined,
      )
      expect(grownMegabytes).toBeLessThan(20)
      expect(frozen.connected).toBe(true)
    })
  })

  describe('presence at an incident form', () => {
    it('names who has it open, until they close it or vanish', async () => {
      await bench.start()
      const zhao = await bench.enterAs('zhao')
      const qian = await bench.enterAs('qian')
      const seen: Presence[] = []
      zhao.socket.on('presence', (presence) => seen.push(presence))
      const lastPeople = () => seen.at(-1)?.people.map((person) => person.name)
      const shows = (names: string[]) =>
        waitFor(`presence ${names}`, 20_000, async () => (JSON.stringify(lastPeople()) === JSON.stringify(names) ? true : undefined))
      zhao.socket.emit('focusIncident', { incidentId: 7 })
      await shows(['zhao (name)'])
      qian.socket.emit('focusIncident', { incidentId: 7 })
      await shows(['zhao (name)', 'qian (name)'])
      expect(seen.at(-1)).toMatchObject({ incidentId: 7, people: [{ id: zhao.accountId }, { id: qian.accountId }] })
      qian.socket.emit('focusIncident', { incidentId: 7, field: 'measures' })
      await waitFor('the field', 20_000, async () => (seen.at(-1)?.people.some(({ field }) => field === 'measures') ? true : undefined))
      // Whoever comes later is told too.
      const { cookie } = await bench.app.addPerson('sun', ['on-call'])
      const late = bench.app.socket({ cookie })
      const told = next(late, 'presence')
      late.connect()
      expect((await told)[0].people).toHaveLength(2)
      qian.socket.disconnect()
      await shows(['zhao (name)'])
      zhao.socket.emit('focusIncident', { incidentId: null })
      await shows([])
    })

    it('does not count programs', async () => {
      await bench.start({ pushIntervals: { tickMs: 50 } })
      const { socket } = await bench.enterAs('zhao')
      const seen: Presence[] = []
      socket.on('presence', (presence) => seen.push(presence))
      const { token } = await bench.app.addToken(['room-keeper'])
      const program = await bench.enter({ authorization: `Bearer ${token}` })
      program.emit('focusIncident', { incidentId: 7 })
      await next(program, 'tick')
      await next(program, 'tick')
      expect(seen).toEqual([])
    })
  })

  it('counts the open sockets', async () => {
    await bench.start()
    const { socket } = await bench.enterAs('zhao')
    await bench.enterAs('qian')
    const text = async () => await bench.app.metrics.registry.metrics()
    expect(await text()).toContain('roomkeeper_browsers_connected 2')
    socket.disconnect()
    await waitFor('one left', 20_000, async () => ((await text()).includes('roomkeeper_browsers_connected 1') ? true : undefined))
  })
})

/** Memory still held after a collection; what merely waits to be collected says nothing. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
