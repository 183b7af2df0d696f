import { ClockCircleOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { serverClock } from '../../client/clock.ts'
import { valueText } from '../live/value-text.ts'
import { minutesUntil } from './forecast.ts'
import type { Forecast } from './use-forecasts.ts'
import './forecast.css'

/** “27 ℃ in about 14 min”, while that is within the hour. */
export function ForecastNote({ point, forecast }: { point: Point; forecast: Forecast | undefined }) {
  const { t, i18n } = useTranslation()
  const minutes = forecast && minutesUntil(forecast.atMs, serverClock.nowMs())
  if (!forecast || minutes === undefined) return null
  // A run time is read in minutes, its limit too.
  const { text, unit } =
    point.kind === 'battery-runtime'
      ? valueText(point.kind, point.unit, forecast.limit, t, i18n.language)
      : { text: String(forecast.limit), unit: unitSymbol(point.unit) }
  return (
    <span className="forecast" data-testid={`forecast-${point.id}`}>
      <ClockCircleOutlined /> {t('live.reaches', { limit: `${text}\u00a0${unit}`.trim(), minutes })}
    </span>
  )
}
