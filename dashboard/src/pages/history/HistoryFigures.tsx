import { type DistributionBin, distribution, historyFigures } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../client/api.ts'
import { decimalsOf, isNumeric, numberText } from '../../features/live/value-text.ts'
import { dateTimeText, spanOf } from '../../i18n/format.ts'
import type { NamedPoint } from './HistoryPage.tsx'

type Rows = Awaited<ReturnType<Api['history']['buckets']>>
interface Props {
  points: readonly NamedPoint[]
  rows: Rows
  fromMs: number
  toMs: number
}

/** What the range says about each point: extremes with their time, time in limits and without data, and how its values are distributed. */
export function HistoryFigures({ points, rows, fromMs, toMs }: Props) {
  const { t } = useTranslation('history')
  const spanText = useSpanText()
  const bucketMs = Math.max(0, ...rows.map((row) => row.bucketMs))
  return (
    <section className="panel" data-testid="history-figures">
      <div className="panel-head">
        <h2>{t('figures')}</h2>
        <span className="muted">{t('figuresNote', { width: spanText(bucketMs) })}</span>
        <span className="figures-legend">
          <i className="figures-key" /> {t('legendInside')} <i className="figures-key figures-key-outside" /> {t('legendOutside')}
        </span>
      </div>
      <div className="figures">
        {points.map((named) => (
          <PointFigures
            key={named.point.id}
            named={named}
            buckets={rows.find(({ pointId }) => pointId === named.point.id)?.buckets ?? NONE}
            spanMs={toMs - fromMs}
          />
        ))}
      </div>
    </section>
  )
}

const NONE: Rows[number]['buckets'] = []

function PointFigures({ named, buckets, spanMs }: { named: NamedPoint; buckets: Rows[number]['buckets']; spanMs: number }) {
  const { t } = useTranslation('history')
  const { t: common } = useTranslation()
  const spanText = useSpanText()
  const figures = useMemo(() => historyFigures(buckets), [buckets])
  const { point, label } = named
  const value = (number: number) => `${numberText(number, decimalsOf(point.kind))} ${unitSymbol(point.unit)}`.trim()
  const { lowest, highest, mean, percentiles, limitedMs, outsideMs, goodMs } = figures
  if (lowest === null || highest === null || mean === null)
    return (
      <article className="figures-point">
        <h3>{label}</h3>
        <p className="muted">{common('history.noReadings')}</p>
      </article>
    )
  const unknownMs = Math.max(0, spanMs - goodMs)
  const extremes = isNumeric(point.kind) && (
    <>
      <Figure name={t('lowest')} note={dateTimeText(lowest.timeMs).slice(0, 16)}>
        {value(lowest.value)}
      </Figure>
      <Figure name={t('highest')} note={dateTimeText(highest.timeMs).slice(0, 16)}>
        {value(highest.value)}
      </Figure>
      <Figure name={t('mean')} note={percentiles ? `${t('median')} ${value(percentiles.p50)}` : ''}>
        {value(mean)}
      </Figure>
      {percentiles && (
        <Figure name={t('most')} note="">
          {t('mostRange', { from: numberText(percentiles.p5, decimalsOf(point.kind)), to: value(percentiles.p95) })}
        </Figure>
      )}
    </>
  )
  return (
    <article className="figures-point" data-testid={`figures-${point.id}`}>
      <h3>{label}</h3>
      {isNumeric(point.kind) && <Bars buckets={buckets} label={t('distribution', { label })} value={value} />}
      <dl>
        {extremes || (
          <Figure name={t('onShare')} note="">
            {percentText(mean)}
          </Figure>
        )}
        <Figure name={t('inside')} note={limitedMs === 0 ? t('noLimits') : ''}>
          {limitedMs === 0 ? '—' : percentText(1 - outsideMs / limitedMs)}
        </Figure>
        <Figure name={t('outside')} note="" isBad={outsideMs > 0}>
          {limitedMs === 0 ? '—' : spanText(outsideMs)}
        </Figure>
        <Figure name={t('unknown')} note={unknownMs > 0 ? percentText(unknownMs / spanMs) : ''}>
          {spanText(unknownMs)}
        </Figure>
      </dl>
    </article>
  )
}

function Figure({ name, note, isBad = false, children }: { name: string; note: string; isBad?: boolean; children: string }) {
  return (
    <div className={isBad ? 'figures-bad' : ''}>
      <dt>{name}</dt>
      <dd>
        {children}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}

/** Bars of a histogram; the part outside the limits of then stands on top in the colour of a high alarm. */
function Bars({ buckets, label, value }: { buckets: Rows[number]['buckets']; label: string; value(number: number): string }) {
  const { t } = useTranslation('history')
  const spanText = useSpanText()
  const bins = useMemo(() => distribution(buckets), [buckets])
  const most = Math.max(1, ...bins.map(({ goodMs }) => goodMs))
  const text = ({ from, to, goodMs, outsideMs }: DistributionBin) => {
    const words = { from: value(from), to: value(to), time: spanText(goodMs), outside: spanText(outsideMs) }
    return outsideMs > 0 ? t('barOutside', words) : t('barKnown', words)
  }
  return (
    <div className="figures-bars">
      <svg viewBox={`0 0 ${bins.length} 100`} preserveAspectRatio="none" role="img" aria-label={label}>
        {bins.map((bin, index) => {
          const height = (bin.goodMs / most) * 100
          const outside = bin.goodMs === 0 ? 0 : height * (bin.outsideMs / bin.goodMs)
          return (
            <g key={bin.from}>
              <title>{text(bin)}</title>
              <rect className="figures-hit" x={index} y={0} width={1} height={100} />
              <rect className="figures-bar" x={index + 0.06} y={100 - height} width={0.88} height={height} />
              <rect className="figures-bar-outside" x={index + 0.06} y={100 - height} width={0.88} height={outside} />
            </g>
          )
        })}
      </svg>
      <div className="figures-axis muted">
        <span>{bins[0] && value(bins[0].from)}</span>
        <span>{bins.length > 0 && value(bins.at(-1)?.to ?? 0)}</span>
      </div>
    </div>
  )
}

/** Never 100 % while a part is missing. */
function percentText(share: number): string {
  const percent = share * 100
  return `${percent > 99.9 && percent < 100 ? '> 99.9' : percent.toFixed(percent === 100 || percent === 0 ? 0 : 1)} %`
}

function useSpanText(): (ms: number) => string {
  const { t } = useTranslation()
  return (ms) => {
    const { unit, count } = spanOf(ms, Math.round)
    return t(`span.${unit}`, { count })
  }
}
