import type { Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Empty, QueryView } from '../../ui/states.tsx'
import { valueText } from '../live/value-text.ts'

const MAX_READINGS = 5000

/** For states and contacts: when they changed and to what, newest first. */
export function ChangeList({ point, rangeMs }: { point: Point; rangeMs: number }) {
  const { t, i18n } = useTranslation()
  const words = useWords()
  const query = useQuery({
    queryKey: [...queries.history.readings.key(), point.id, rangeMs],
    queryFn: () => {
      const toMs = Math.floor(serverClock.nowMs())
      return api.history.readings({ pointId: point.id, fromMs: toMs - rangeMs, toMs, limit: MAX_READINGS })
    },
  })
  return (
    <QueryView query={query}>
      {(readings) => {
        const changes = readings
          .filter((reading, n) => n === 0 || reading.value !== readings[n - 1]?.value || reading.bad !== readings[n - 1]?.bad)
          .reverse()
        if (changes.length === 0) return <Empty>{t('history.noReadings')}</Empty>
        return (
          <ol className="change-list">
            {changes.map((reading) => (
              <li key={reading.timeMs}>
                <time>{dateTimeText(reading.timeMs)}</time>
                <span>{valueText(point.kind, point.unit, reading.value, t, i18n.language).text}</span>
                {reading.bad && <span className="mark mark-bad">{t('live.bad', { reason: words.reason(reading.bad) })}</span>}
              </li>
            ))}
          </ol>
        )
      }}
    </QueryView>
  )
}
