import { DAY_MS, HOUR_MS } from '../hours.ts'

/**
 * Further from where it should be the clock is doubted: a little more than a day, so that neither a night without power nor a clock that was
 * set by the wrong zone is one. As much too early readings may be deleted.
 */
const UNDOUBTED_MS = 26 * HOUR_MS
/** A doubted clock is believed after the server has run with it for so long: time enough for somebody to set it right. */
export const DOUBT_MS = 7 * DAY_MS
/** Readings are this much older than the clock says at most: on their way, or of an agent whose clock is behind. */
const READING_AGE_MS = HOUR_MS

/** What is known of the time by which old readings are deleted. Kept over restarts. */
export interface BelievedClock {
  /** The time at the last look. */
  believedMs: number
  /** How long the server has run while the clock said otherwise; 0 = it does not. */
  doubtedForMs: number
  /** Of the newest reading; undefined = none has come yet. */
  newestReadingMs: number | undefined
}

interface ClockLook {
  clockMs: number
  /** Really passed since the look before, by a clock that nobody sets; 0 at the first one after a start. */
  elapsedMs: number
  /** Of what came since the start. */
  newestReadingMs: number | undefined
}

/**
 * Believes the clock when it stands about where the time that really passed has brought it, or has not for a week of running. Time while the
 * server is off cannot be told from a leap, so after a month off nothing is deleted for that week. A clock that leaps and comes back within
 * it changes nothing; restarts in between are no matter.
 */
export function believeClock(before: BelievedClock | undefined, { clockMs, elapsedMs, newestReadingMs }: ClockLook): BelievedClock {
  const newest = Math.max(before?.newestReadingMs ?? Number.NEGATIVE_INFINITY, newestReadingMs ?? Number.NEGATIVE_INFINITY)
  // What an agent's clock says of the time to come is no evidence.
  const newestMs = newest === Number.NEGATIVE_INFINITY ? undefined : Math.min(newest, clockMs)
  const passedMs = (before?.believedMs ?? clockMs) + elapsedMs
  if (Math.abs(clockMs - passedMs) <= UNDOUBTED_MS) return { believedMs: clockMs, doubtedForMs: 0, newestReadingMs: newestMs }
  // At least one, so that a doubt is one from its first look on.
  const doubtedForMs = Math.max(1, (before?.doubtedForMs ?? 0) + elapsedMs)
  return doubtedForMs >= DOUBT_MS
    ? { believedMs: clockMs, doubtedForMs: 0, newestReadingMs: newestMs }
    : { believedMs: passedMs, doubtedForMs, newestReadingMs: newestMs }
}

/**
 * The time by which readings are old enough to be deleted: the clock's, the believed one's or a little after the newest reading, whichever is
 * earliest. undefined: no reading has ever come, so there is nothing to tell it by.
 */
export function deletingTimeMs({ believedMs, newestReadingMs }: BelievedClock, clockMs: number): number | undefined {
  return newestReadingMs === undefined ? undefined : Math.min(clockMs, believedMs, newestReadingMs + READING_AGE_MS)
}

/** What people are told while the clock is doubted; '' = it is believed. */
export function doubtMessage({ believedMs, doubtedForMs }: BelievedClock, clockMs: number): string {
  if (doubtedForMs === 0) return ''
  const days = (ms: number): string => String(Math.round((ms / DAY_MS) * 10) / 10)
  const [apart, left] = [days(Math.abs(clockMs - believedMs)), days(DOUBT_MS - doubtedForMs)]
  const [zh, en] = clockMs > believedMs ? ['快', 'ahead of'] : ['慢', 'behind']
  return (
    `服务器时钟比实际经过的时间${zh} ${apart} 天，因此暂不按它清理旧读数：时钟若有误请校准；若无误（例如长期关机后）无需处理，再运行 ${left} 天即恢复 / ` +
    `the server's clock is ${apart} days ${en} the time that really passed, so old readings are not deleted by it: set the clock if it is wrong; ` +
    `if it is right (after a long time off, say) nothing is to be done, it goes on after ${left} more days of running`
  )
}
