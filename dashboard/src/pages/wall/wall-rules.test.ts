import { describe, expect, it } from 'vitest'
import { isAnswerOld, isNight, mayReload, mostUrgentFirst, wallSettings } from './wall-rules.ts'

describe('the address of the wall', () => {
  it('has defaults, and takes seconds, rooms and the mode', () => {
    expect(wallSettings(new URLSearchParams())).toEqual({ seconds: 15, roomIds: [], mode: 'auto' })
    expect(wallSettings(new URLSearchParams('seconds=8&rooms=2,5&mode=night'))).toEqual({ seconds: 8, roomIds: [2, 5], mode: 'night' })
  })
  it('counts nonsense as not given', () => {
    expect(wallSettings(new URLSearchParams('seconds=-1&rooms=a,,3&mode=dusk'))).toEqual({ seconds: 15, roomIds: [3], mode: 'auto' })
    expect(wallSettings(new URLSearchParams('seconds=0.0001')).seconds).toBe(0.05)
  })
})

describe('night on the wall', () => {
  it('is from 20:00 to 07:00 unless the address says otherwise', () => {
    expect([19, 20, 23, 0, 6, 7].map((hour) => isNight('auto', hour))).toEqual([false, true, true, true, true, false])
    expect([isNight('night', 12), isNight('day', 23)]).toEqual([true, false])
  })
})

describe('the nightly reload', () => {
  const ready = { hour: 4, alarms: 0, isLive: true, hasNewVersion: true }
  it('takes a new version at 04:00', () => {
    expect(mayReload(ready)).toBe(true)
  })
  it.each([{ hour: 5 }, { hour: 3 }, { alarms: 1 }, { isLive: false }, { hasNewVersion: false }])('does not with %o', (change) => {
    expect(mayReload({ ...ready, ...change })).toBe(false)
  })
})

describe('the few alarms that are shown', () => {
  const alarm = (name: string, change: Partial<Parameters<typeof mostUrgentFirst>[0]>) => ({
    name,
    ...{ state: 'UNACK' as const, priority: 'high' as const, drill: false, raisedAtMs: 1000 },
    ...change,
  })
  it('are the unacknowledged, the real and the severe ones before those that have waited longer', () => {
    const alarms = [
      alarm('acknowledged', { state: 'ACKED', priority: 'critical', raisedAtMs: 0 }),
      alarm('drill', { drill: true, priority: 'critical', raisedAtMs: 0 }),
      alarm('late', { raisedAtMs: 3000 }),
      alarm('early', {}),
      alarm('severe', { priority: 'critical', raisedAtMs: 4000 }),
    ]
    expect(alarms.sort(mostUrgentFirst).map(({ name }) => name)).toEqual(['severe', 'early', 'late', 'drill', 'acknowledged'])
  })
})

describe('an answer of the server', () => {
  it('is old after three reads that brought none', () => {
    expect([isAnswerOld(1000, 46_000), isAnswerOld(1000, 46_001)]).toEqual([false, true])
  })
})
