import { useTranslation } from 'react-i18next'
import { numberText } from '../live/value-text.ts'
import type { HeatScale, MapKind } from './heat-scale.ts'

const STEPS = 48

/** The colours with their values, the limits in force, and what the map does not know. */
export function HeatLegend({ scale, kind, unit, reach }: { scale: HeatScale; kind: MapKind; unit: string; reach: number }) {
  const { t } = useTranslation('plan')
  const share = (value: number) => (100 * (value - scale.from)) / (scale.to - scale.from)
  const stops = Array.from({ length: STEPS + 1 }, (_, step) => {
    const value = scale.from + ((scale.to - scale.from) * step) / STEPS
    return `rgb(${scale.colourOf(value).join(' ')}) ${((100 * step) / STEPS).toFixed(1)}%`
  })
  const limits = [
    { name: t('legend.low'), value: scale.low },
    { name: t('legend.high'), value: scale.high },
  ].filter((limit): limit is { name: string; value: number } => limit.value !== null)
  return (
    <div className="plan-legend">
      <div className="plan-legend-bar" style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}>
        {limits.map(({ name, value }) => (
          <span key={name} className="plan-legend-limit" style={{ left: `${share(value)}%` }} />
        ))}
      </div>
      <div className="plan-legend-ticks">
        <span className="plan-legend-tick" style={{ left: 0, transform: 'none' }}>
          {numberText(Math.round(scale.from))}
        </span>
        {limits.map(({ name, value }) => (
          <span key={name} className="plan-legend-tick" style={{ left: `${share(value)}%` }}>
            <b>{numberText(value)}</b> {name}
          </span>
        ))}
        <span className="plan-legend-tick" style={{ right: 0, transform: 'none' }}>
          {numberText(Math.round(scale.to))} {unit}
        </span>
      </div>
      <ul className="plan-legend-notes">
        {limits.length === 0 && <li>{t('legend.noLimits')}</li>}
        <li>{t(kind === 'temperature' ? 'legend.estimate' : 'legend.estimateHumidity', { reach: numberText(reach) })}</li>
        <li>
          <svg width="22" height="12" aria-hidden="true">
            <circle className="plan-dot" cx="5" cy="6" r="3.5" />
            <circle className="plan-dot plan-hollow" cx="16" cy="6" r="3.5" />
          </svg>
          {t('legend.hollow')}
        </li>
      </ul>
    </div>
  )
}
