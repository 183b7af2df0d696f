import { useTranslation } from 'react-i18next'
import { serverClock } from '../client/clock.ts'
import { dateTimeText, shortTimeText, spanOf } from '../i18n/format.ts'

/** A moment, short, with the full date on hover. */
export function Time({ ms }: { ms: number | null | undefined }) {
  if (ms === null || ms === undefined) return <span className="muted">—</span>
  return (
    <time className="nowrap" title={dateTimeText(ms)} dateTime={new Date(ms).toISOString()}>
      {shortTimeText(ms, serverClock.nowMs())}
    </time>
  )
}

/** A span of time in words. */
export function Span({ ms }: { ms: number }) {
  const { t } = useTranslation()
  const { unit, count } = spanOf(Math.abs(ms), Math.round)
  return <span className="nowrap">{t(`span.${unit}`, { count })}</span>
}
