import type { Notice } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { summaryOf, toldLines } from './told.ts'

const notice = (changes: Partial<Notice>): Notice => ({
  id: 1,
  alarmId: 7,
  incidentId: null,
  kind: 'raise',
  state: 'sent',
  channel: { id: 1, kind: 'mail', label: 'Mail' },
  person: { accountId: 3, name: 'Zhang' },
  address: 'zhang@example.org',
  title: 'Too hot',
  text: 'Too hot',
  tier: 0,
  createdAtMs: 1000,
  nextAttemptAtMs: null,
  deadlineAtMs: 900_000,
  finishedAtMs: null,
  answer: '',
  attempts: [],
  ...changes,
})
const attempt = (endedAtMs: number | null, outcome: 'sent' | 'failed' | 'unknown', text = '') => ({
  startedAtMs: (endedAtMs ?? 5000) - 100,
  endedAtMs,
  outcome,
  text,
})

describe('toldLines', () => {
  it('lists every attempt of all notices by time, what is to come last', () => {
    const lines = toldLines([
      notice({ id: 1, attempts: [attempt(2000, 'failed', '421 busy'), attempt(9000, 'sent', '250 ok')] }),
      notice({ id: 2, kind: 'escalation', tier: 1, state: 'pending', nextAttemptAtMs: 4000, attempts: [attempt(3000, 'unknown')] }),
    ])
    expect(lines.map(({ what, atMs, notice: { id } }) => [id, what, atMs])).toEqual([
      [1, 'failed', 2000],
      [2, 'unknown', 3000],
      [1, 'sent', 9000],
      [2, 'waiting', 4000],
    ])
  })

  it('an attempt that has not ended is running, and waits for nothing', () => {
    expect(toldLines([notice({ state: 'pending', attempts: [attempt(null, 'unknown')] })]).map(({ what }) => what)).toEqual(['running'])
  })

  it('an end without an attempt is shown with its reason', () => {
    const ends = toldLines([
      notice({ id: 1, state: 'failed', finishedAtMs: 5000, answer: 'time over' }),
      notice({ id: 2, state: 'cancelled', finishedAtMs: 6000, answer: 'acknowledged' }),
    ])
    expect(ends.map(({ what, text, atMs }) => [what, text, atMs])).toEqual([
      ['failed', 'time over', 5000],
      ['cancelled', 'acknowledged', 6000],
    ])
  })
})

describe('summaryOf', () => {
  it('counts people once, places apart, and not who was told that it is over', () => {
    expect(
      summaryOf([
        notice({ id: 1 }),
        notice({ id: 2, channel: { id: 2, kind: 'sms-modem', label: 'SMS' } }),
        notice({ id: 3, person: null, channel: { id: 3, kind: 'wecom', label: 'Group' } }),
        notice({ id: 4, state: 'failed', person: { accountId: 4, name: 'Li' } }),
        notice({ id: 5, kind: 'clear', person: { accountId: 5, name: 'Wu' } }),
      ]),
    ).toEqual({ people: 1, places: 1, failed: 1, pending: 0 })
  })
})
