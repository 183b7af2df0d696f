import dayjs from 'dayjs'

/** `2026-03-05 14:02:07`, this computer's time zone. */
export function dateTimeText(ms: number): string {
  return dayjs(ms).format('YYYY-MM-DD HH:mm:ss')
}

/** Time alone for today, with the date for other days; `now` in the same clock as `ms`. */
export function shortTimeText(ms: number, nowMs: number): string {
  const time = dayjs(ms)
  const now = dayjs(nowMs)
  if (time.isSame(now, 'day')) return time.format('HH:mm:ss')
  return time.isSame(now, 'year') ? time.format('MM-DD HH:mm') : time.format('YYYY-MM-DD HH:mm')
}

/** A span in its largest fitting unit: the unit's name and the count, for a dictionary entry to word. Ages round down; what is left rounds to the nearest. */
export function spanOf(
  spanMs: number,
  round: (count: number) => number = Math.floor,
): { unit: 'seconds' | 'minutes' | 'hours' | 'days'; count: number } {
  const seconds = Math.max(0, round(spanMs / 1000))
  if (seconds < 100) return { unit: 'seconds', count: seconds }
  const minutes = round(seconds / 60)
  if (minutes < 100) return { unit: 'minutes', count: minutes }
  const hours = round(seconds / 3600)
  return hours < 48 ? { unit: 'hours', count: hours } : { unit: 'days', count: round(seconds / 86_400) }
}

/** `2026-03-05`, this computer's time zone. */
export function dateText(ms: number): string {
  return dayjs(ms).format('YYYY-MM-DD')
}
