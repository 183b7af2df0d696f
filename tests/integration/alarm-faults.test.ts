import { expect, it } from 'vitest'
import { runClockJump } from '../faults/alarms/clock-jump.ts'
import { runDaylightSaving } from '../faults/alarms/daylight-saving.ts'
import { runSmtpDead } from '../faults/alarms/smtp-dead.ts'
import { missingProgram, PYTHON_PATH } from '../kit/services/require-program.ts'

// The short form of `npm run faults -- alarms`, without its flood and its kills.

const HOUR_MS = 3_600_000
const missing = missingProgram([PYTHON_PATH], 'python3-aiosmtpd')

it.skipIf(missing)(
  `a mail server that is dead for hours loses nothing, and brings no flood at its return${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const { mails_after, alarms, told_meanwhile, ...figures } = await runSmtpDead(5)
    expect(figures).toEqual({ lost: 0, duplicates: 0, unsent: 0, unsent_visible: true, channel_alarm: 'raised and cleared' })
    expect(told_meanwhile).toBeGreaterThan(5)
    // A call for each alarm and person at most, not one for each repetition.
    expect(mails_after).toBeLessThanOrEqual(2 * alarms + 10)
  },
)

it.each([
  ['is right', 0],
  ['is set forward by 6 h', 6 * HOUR_MS],
  ['is set back by 1 h', -HOUR_MS],
  ['is set back by 6 h', -6 * HOUR_MS],
])('a clock that %s loses no escalation, doubles none, and leaves nothing waiting', async (_what, jumpMs) => {
  expect(await runClockJump(jumpMs)).toMatchObject({ lost: 0, duplicates: 0, stuck: 0 })
})

it.each(['spring', 'autumn'] as const)(
  'maintenance windows and drills come once in the nights of %s in which the clock is changed',
  (season) => {
    expect(runDaylightSaving(season)).toEqual({ nights: 3, lost: 0, duplicates: 0, wrong: 0 })
  },
)
