import { describe, expect, it } from 'vitest'
import { desktopNotice } from './desktop-notice.ts'

const high = { id: 1, state: 'UNACK', priority: 'high', drill: false } as const
const critical = { id: 2, state: 'RTNUN', priority: 'critical', drill: false } as const
const base = { alarms: [high], isOnDuty: true, isHidden: true, shownIds: new Set<number>() }

describe('desktop notice', () => {
  it('comes while the page is hidden, once for each alarm', () => {
    expect(desktopNotice(base)).toEqual({ action: 'show', alarms: [high] })
    expect(desktopNotice({ ...base, shownIds: new Set([1]) })).toEqual({ action: 'keep' })
    expect(desktopNotice({ ...base, alarms: [high, critical], shownIds: new Set([1]) })).toEqual({
      action: 'show',
      alarms: [high, critical],
    })
  })
  it('does not come while the page is seen', () => {
    expect(desktopNotice({ ...base, isHidden: false })).toEqual({ action: 'keep' })
  })
  it('goes when all are acknowledged, hidden or not, and off duty', () => {
    const acknowledged = { ...base, alarms: [{ ...high, state: 'ACKED' as const }], shownIds: new Set([1]) }
    expect(desktopNotice(acknowledged)).toEqual({ action: 'close' })
    expect(desktopNotice({ ...acknowledged, isHidden: false })).toEqual({ action: 'close' })
    expect(desktopNotice({ ...base, isOnDuty: false, shownIds: new Set([1]) })).toEqual({ action: 'close' })
  })
  it('is not for low and medium', () => {
    expect(desktopNotice({ ...base, alarms: [{ ...high, priority: 'medium' }] })).toEqual({ action: 'close' })
  })
  it('goes when the alarm is shelved, and comes again when it is released', () => {
    expect(desktopNotice({ ...base, alarms: [{ ...high, state: 'SHLVD' as const }], shownIds: new Set([1]) })).toEqual({ action: 'close' })
    expect(desktopNotice(base).action).toBe('show')
  })
  it('comes for a drill of any priority', () => {
    expect(desktopNotice({ ...base, alarms: [{ ...high, priority: 'low' as const, drill: true }] }).action).toBe('show')
  })
})
