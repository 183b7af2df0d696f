import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../database/database.ts'
import { Beacons, beaconWanted, type StandingAlarm, standingAlarmsOf } from './beacons.ts'
import { relaySettings } from './channels/relay/settings.ts'

const settings = (more: Record<string, unknown> = {}) => relaySettings.parse({ deviceId: 7, key: 'beacon', ...more })
const alarm = (more: Partial<StandingAlarm> = {}): StandingAlarm => ({ priority: 'high', state: 'UNACK', roomId: 1, ...more })

describe('beaconWanted', () => {
  it.each([
    ['UNACK', true, true],
    ['RTNUN', true, false],
    ['ACKED', false, true],
    ['NORM', false, false],
    ['SHLVD', false, false],
    ['DSUPR', false, false],
    ['OOSRV', false, false],
  ])('%s: until acknowledged %s, until cleared %s', (state, untilAcknowledged, untilCleared) => {
    expect(beaconWanted([alarm({ state })], settings())).toBe(untilAcknowledged)
    expect(beaconWanted([alarm({ state })], settings({ until: 'cleared' }))).toBe(untilCleared)
  })

  it('asks for the priority or above, and for one such alarm among many', () => {
    const low = [alarm({ priority: 'low' }), alarm({ priority: 'medium' })]
    expect(beaconWanted(low, settings())).toBe(false)
    expect(beaconWanted([...low, alarm({ priority: 'critical' })], settings())).toBe(true)
    expect(beaconWanted(low, settings({ minPriority: 'medium' }))).toBe(true)
    expect(beaconWanted([], settings({ minPriority: 'low' }))).toBe(false)
  })

  it('is for its rooms only, and for alarms of no room', () => {
    expect(beaconWanted([alarm({ roomId: 2 })], settings({ roomIds: [1] }))).toBe(false)
    expect(beaconWanted([alarm({ roomId: 1 })], settings({ roomIds: [1] }))).toBe(true)
    expect(beaconWanted([alarm({ roomId: null })], settings({ roomIds: [1] }))).toBe(true)
  })
})

describe('Beacons', () => {
  function bench() {
    const orders: string[] = []
    const logged: string[] = []
    const state = {
      alarms: [] as StandingAlarm[],
      beacons: [settings()],
      value: false as boolean | null,
      isOnline: true,
      fails: false,
      /** Awaited before a switch is done. */
      gate: Promise.resolve(),
    }
    const beacons = new Beacons({
      beacons: async () => state.beacons,
      standingAlarms: async () => state.alarms,
      output: (_deviceId, key) => (key === 'beacon' ? { value: state.value, isOnline: state.isOnline } : undefined),
      switchOutput: async (deviceId, key, value) => {
        orders.push(`${deviceId}/${key} ${value}`)
        await state.gate
        if (state.fails) throw new Error('not confirmed')
        state.value = value
        return 'ok'
      },
      log: pino({ level: 'info' }, { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) }),
    })
    return { beacons, orders, logged, state }
  }

  it('turns on at a raise, stays, and turns off when the last alarm is acknowledged', async () => {
    const { beacons, orders, state } = bench()
    await beacons.reconcile()
    state.alarms = [alarm(), alarm()]
    await beacons.reconcile()
    await beacons.reconcile()
    state.alarms = [alarm({ state: 'ACKED' }), alarm()]
    await beacons.reconcile()
    expect(orders).toEqual(['7/beacon true'])
    state.alarms = [alarm({ state: 'ACKED' })]
    await beacons.reconcile()
    expect(orders).toEqual(['7/beacon true', '7/beacon false'])
    expect(beacons.current()).toEqual([{ deviceId: 7, key: 'beacon', wanted: false, isOn: false, fault: null }])
  })

  it('after a restart it finds a beacon that is on for nothing, and one that should be on', async () => {
    const first = bench()
    first.state.value = true
    await first.beacons.reconcile()
    expect(first.orders).toEqual(['7/beacon false'])
    const second = bench()
    second.state.alarms = [alarm()]
    await second.beacons.reconcile()
    expect(second.orders).toEqual(['7/beacon true'])
  })

  it('waits for an agent that is away, says so once, and switches when it is back', async () => {
    const { beacons, orders, logged, state } = bench()
    state.alarms = [alarm()]
    state.isOnline = false
    await beacons.reconcile()
    await beacons.reconcile()
    expect([orders, beacons.current()[0]?.fault]).toEqual([[], expect.stringContaining('offline')])
    state.isOnline = true
    await beacons.reconcile()
    expect(orders).toEqual(['7/beacon true'])
    expect(logged).toEqual(['a beacon is not as it should be', 'the beacon is as it should be again'])
  })

  it('tries again what was not confirmed, and switches an output whose state is not known', async () => {
    const { beacons, orders, state } = bench()
    state.alarms = [alarm()]
    state.value = null
    state.fails = true
    await beacons.reconcile()
    expect(beacons.current()[0]).toMatchObject({ isOn: null, fault: 'not confirmed' })
    state.fails = false
    await beacons.reconcile()
    expect(orders).toEqual(['7/beacon true', '7/beacon true'])
  })

  it('sees what happened while it was switching', async () => {
    const { beacons, orders, state } = bench()
    let open = (): void => undefined
    state.gate = new Promise((resolve) => {
      open = resolve
    })
    state.alarms = [alarm()]
    const first = beacons.reconcile()
    await new Promise((resolve) => setImmediate(resolve))
    state.alarms = []
    const second = beacons.reconcile()
    open()
    await Promise.all([first, second])
    expect(orders).toEqual(['7/beacon true', '7/beacon false'])
  })

  it('two channels on one beacon do not fight; an unknown output does not stop the others', async () => {
    const { beacons, orders, state } = bench()
    state.beacons = [settings({ key: 'nothing' }), settings({ minPriority: 'low' }), settings({ minPriority: 'critical' })]
    state.alarms = [alarm({ priority: 'low' })]
    await beacons.reconcile()
    await beacons.reconcile()
    expect(orders).toEqual(['7/beacon true'])
    expect(beacons.current().map(({ key, fault }) => [key, fault === null])).toEqual([
      ['nothing', false],
      ['beacon', true],
    ])
  })

  it('leaves the beacon alone once it is stopped', async () => {
    const { beacons, orders, state } = bench()
    await beacons.stop()
    state.alarms = [alarm()]
    await beacons.reconcile()
    expect(orders).toEqual([])
  })

  it('reads the standing alarms from the database', async () => {
    const db = await openDatabase(':memory:')
    const row = { source: 'node', sourceId: 1, condition: 'node-offline', priority: 'high', roomId: null, deviceId: null, pointId: null }
    const rest = { valueJson: 'null', limitJson: 'null', raisedAtMs: 1, recordedAtMs: 1, lastEventAtMs: 1, late: 0, active: 1 }
    for (const [index, state] of ['NORM', 'UNACK', 'ACKED', 'RTNUN'].entries())
      await db
        .insertInto('alarm')
        .values({ ...row, ...rest, sourceId: index, state })
        .execute()
    expect((await standingAlarmsOf(db)).map(({ state }) => state).sort()).toEqual(['ACKED', 'RTNUN', 'UNACK'])
    await db.destroy()
  })
})
