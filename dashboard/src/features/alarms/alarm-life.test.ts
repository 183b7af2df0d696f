import type { Alarm } from '@roomkeeper/shared/http'
import { ALARM_STATES } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { adviceOf, mayBeShelved } from './alarm-advice.ts'
import { byCause, foldLow } from './alarm-groups.ts'
import { newsKeys } from './alarm-order.ts'
import { silencedOf } from './device-silence.ts'
import { silentUntil } from './hold-of-transition.ts'
import { holdTime, shiftEndMs } from './hold-times.ts'

const alarm = (over: Partial<Alarm>) =>
  ({
    state: 'UNACK',
    active: true,
    priority: 'low',
    roomId: 1,
    roomName: 'A',
    latching: false,
    drill: false,
    valueUnknown: null,
    ...over,
  }) as Alarm
const HOUR_MS = 3_600_000

describe('what to do about an alarm', () => {
  it('says one thing for each state', () => {
    const said = ALARM_STATES.map((state) => adviceOf(alarm({ state })))
    expect(said).toEqual(['over', 'act', 'seen', 'returned', 'silent-standing', 'consequence', 'silent-standing'])
  })
  it('asks for a reset only when a latching alarm has cleared', () => {
    expect(adviceOf(alarm({ state: 'RTNUN', latching: true }))).toBe('reset')
    expect(adviceOf(alarm({ state: 'ACKED', latching: true }))).toBe('seen-latching')
    expect(adviceOf(alarm({ state: 'UNACK', latching: true }))).toBe('act')
  })
  it('sends people to the sensor when nobody knows the value', () => {
    const valueUnknown = { sinceMs: 1, cause: 'device-offline' } as const
    expect(adviceOf(alarm({ valueUnknown }))).toBe('check-sensor')
    expect(adviceOf(alarm({ condition: 'sensor-suspect' }))).toBe('check-sensor')
  })
  it('tells a drill, and a silent alarm that has gone', () => {
    expect(adviceOf(alarm({ drill: true }))).toBe('drill')
    expect(adviceOf(alarm({ state: 'SHLVD', active: false }))).toBe('silent-gone')
  })
  it('offers shelving only for what stands', () => {
    expect(ALARM_STATES.filter((state) => mayBeShelved({ state }))).toEqual(['UNACK', 'ACKED'])
  })
})

describe('alarms folded together', () => {
  const cause = (alarmId: number) => ({ alarmId, condition: 'state', deviceName: 'UPS', deviceNameEn: 'UPS' }) as const
  it('puts consequences under their cause, the largest group first', () => {
    const groups = byCause([
      alarm({ id: 1, cause: cause(7) }),
      alarm({ id: 2, cause: cause(8) }),
      alarm({ id: 3, cause: cause(8) }),
      alarm({ id: 4, cause: null }),
    ])
    expect(groups.map((group) => [group.cause.alarmId, group.alarms.map(({ id }) => id)])).toEqual([
      [8, [2, 3]],
      [7, [1]],
    ])
  })
  it('folds low ones by room in a flood, keeps a lone one, drills and all others', () => {
    const { shown, folds } = foldLow([
      alarm({ id: 1, priority: 'critical' }),
      alarm({ id: 2 }),
      alarm({ id: 3 }),
      alarm({ id: 4, roomId: 2 }),
      alarm({ id: 5, drill: true }),
    ])
    expect(shown.map(({ id }) => id)).toEqual([1, 4, 5])
    expect(folds.map((fold) => [fold.roomId, fold.alarms.length])).toEqual([[1, 2]])
  })
})

describe('news', () => {
  it('is what stands unacknowledged, with how severe it is', () => {
    expect([...newsKeys([alarm({ id: 1, priority: 'high' }), alarm({ id: 2, state: 'ACKED' }), alarm({ id: 3, state: 'RTNUN' })])]).toEqual(
      [[1, 2]],
    )
  })
})

describe('until when an alarm is silent', () => {
  const base = { preset: '1h', customMs: undefined, nowMs: 0, shiftEndMs: undefined, maxHours: 4 } as const
  it('counts presets from now and keeps to the longest', () => {
    expect(holdTime(base)).toEqual({ ok: true, untilMs: HOUR_MS })
    expect(holdTime({ ...base, preset: '4h' })).toEqual({ ok: true, untilMs: 4 * HOUR_MS })
    expect(holdTime({ ...base, nowMs: 90_000.7 })).toEqual({ ok: true, untilMs: HOUR_MS + 60_000 })
    expect(holdTime({ ...base, preset: 'custom', customMs: 5 * HOUR_MS })).toEqual({ ok: false, problem: 'too-long' })
    expect(holdTime({ ...base, preset: 'custom', customMs: 4 * HOUR_MS + 20_000 })).toEqual({ ok: true, untilMs: 4 * HOUR_MS })
  })
  it('refuses what is missing, over, or without an end where one is needed', () => {
    expect(holdTime({ ...base, preset: 'custom' })).toEqual({ ok: false, problem: 'missing' })
    expect(holdTime({ ...base, preset: 'custom', customMs: -1 })).toEqual({ ok: false, problem: 'past' })
    expect(holdTime({ ...base, preset: 'shift' })).toEqual({ ok: false, problem: 'missing' })
    expect(holdTime({ ...base, preset: 'never' })).toEqual({ ok: false, problem: 'too-long' })
    expect(holdTime({ ...base, preset: 'never', maxHours: undefined })).toEqual({ ok: true, untilMs: null })
  })
  it('takes the end of the own shift before that of others', () => {
    const shifts = [
      { accountId: 1, fromMs: 0, toMs: 10 },
      { accountId: 2, fromMs: 0, toMs: 20 },
      { accountId: 1, fromMs: 30, toMs: 40 },
    ]
    expect(shiftEndMs(shifts, 1, 5)).toBe(10)
    expect(shiftEndMs(shifts, 9, 5)).toBe(20)
    expect(shiftEndMs(shifts, 1, 25)).toBeUndefined()
  })
})

describe('a device out of service', () => {
  const device = { id: 5, roomId: 2 }
  const hold = { kind: 'out-of-service', scope: 'device', scopeId: 5, untilMs: 10, reason: 'repair', endedAtMs: null } as const
  const window = { scope: 'room', scopeId: 2, current: { fromMs: 0, toMs: 20 }, title: 'test' } as const
  it('is so by a hold or an open window on it or its room; the longest counts', () => {
    expect(silencedOf(device, [hold], [])).toEqual({ untilMs: 10, reason: 'repair' })
    expect(silencedOf(device, [hold], [window])).toEqual({ untilMs: 20, reason: 'test' })
    expect(silencedOf(device, [hold, { ...hold, untilMs: null }], [window])?.untilMs).toBeNull()
  })
  it('is not by what is over, shelved, or about another', () => {
    expect(
      silencedOf(
        device,
        [
          { ...hold, endedAtMs: 3 },
          { ...hold, kind: 'shelve' },
          { ...hold, scopeId: 6 },
        ],
        [{ ...window, current: null }],
      ),
    ).toBeUndefined()
  })
})

describe('until when a transition made an alarm silent', () => {
  const hold = { kind: 'shelve', by: 'Li', reason: 'repair', fromMs: 100, untilMs: 900, endedAtMs: null } as const
  const shelved = { event: 'shelve', person: 'Li', note: 'repair', atMs: 100 }
  it('is the end of the hold by the same person for the same reason', () => {
    expect(silentUntil(shelved, [hold])).toBe(900)
    expect(silentUntil({ ...shelved, atMs: 60_000 }, [hold, { ...hold, fromMs: 50_000, untilMs: null }])).toBeNull()
  })
  it('is unknown without one', () => {
    expect(silentUntil({ ...shelved, person: 'Wang' }, [hold])).toBeUndefined()
    expect(silentUntil({ ...shelved, event: 'acknowledge' }, [hold])).toBeUndefined()
    expect(silentUntil({ ...shelved, atMs: 500 }, [{ ...hold, endedAtMs: 400 }])).toBeUndefined()
  })
})
