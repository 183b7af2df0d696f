import { describe, expect, it } from 'vitest'
import { type AlarmFacts, decideIncident, type OpenIncident, roomCauseOf } from './incident-rule.ts'

const MINUTE_MS = 60_000

function alarm(facts: Partial<AlarmFacts> = {}): AlarmFacts {
  return { source: 'point', sourceId: 1, condition: 'high', kind: 'temperature', value: 31, atMs: 0, roomId: 1, deviceId: 1, ...facts }
}

const onBattery = alarm({ sourceId: 20, condition: 'state', kind: 'ups-status', value: 'OB DISCHRG', deviceId: 2 })
const mainsLow = alarm({ sourceId: 21, condition: 'low', kind: 'voltage', value: 0, deviceId: 3 })
const coolingFault = alarm({ sourceId: 30, condition: 'state', kind: 'cooling-fault', value: true, deviceId: 4 })
const warm = alarm({ sourceId: 40, condition: 'high', kind: 'temperature', value: 28, deviceId: 5 })
const leak = alarm({ sourceId: 50, condition: 'state-critical', kind: 'leak', value: true, deviceId: 6 })

function incident(id: number, alarms: AlarmFacts[], facts: Partial<OpenIncident> = {}): OpenIncident {
  return {
    id,
    roomId: alarms[0]?.roomId ?? null,
    deviceId: alarms[0]?.deviceId ?? null,
    openedAtMs: alarms[0]?.atMs ?? 0,
    alarms,
    ...facts,
  }
}

describe('decideIncident', () => {
  it('opens one when nothing is open', () => {
    expect(decideIncident(alarm(), [])).toEqual({ action: 'open', reason: 'no-related-open-incident' })
  })

  it('joins the open incident of the same device, however old', () => {
    const old = incident(7, [{ ...leak, deviceId: 1 }])
    expect(decideIncident(alarm({ atMs: 100 * 24 * 60 * MINUTE_MS }), [old])).toEqual({
      action: 'join',
      incidentId: 7,
      reason: 'same-device',
    })
  })

  it('joins the incident that another alarm of the device has joined', () => {
    const shared = incident(7, [onBattery, warm])
    expect(decideIncident({ ...warm, condition: 'high-high', atMs: 5 * 60 * MINUTE_MS }, [shared])).toMatchObject({
      incidentId: 7,
      reason: 'same-device',
    })
  })

  it('joins by source where there is no device', () => {
    const node = alarm({ source: 'node', sourceId: 3, condition: 'node-offline', kind: null, roomId: null, deviceId: null })
    expect(decideIncident({ ...node, atMs: 1000 }, [incident(9, [node])])).toMatchObject({ incidentId: 9, reason: 'same-source' })
    expect(decideIncident({ ...node, sourceId: 4 }, [incident(9, [node])])).toMatchObject({ action: 'open' })
  })

  it('makes one incident of mains lost, UPS on battery, air conditioner off and the room warming', () => {
    const power = incident(1, [mainsLow])
    expect(decideIncident({ ...onBattery, atMs: 2000 }, [power])).toEqual({ action: 'join', incidentId: 1, reason: 'same-power-event' })
    expect(decideIncident({ ...coolingFault, atMs: 5000 }, [power])).toEqual({
      action: 'join',
      incidentId: 1,
      reason: 'cooling-lost-with-power',
    })
    expect(decideIncident({ ...warm, atMs: 20 * MINUTE_MS }, [power])).toEqual({ action: 'join', incidentId: 1, reason: 'room-warming' })
    expect(decideIncident({ ...warm, atMs: 29 * MINUTE_MS }, [incident(2, [coolingFault])])).toMatchObject({
      incidentId: 2,
      reason: 'room-warming',
    })
  })

  /** Every order in which the alarms of one event can become known. */
  function ordersOf<T>(items: readonly T[]): T[][] {
    if (items.length <= 1) return [[...items]]
    return items.flatMap((first, index) => ordersOf(items.toSpliced(index, 1)).map((rest) => [first, ...rest]))
  }

  it('makes one incident of them in whatever order they become known', () => {
    const event = [
      { ...mainsLow, atMs: 0 },
      { ...onBattery, atMs: 2000 },
      { ...coolingFault, atMs: 5000 },
      { ...warm, atMs: 20 * MINUTE_MS },
    ]
    const orders = ordersOf(event)
    expect(orders).toHaveLength(24)
    for (const [first, ...others] of orders) {
      if (!first) throw new Error('no alarm')
      const alarms = [first]
      for (const one of others) {
        const decision = decideIncident(one, [incident(1, alarms)])
        expect(decision, `${one.kind} after ${alarms.map(({ kind }) => kind)}`).toMatchObject({ action: 'join', incidentId: 1 })
        alarms.push(one)
      }
    }
  })

  it('makes one incident when the consequence is noticed a little before its cause', () => {
    expect(decideIncident({ ...onBattery, atMs: 90_000 }, [incident(1, [coolingFault])])).toMatchObject({
      reason: 'cooling-lost-with-power',
    })
    expect(decideIncident({ ...onBattery, atMs: 10 * MINUTE_MS }, [incident(1, [coolingFault])])).toMatchObject({ action: 'open' })
  })

  it.each([
    ['a drill', { state: 'UNACK', drill: true, causeIncidentId: 1 }, { action: 'none', reason: 'drill' }],
    ['a shelved alarm', { state: 'SHLVD', drill: false, causeIncidentId: null }, { action: 'none', reason: 'silenced' }],
    ['one that is out of service', { state: 'OOSRV', drill: false, causeIncidentId: null }, { action: 'none', reason: 'silenced' }],
    ['one suppressed under another', { state: 'DSUPR', drill: false, causeIncidentId: 9 }, { action: 'join', incidentId: 9 }],
    [
      'one suppressed under one without',
      { state: 'DSUPR', drill: false, causeIncidentId: null },
      { action: 'none', reason: 'cause-has-none' },
    ],
  ] as const)('opens none for %s', (_what, standing, expected) => {
    expect(decideIncident(alarm(), [], standing)).toMatchObject(expected)
  })

  it.each([
    ['later than 30 minutes', { ...warm, atMs: 31 * MINUTE_MS }],
    ['in another room', { ...warm, roomId: 2 }],
    ['a leak, which the mains do not explain', leak],
    ['a room that is too cold', { ...warm, condition: 'low-low' as const }],
    ['a UPS that only wants a new battery', { ...onBattery, deviceId: 9, value: 'OL RB' }],
  ])('opens its own for %s', (_what, facts) => {
    expect(decideIncident(facts, [incident(1, [mainsLow])])).toEqual({ action: 'open', reason: 'no-related-open-incident' })
  })

  it('takes a warm room for no cause of lost power', () => {
    expect(decideIncident(onBattery, [incident(1, [warm])])).toMatchObject({ action: 'open' })
  })

  it('measures the distance by the times of the alarms, also for one learnt of late', () => {
    const late = { ...onBattery, atMs: -10 * MINUTE_MS }
    expect(decideIncident(late, [incident(1, [mainsLow])])).toMatchObject({ incidentId: 1, reason: 'same-power-event' })
  })

  it('prefers the oldest incident, and the same device over the same event', () => {
    const older = incident(5, [mainsLow], { openedAtMs: -2 })
    const newer = incident(4, [mainsLow], { openedAtMs: -1 })
    expect(decideIncident(onBattery, [newer, older])).toMatchObject({ incidentId: 5 })
    const own = incident(8, [{ ...onBattery, condition: 'no-data', value: null }], { openedAtMs: 100 })
    expect(decideIncident(onBattery, [older, own])).toMatchObject({ incidentId: 8, reason: 'same-device' })
  })
})

describe('roomCauseOf', () => {
  it('reads tokens, not substrings', () => {
    expect(roomCauseOf({ kind: 'ups-status', condition: 'state', value: 'OL BOOST' })).toBeNull()
    expect(roomCauseOf({ kind: 'ups-status', condition: 'state-critical', value: 'OB LB' })).toBe('power')
  })
})
