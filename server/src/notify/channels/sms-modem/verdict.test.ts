import { describe, expect, it } from 'vitest'
import { refusalOf, stuckError } from './verdict.ts'

describe('refusalOf', () => {
  it.each([
    ['+CMS ERROR: 500 (Unknown error)', 'unreachable'],
    ['+CMS ERROR: 38 (Network out of order)', 'unreachable'],
    ['+CMS ERROR: 1 (Unassigned (unallocated) number)', 'recipient'],
    ['+CMS ERROR: 21 (Short message transfer rejected)', 'refused'],
    ['+CMS ERROR: 310 (SIM not inserted)', 'configuration'],
    ['+CME ERROR: 11 (SIM PIN required)', 'configuration'],
    ['+CMS ERROR: 330 (SMSC address unknown)', 'configuration'],
    ['', 'unreachable'],
  ])('%s is %s', (reason, kind) => {
    const error = refusalOf(reason, undefined)
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(reason)
  })

  it('adds what the carrier wrote when the carrier refuses', () => {
    expect(refusalOf('+CMS ERROR: 21', '余额不足').message).toContain('“余额不足”')
    expect(refusalOf('+CMS ERROR: 500', '余额不足').message).not.toContain('余额不足')
  })
})

describe('stuckError', () => {
  const START = '2026-11-23 01:24:45,2, smsd: Smsd v3.1.21 started.'
  const LOCKED = '2026-11-23 01:24:45,2, GSM1: Your SIM is locked. Unlock it manually'
  const ENDED = '2026-11-23 01:24:45,2, GSM1: Modem handler 0 terminated abnormally. PID: 7437, was started 26-11-23 01:24:45, up 0 min.'
  const SENT = '2026-11-23 01:24:52,5, GSM1: SMS sent, Message_id: 2, To: 8613800138000, sending time 1 sec.'
  const error = (...lines: string[]) => stuckError('checked', '/var/spool/sms', lines.join('\n'))

  it('gives the daemon’s reason, not its consequence', () => {
    expect(error(START, LOCKED, ENDED)).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/^smsd: GSM1: Your SIM is locked/),
    })
    expect(error(START, ENDED).message).toContain('systemctl restart smstools')
  })

  it('leaves troubles alone that are over', () => {
    for (const over of [START, SENT])
      expect(error(LOCKED, over)).toMatchObject({ kind: 'unreachable', message: expect.not.stringContaining('SIM') })
  })

  it('works without a log, and names the folder nobody empties', () => {
    expect(stuckError('sending', '/var/spool/sms', undefined).kind).toBe('unreachable')
    expect(stuckError('outgoing', '/var/spool/sms', undefined).message).toContain('/var/spool/sms/outgoing')
    const unreadable = stuckError('outgoing', '/s', '2026-11-23 01:38:13,3, smsd: Cannot read sms file /s/outgoing/roomkeeper-b.')
    expect(unreadable.kind).toBe('configuration')
  })
})
