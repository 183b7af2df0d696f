import { describe, expect, it } from 'vitest'
import { MUTE_MS, soundDecision } from './sound-decision.ts'

const high = { id: 1, state: 'UNACK', priority: 'high' } as const
const critical = { id: 2, state: 'UNACK', priority: 'critical' } as const
const base = { alarms: [high], isOnDuty: true, mute: null, nowMs: 1000 }

describe('sound decision', () => {
  it('sounds for an unacknowledged high or critical alarm until it is acknowledged', () => {
    expect(soundDecision(base)).toEqual({ state: 'sounding', count: 1, isCritical: false })
    expect(soundDecision({ ...base, alarms: [high, critical] })).toEqual({ state: 'sounding', count: 2, isCritical: true })
    expect(soundDecision({ ...base, alarms: [{ ...high, state: 'ACKED' }] })).toEqual({ state: 'quiet' })
  })
  it('goes on when the condition has gone but nobody has acknowledged', () => {
    expect(soundDecision({ ...base, alarms: [{ ...high, state: 'RTNUN' }] }).state).toBe('sounding')
  })
  it('is quiet for low and medium', () => {
    expect(soundDecision({ ...base, alarms: [{ ...high, priority: 'medium' }] })).toEqual({ state: 'quiet' })
  })
  it('sounds only for people on duty', () => {
    expect(soundDecision({ ...base, isOnDuty: false })).toEqual({ state: 'off-duty', count: 1 })
  })
  it('is muted for two minutes at most, then sounds again', () => {
    const mute = { untilMs: 1000 + MUTE_MS, alarmIds: [1] }
    expect(soundDecision({ ...base, mute }).state).toBe('muted')
    expect(soundDecision({ ...base, mute, nowMs: 1000 + 120_000 }).state).toBe('sounding')
  })
  it('is not muted for an alarm raised after the mute', () => {
    const mute = { untilMs: 100_000, alarmIds: [1] }
    expect(soundDecision({ ...base, alarms: [high, critical], mute }).state).toBe('sounding')
  })
})
