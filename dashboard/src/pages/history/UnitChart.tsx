import { PictureOutlined } from '@ant-design/icons'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Button } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../client/api.ts'
import { maxGapMs } from '../../features/charts/chart-data.ts'
import { saveChartImage } from '../../features/charts/chart-image.ts'
import { curveColor } from '../../features/charts/chart-look.ts'
import { type LimitSteps, limitSteps } from '../../features/charts/limit-steps.ts'
import { type Curve, TrendChart } from '../../features/charts/TrendChart.tsx'
import type { TimeMark } from '../../features/charts/time-marks.ts'
import { decimalsOf } from '../../features/live/value-text.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { NamedPoint } from './HistoryPage.tsx'
import type { NamedMark } from './HistoryResult.tsx'
import { type Comparison, sharedPlace } from './history-range.ts'

type Rows = Awaited<ReturnType<Api['history']['buckets']>>

interface Props {
  points: readonly NamedPoint[]
  rows: Rows
  /** The same points at an earlier time, to be laid over; `shiftMs` moves them here. */
  earlier: { rows: Rows; shiftMs: number; compare: Exclude<Comparison, 'none'> } | undefined
  /** As they were in this range; undefined while they are not known. */
  limits: Awaited<ReturnType<Api['history']['limits']>> | undefined
  fromMs: number
  toMs: number
  marks: readonly NamedMark[]
  onMark(mark: TimeMark): void
  onRange(fromMs: number, toMs: number): void
}

/** Points of one unit share a chart; different units get charts of their own, one below the other. */
export function UnitChart({ points, rows, earlier, limits, fromMs, toMs, marks, onMark, onRange }: Props) {
  const { t } = useTranslation('history')
  const words = useWords()
  const { place, names } = useMemo(() => sharedPlace(points.map(({ label }) => label)), [points])
  const sectionRef = useRef<HTMLElement>(null)
  const curves = useMemo(() => {
    const now = points.map((named, n): Curve => curveOf(named, rows, names[n] ?? named.label, 0))
    if (!earlier) return now
    const name = t(`compareWith.${earlier.compare}`)
    const then = points.map(
      (named, n): Curve => ({
        ...curveOf(named, earlier.rows, `${names[n] ?? named.label} (${name})`, earlier.shiftMs),
        dashedLike: n,
      }),
    )
    return [...now, ...then]
  }, [points, names, rows, earlier, t])
  const steps = useMemo(
    () => limitSteps(points.map(({ point }) => limits?.find(({ pointId }) => pointId === point.id)?.changes ?? NONE)),
    [points, limits],
  )
  const first = points[0]
  if (!first) return null
  const unit = unitSymbol(first.point.unit)
  const isOneKind = points.every(({ point }) => point.kind === first.point.kind)
  const what = isOneKind ? words.kind(first.point.kind) : unit || t('noUnit')
  const title = points.length === 1 ? first.label : [place, what].filter(Boolean).join(' › ')
  const markText = (mark: TimeMark) => {
    const named = words.of((mark as NamedMark).title)
    const from = dateTimeText(mark.fromMs)
    return mark.toMs === null ? t('since', { title: named, from }) : t('span', { title: named, from, to: dateTimeText(mark.toMs) })
  }
  const save = () => {
    const chart = sectionRef.current?.querySelector('canvas')
    if (!chart) return
    const legend = curves.map(({ label, dashedLike }, n) => ({
      label,
      color: curveColor(dashedLike ?? n),
      isDashed: dashedLike !== undefined,
    }))
    const stamp = (ms: number) => dayjs(ms).format('YYYYMMDD-HHmm')
    saveChartImage(
      {
        chart,
        title: unit && unit !== title ? `${title} (${unit})` : title,
        note: `${dateTimeText(fromMs)} – ${dateTimeText(toMs)}`,
        legend,
      },
      `${title}_${stamp(fromMs)}_${stamp(toMs)}`,
    )
  }
  return (
    <section className="panel" ref={sectionRef}>
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="muted">
          {t('bandNote')}
          {steps.length > 0 && t(hasOwnLimits(steps) ? 'limitsNoteOwn' : 'limitsNote')}
        </span>
        <Button className="panel-edit" size="small" icon={<PictureOutlined />} onClick={save} data-testid="history-image">
          {t('image')}
        </Button>
      </div>
      <div className="panel-body">
        <TrendChart
          curves={curves}
          unit={unit}
          decimals={decimalsOf(first.point.kind)}
          fromMs={fromMs}
          toMs={toMs}
          label={title}
          limitSteps={steps}
          limitText={(side, value) => t(side === 'high' ? 'limitHigh' : 'limitLow', { value: `${value} ${unit}`.trim() })}
          timeMarks={marks}
          markText={markText}
          onMark={onMark}
          onRange={onRange}
        />
      </div>
    </section>
  )
}

const NONE: readonly never[] = []

/** Curves of one chart that have different limits. */
function hasOwnLimits(steps: readonly LimitSteps[]): boolean {
  return new Set(steps.map(({ side }) => side)).size < steps.length
}

function curveOf({ point }: NamedPoint, rows: Rows, label: string, shiftMs: number): Curve {
  const row = rows.find(({ pointId }) => pointId === point.id)
  const buckets = row?.buckets ?? []
  return {
    label,
    buckets: shiftMs === 0 ? buckets : buckets.map((bucket) => ({ ...bucket, timeMs: bucket.timeMs + shiftMs })),
    maxGapMs: maxGapMs(row?.bucketMs ?? 0, point.intervalMs),
  }
}
