import type { Rehearsal } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { dateText } from '../../i18n/format.ts'

const HEIGHT = 60
const DAY_WIDTH = 8

/** Alarms per day, now and with the draft, side by side. */
export function DayBars({ byDay }: { byDay: Rehearsal['byDay'] }) {
  const { t } = useTranslation('limits')
  const most = Math.max(1, ...byDay.flatMap(({ now, draft }) => [now, draft]))
  const high = (count: number) => (count / most) * HEIGHT
  const first = byDay[0]
  const last = byDay.at(-1)
  return (
    <figure className="day-bars">
      <svg
        viewBox={`0 0 ${byDay.length * DAY_WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('rehearsal.byDay', { most })}
      >
        {byDay.map(({ dayMs, now, draft }, at) => (
          <g key={dayMs}>
            <title>{t('rehearsal.day', { day: dateText(dayMs), now, draft })}</title>
            <rect x={at * DAY_WIDTH} y={0} width={DAY_WIDTH} height={HEIGHT} className="bar-ground" />
            <rect x={at * DAY_WIDTH + 0.5} y={HEIGHT - high(now)} width={DAY_WIDTH / 2 - 0.5} height={high(now)} className="bar-now" />
            <rect
              x={at * DAY_WIDTH + DAY_WIDTH / 2}
              y={HEIGHT - high(draft)}
              width={DAY_WIDTH / 2 - 0.5}
              height={high(draft)}
              className="bar-draft"
            />
          </g>
        ))}
      </svg>
      <figcaption>
        <span>{first && dateText(first.dayMs)}</span>
        <span>
          <i className="bar-key bar-key-now" aria-hidden="true" /> {t('rehearsal.now')}
          <i className="bar-key bar-key-draft" aria-hidden="true" /> {t('rehearsal.draft')} · {t('rehearsal.byDay', { most })}
        </span>
        <span>{last && dateText(last.dayMs)}</span>
      </figcaption>
    </figure>
  )
}
