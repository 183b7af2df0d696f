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

/** A span in its largest fitting unit: the unit's name and the count, for a dictionary entry to word. */
export function spanOf(spanMs: number): { unit: 'seconds' | 'minutes' | 'hours' | 'days'; count: number } {
  const seconds = Math.max(0, Math.floor(spanMs / 1000))
  if (seconds < 100) return { unit: 'seconds', count: seconds }
  const minutes = Math.floor(seconds / 60)
  if (minutes < 100) return { unit: 'minutes', count: minutes }
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? { unit: 'hours', count: hours } : { unit: 'days', count: Math.floor(hours / 24) }
}
