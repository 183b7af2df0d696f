import type { Recurrence } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { hasDaylightSaving, nextOccurrences, zonedText } from './occurrences.ts'
import { useRecurrenceWords } from './use-recurrence-words.ts'

const SHOWN = 3
const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

interface Props {
  recurrence: Recurrence
  timeZone: string
  nowMs: number
}

/** The next times of a window as sentences, so that a wrong day or zone is seen before it is saved. */
export function NextTimes({ recurrence, timeZone, nowMs }: Props) {
  const { t } = useTranslation('life')
  const recurrenceWords = useRecurrenceWords()
  const times = nextOccurrences(recurrence, timeZone, nowMs, SHOWN)
  return (
    <div className="next-times" data-testid="next-times">
      <b>{recurrenceWords.text(recurrence)}</b>
      {times.length === 0 ? (
        <p className="next-over">{t('windows.over')}</p>
      ) : (
        <ol>
          {times.map(({ fromMs, toMs, clock }) => (
            <li key={fromMs}>
              {zonedText(fromMs, timeZone)} –{' '}
              {zonedText(toMs, timeZone).slice(
                zonedText(fromMs, timeZone).slice(0, 10) === zonedText(toMs, timeZone).slice(0, 10) ? 11 : 5,
              )}
              {fromMs <= nowMs && <b> {t('windows.openNow')}</b>}
              {timeZone !== BROWSER_ZONE && <span className="muted"> {t('windows.here', { time: zonedText(fromMs, BROWSER_ZONE) })}</span>}
              {clock !== 'plain' && <span className="next-clock"> {t(`windows.clock.${clock}`)}</span>}
            </li>
          ))}
        </ol>
      )}
      {recurrence.kind !== 'once' && (
        <span className="muted">{t(hasDaylightSaving(timeZone, nowMs) ? 'windows.dst' : 'windows.noDst', { timeZone })}</span>
      )}
    </div>
  )
}
