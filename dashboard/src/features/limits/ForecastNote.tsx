import { ClockCircleOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { serverClock } from '../../client/clock.ts'
import { minutesUntil } from './forecast.ts'
import type { Forecast } from './use-forecasts.ts'
import './forecast.css'

/** “Reaches 27 ℃ in about 14 min”, while that is within the hour. */
export function ForecastNote({ point, forecast }: { point: Point; forecast: Forecast | undefined }) {
  const { t } = useTranslation()
  const minutes = forecast && minutesUntil(forecast.atMs, serverClock.nowMs())
  if (!forecast || minutes === undefined) return null
  return (
    <span className="forecast" data-testid={`forecast-${point.id}`}>
      <ClockCircleOutlined /> {t('live.reaches', { limit: `${forecast.limit} ${unitSymbol(point.unit)}`.trim(), minutes })}
    </span>
  )
}
