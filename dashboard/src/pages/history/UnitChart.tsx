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
import { type Curve, TrendChart } from '../../features/charts/TrendChart.tsx'
import type { TimeMark } from '../../features/charts/time-marks.ts'
import { decimalsOf } from '../../features/live/value-text.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { NamedPoint } from './HistoryPage.tsx'
import type { NamedMark } from './HistoryResult.tsx'
import type { Comparison } from './history-range.ts'

type Rows = Awaited<ReturnType<Api['history']['buckets']>>

interface Props {
  points: readonly NamedPoint[]
  rows: Rows
  /** The same points at an earlier time, to be laid over; `shiftMs` moves them here. */
  earlier: { rows: Rows; shiftMs: number; compare: Exclude<Comparison, 'none'> } | undefined
  fromMs: number
  toMs: number
  marks: readonly NamedMark[]
  onMark(mark: TimeMark): void
  onRange(fromMs: number, toMs: number): void
}

/** Points of one unit share a chart; different units get charts of their own, one below the other. */
export function UnitChart({ points, rows, earlier, fromMs, toMs, marks, onMark, onRange }: Props) {
  const { t } = useTranslation('history')
  const words = useWords()
  const sectionRef = useRef<HTMLElement>(null)
  const curves = useMemo(() => {
    const now = points.map((named): Curve => curveOf(named, rows, named.label, 0))
    if (!earlier) return now
    const name = t(`compareWith.${earlier.compare}`)
    const then = points.map(
      (named, n): Curve => ({
        ...curveOf(named, earlier.rows, `${named.label} (${name})`, earlier.shiftMs),
        dashedLike: n,
      }),
    )
    return [...now, ...then]
  }, [points, rows, earlier, t])
  const first = points[0]
  if (!first) return null
  const unit = unitSymbol(first.point.unit)
  const title = points.length === 1 ? first.label : unit || t('noUnit')
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
        <span className="muted">{t('bandNote')}</span>
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
          timeMarks={marks}
          markText={markText}
          onMark={onMark}
          onRange={onRange}
        />
      </div>
    </section>
  )
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
