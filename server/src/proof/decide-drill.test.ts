import { describe, expect, it } from 'vitest'
import { ALARM_WITHIN_MS, type DrillFacts, decideDrill } from './decide-drill.ts'

const MINUTE_MS = 60_000
const facts = (more: Partial<DrillFacts>): DrillFacts => ({
  startedAtMs: 0,
  failsAfterMs: 30 * MINUTE_MS,
  raisedAtMs: 20,
  acknowledged: null,
  notices: { sent: 1, failed: 0, pending: 0 },
  trouble: '',
  ...more,
})
const person = { atMs: 5 * MINUTE_MS, person: '李娜' }
const NOBODY = { sent: 0, failed: 0, pending: 0 }

describe('a drill', () => {
  it.each([
    ['waits for its alarm', facts({ raisedAtMs: null }), ALARM_WITHIN_MS - 1, 'running'],
    [
      'fails without an alarm',
      facts({ raisedAtMs: null, trouble: 'refused' }),
      ALARM_WITHIN_MS,
      'no alarm came of the test reading: refused',
    ],
    ['waits for a person', facts({}), 30 * MINUTE_MS - 1, 'running'],
    ['fails when nobody acknowledges', facts({}), 30 * MINUTE_MS, 'nobody acknowledged within 30 min'],
    ['names the channels when none took a notice', facts({ notices: NOBODY }), 30 * MINUTE_MS, 'no channel took a notice'],
    ['passes with an acknowledgement', facts({ acknowledged: person }), 30 * MINUTE_MS, 'passed'],
    ['passes in the browser alone when nothing was to be sent', facts({ acknowledged: person, notices: NOBODY }), MINUTE_MS, 'passed'],
    [
      'does not pass in the browser when every channel failed',
      facts({ acknowledged: person, notices: { ...NOBODY, failed: 2 } }),
      MINUTE_MS,
      'acknowledged in a browser, but no channel took a notice',
    ],
  ])('%s', (_what, given, nowMs, expected) => {
    const decision = decideDrill(given, nowMs)
    expect(decision.state === 'failed' ? decision.reason.en : decision.state).toBe(expected)
  })
})
