import { describe, expect, it } from 'vitest'
import { MUTE_MS, muteOf, soundDecision } from './sound-decision.ts'

const high = { id: 1, state: 'UNACK', priority: 'high', drill: false } as const
const critical = { id: 2, state: 'UNACK', priority: 'critical', drill: false } as const
const drill = { id: 3, state: 'UNACK', priority: 'medium', drill: true } as const
const base = { alarms: [high], isOnDuty: true, mute: null, nowMs: 1000 }

describe('sound decision', () => {
  it('sounds for an unacknowledged high or critical alarm until it is acknowledged', () => {
    expect(soundDecision(base)).toEqual({ state: 'sounding', count: 1, tone: 'high' })
    expect(soundDecision({ ...base, alarms: [high, critical] })).toEqual({ state: 'sounding', count: 2, tone: 'critical' })
    expect(soundDecision({ ...base, alarms: [{ ...high, state: 'ACKED' }] })).toEqual({ state: 'quiet' })
  })
  it('goes on when the condition has gone but nobody has acknowledged', () => {
    expect(soundDecision({ ...base, alarms: [{ ...high, state: 'RTNUN' }] }).state).toBe('sounding')
  })
  it.each(['SHLVD', 'DSUPR', 'OOSRV'] as const)('is quiet for %s, and sounds again when it is released and still stands', (state) => {
    expect(soundDecision({ ...base, alarms: [{ ...critical, state }] })).toEqual({ state: 'quiet' })
    expect(soundDecision({ ...base, alarms: [critical] }).state).toBe('sounding')
  })
  it('is quiet for low and medium', () => {
    expect(soundDecision({ ...base, alarms: [{ ...high, priority: 'medium' }] })).toEqual({ state: 'quiet' })
  })
  it('sounds only for people on duty', () => {
    expect(soundDecision({ ...base, isOnDuty: false })).toEqual({ state: 'off-duty', count: 1 })
  })
  it('is muted for two minutes at most, then sounds again', () => {
    const mute = muteOf([high], 1000)
    expect(soundDecision({ ...base, mute }).state).toBe('muted')
    expect(soundDecision({ ...base, mute, nowMs: 1000 + MUTE_MS - 1 }).state).toBe('muted')
    expect(soundDecision({ ...base, mute, nowMs: 1000 + MUTE_MS }).state).toBe('sounding')
  })
  it('is not muted for an alarm raised after the mute', () => {
    expect(soundDecision({ ...base, alarms: [high, critical], mute: muteOf([high], 1000) }).state).toBe('sounding')
  })
  it('is not muted for an alarm that became more severe since, nor for one that was acknowledged or shelved then', () => {
    expect(soundDecision({ ...base, alarms: [{ ...high, priority: 'critical' }], mute: muteOf([high], 1000) }).state).toBe('sounding')
    for (const state of ['ACKED', 'SHLVD'] as const) {
      const mute = muteOf([high, { ...critical, state }], 1000)
      expect(soundDecision({ ...base, alarms: [high, critical], mute }).state, state).toBe('sounding')
    }
  })
  it('stays muted when an alarm becomes less severe', () => {
    expect(soundDecision({ ...base, alarms: [{ ...critical, priority: 'high' }], mute: muteOf([critical], 1000) }).state).toBe('muted')
  })
  it('sounds for a drill of any priority with a tone of its own, which a real alarm takes over', () => {
    expect(soundDecision({ ...base, alarms: [drill] })).toEqual({ state: 'sounding', count: 1, tone: 'drill' })
    expect(soundDecision({ ...base, alarms: [drill, high] })).toEqual({ state: 'sounding', count: 2, tone: 'high' })
    expect(soundDecision({ ...base, alarms: [{ ...drill, state: 'ACKED' }] })).toEqual({ state: 'quiet' })
  })
})
