const HOUR_MS = 3_600_000
/** Every zone's offset is a multiple of this. */
const QUARTER_MS = 15 * 60_000

/** The beginning of a range, and each midnight in it by the clock of a time zone; where daylight saving skips midnight, the day's first moment. */
export function localDayStarts(fromMs: number, toMs: number, timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const starts = [fromMs]
  let [hourMs, day] = [fromMs, format.format(fromMs)]
  while (hourMs < toMs) {
    const nextMs = hourMs + HOUR_MS
    const nextDay = format.format(nextMs)
    if (nextDay !== day) {
      // Days begin on whole quarters of an hour; the hours walked through need not.
      let quarterMs = Math.ceil((hourMs + 1) / QUARTER_MS) * QUARTER_MS
      while (format.format(quarterMs) === day) quarterMs += QUARTER_MS
      if (quarterMs < toMs) starts.push(quarterMs)
    }
    hourMs = nextMs
    day = nextDay
  }
  return starts
}
