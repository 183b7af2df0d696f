import type { ThermalRunning } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useNowMs } from '../../ui/use-now.ts'
import { clockText, comparedAs, isRough, isWide, minutesLeft, plusMinusMinutes } from './countdown.ts'

/** The loss in one line: “32 °C at 03:42 ± 2 min”, “UPS 18 min left”, “heat is the nearer limit”. */
export function useSummary(running: ThermalRunning): string[] {
  const { t } = useTranslation('thermal')
  const nowMs = useNowMs()
  const { forecast, limitCelsius: limit, celsius, upses } = running
  const parts: string[] = []
  if (forecast !== null && limit === null) parts.push(t('summary.heatUnknownShort'))
  else if (forecast?.kind === 'unknown') parts.push(t('summary.heatUnknown', { limit }))
  else if (forecast?.kind === 'never') parts.push(t('summary.heatNever', { limit, celsius: Math.round(forecast.settlesAtCelsius) }))
  else if (forecast?.kind === 'at') {
    const isReached = celsius !== null && limit !== null && celsius >= limit
    if (isReached) parts.push(t('summary.heatReached', { limit }))
    else if (isRough(forecast, nowMs)) parts.push(t('summary.heatRough', { limit, time: clockText(forecast.atMs, nowMs) }))
    else if (isWide(forecast, nowMs)) parts.push(t('summary.heatWide', { limit, from: clockText(forecast.earliestMs, nowMs) }))
    else parts.push(t('summary.heat', { limit, time: clockText(forecast.atMs, nowMs), minutes: plusMinusMinutes(forecast) }))
  }
  const ups = upses[0]
  if (ups?.emptyAtMs === null) parts.push(t('summary.upsUnknown'))
  else if (ups && ups.emptyAtMs <= nowMs) parts.push(t('summary.upsEmpty'))
  else if (ups) parts.push(t('summary.ups', { minutes: minutesLeft(ups.emptyAtMs, nowMs) }))
  const compared = comparedAs(running)
  if (compared !== null) parts.push(t(`summary.nearer.${compared}`))
  return parts
}
