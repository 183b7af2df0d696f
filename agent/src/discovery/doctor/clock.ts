import { type Finding, ok, problem } from './finding.ts'

const SUBJECT = '时钟 · clock'
/** Before this was written: a box without a battery-backed clock starts in 1970, or at its firmware's date. */
const FIRST_YEAR = 2025
/** Beyond the life of any box; a clock set by hand to 2205 has been seen to be a slip for 2025. */
const LAST_YEAR = 2099

/** Is the year one that can be? How far the clock is off within it is not checked. */
export function checkClock(clock: { nowMs(): number }): Finding {
  const now = new Date(clock.nowMs())
  const year = now.getUTCFullYear()
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return ok(SUBJECT, now.toISOString())
  return problem(
    SUBJECT,
    `${now.toISOString()} 不可能 · cannot be now`,
    '校准时钟并启用 NTP：timedatectl set-ntp true · set the clock and turn NTP on',
  )
}
