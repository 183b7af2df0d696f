import { useTranslation } from 'react-i18next'
import { durationText } from './drill-steps.ts'

/** A measured duration; a dash when there is none. */
export function Duration({ ms }: { ms: number | null }) {
  const { t } = useTranslation('life')
  if (ms === null) return <span className="muted">—</span>
  const text = durationText(ms)
  if (text.unit === 'milliseconds') return <span className="nowrap">{t('duration.milliseconds', text.values)}</span>
  if (text.unit === 'seconds') return <span className="nowrap">{t('duration.seconds', text.values)}</span>
  if (text.unit === 'minutes') return <span className="nowrap">{t('duration.minutes', text.values)}</span>
  return <span className="nowrap">{t('duration.hours', text.values)}</span>
}
