import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { dateTimeText } from '../../i18n/format.ts'
import { useIsDark } from '../../ui/theme.ts'
import { type CurveInput, chartColumns, readingsAt, valueRange } from './chart-data.ts'
import { axisTime, colorOf, curveColor } from './chart-look.ts'
import { drawLimitSteps } from './draw-limit-steps.ts'
import { drawTimeMarks } from './draw-time-marks.ts'
import type { LimitSide, LimitSteps } from './limit-steps.ts'
import { marksAt, rangeOfKey, type TimeMark } from './time-marks.ts'
import './charts.css'

export interface Curve extends CurveInput {
  label: string
  /** Dashed and without its band, in the colour of this other curve: the same point at another time. */
  dashedLike?: number
}
export interface LimitLine {
  value: number
  label: string
  priority: string
}
interface Props {
  curves: readonly Curve[]
  unit: string
  decimals: number
  fromMs: number
  toMs: number
  limits?: readonly LimitLine[]
  /** Limits as they were through the range, and the words for one of them. */
  limitSteps?: readonly LimitSteps[]
  limitText?: (side: LimitSide, value: number) => string
  /** Moments to mark, e.g. when the alarm was raised. */
  marks?: readonly { timeMs: number; label: string }[]
  /** What happened in this time: strips along the top, each kind with a shape and a lane of its own. */
  timeMarks?: readonly TimeMark[]
  /** Words for a mark under the pointer, and what a click on it does. */
  markText?: (mark: TimeMark) => string
  onMark?: (mark: TimeMark) => void
  /** Asked for by dragging on the chart and by the keys ← → + −; without it the chart shows its range only. */
  onRange?: (fromMs: number, toMs: number) => void
  heightPx?: number
  /** What the picture shows, for those who cannot see it. */
  label: string
}

/** One and the same empty list: a new one in every render would draw the chart anew. */
const NONE: readonly never[] = []
/** This near to a mark the pointer means it. */
const MARK_REACH_PX = 7

/**
 * Mean line with its min–max band, limits as dashed lines, and the reading under the pointer. Drawn anew when the theme changes: the canvas
 * has the colours of the ground it was drawn on. While somebody drags on it, what arrives waits: a chart drawn anew would cut the drag off.
 */
export function TrendChart(props: Props) {
  const [isDragged, setIsDragged] = useState(false)
  const drawn = useRef(props)
  if (!isDragged) drawn.current = props
  // What is called later is the newest, without drawing the chart anew for it.
  const latest = useRef(props)
  latest.current = props
  return <ThemedChart key={useIsDark() ? 'dark' : 'light'} {...drawn.current} latest={latest} onDragged={setIsDragged} />
}

interface ThemedProps extends Props {
  latest: RefObject<Props>
  onDragged: (isDragged: boolean) => void
}

function ThemedChart({ latest, onDragged, ...props }: ThemedProps) {
  const { curves, unit, decimals, fromMs, toMs, limits = NONE, marks = NONE, timeMarks = NONE, heightPx = 260, label } = props
  const { limitSteps = NONE } = props
  const { t } = useTranslation()
  const canZoom = props.onRange !== undefined
  const boxRef = useRef<HTMLDivElement>(null)
  const readoutRef = useRef<HTMLDivElement>(null)
  const markRef = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const box = boxRef.current
    if (!box) return
    const columns = chartColumns(curves)
    const data: uPlot.AlignedData = [columns.timesMs, ...columns.curves.flatMap(({ max, mean, min }) => [max, mean, min])]
    const shown = columns.curves.flatMap(({ max, mean, min }) => [...max, ...mean, ...min]).filter((value) => typeof value === 'number')
    const stepValues = limitSteps.flatMap(({ steps }) => steps.flatMap(({ value }) => value ?? []))
    const range = valueRange(shown, [...limits.map(({ value }) => value), ...stepValues], limitSteps !== NONE)
    const ink = colorOf('--ink-2')
    const grid = { stroke: colorOf('--chart-grid'), width: 1 }
    const axis = { stroke: ink, grid, ticks: { ...grid, size: 4 }, font: '12px system-ui, sans-serif' }

    const drawLines = (chart: uPlot): void => {
      const { ctx, bbox } = chart
      const ratio = devicePixelRatio
      ctx.save()
      ctx.font = `${11 * ratio}px system-ui, sans-serif`
      // uPlot leaves it in the middle: the words would stand on their line.
      ctx.textBaseline = 'alphabetic'
      ctx.lineWidth = ratio
      for (const { value, label: name, priority } of limits) {
        const y = Math.round(chart.valToPos(value, 'y', true))
        if (y < bbox.top || y > bbox.top + bbox.height) continue
        ctx.strokeStyle = colorOf(`--${priority}`)
        ctx.fillStyle = colorOf(priority === 'critical' ? '--critical-ink' : `--${priority}-ink`)
        ctx.setLineDash([6 * ratio, 4 * ratio])
        ctx.beginPath()
        ctx.moveTo(bbox.left, y)
        ctx.lineTo(bbox.left + bbox.width, y)
        ctx.stroke()
        // Where the curve is oldest: at the right end it would cover the present.
        ctx.textAlign = 'left'
        // On a phone the source of a limit has no room beside its name.
        const shown = ctx.measureText(name).width > bbox.width - 8 * ratio ? (name.split(' · ')[0] ?? name) : name
        ctx.fillText(shown, bbox.left + 4 * ratio, y - 4 * ratio)
      }
      ctx.setLineDash([2 * ratio, 3 * ratio])
      for (const { timeMs, label: name } of marks) {
        const x = Math.round(chart.valToPos(timeMs, 'x', true))
        if (x < bbox.left || x > bbox.left + bbox.width) continue
        ctx.strokeStyle = ink
        ctx.fillStyle = ink
        ctx.beginPath()
        ctx.moveTo(x, bbox.top)
        ctx.lineTo(x, bbox.top + bbox.height)
        ctx.stroke()
        ctx.textAlign = 'left'
        const width = ctx.measureText(name).width + 4 * ratio
        // Before its line where the chart ends behind it.
        const left = x + 3 * ratio + width > bbox.left + bbox.width ? x - 3 * ratio - width : x + 3 * ratio
        ctx.fillStyle = colorOf('--surface')
        ctx.fillRect(left, bbox.top + 2 * ratio, width, 14 * ratio)
        ctx.fillStyle = ink
        ctx.fillText(name, left + 2 * ratio, bbox.top + 12 * ratio)
      }
      ctx.restore()
    }

    const marksUnder = (chart: uPlot, leftPx: number): TimeMark[] => {
      const reachMs = (MARK_REACH_PX * (toMs - fromMs)) / Math.max(1, chart.over.clientWidth)
      return marksAt(timeMarks, chart.posToVal(leftPx, 'x'), reachMs)
    }
    const showMarks = (chart: uPlot): void => {
      if (!markRef.current) return
      const left = chart.cursor.left ?? -1
      const under = left < 0 ? [] : marksUnder(chart, left)
      markRef.current.textContent = under.map((mark) => latest.current.markText?.(mark) ?? mark.key).join('  ·  ')
      chart.over.style.cursor = under.length > 0 ? 'pointer' : ''
    }

    const showReadout = (chart: uPlot): void => {
      showMarks(chart)
      const { idx } = chart.cursor
      const { timeMs, cells } = readingsAt(columns, curves, typeof idx === 'number' ? idx : undefined)
      const texts = cells.map((cell) => {
        if (!cell) return ''
        const { min, mean, max } = cell
        const spread = min !== max && min !== null && max !== null ? ` (${min.toFixed(decimals)} – ${max.toFixed(decimals)})` : ''
        return `${mean.toFixed(decimals)} ${unit}${spread}`
      })
      const values = readoutRef.current?.parentElement?.querySelectorAll('.legend-value') ?? []
      for (const [n, element] of [...values].entries()) element.textContent = texts[n] ?? ''
      if (readoutRef.current)
        readoutRef.current.textContent =
          timeMs === undefined ? '' : [dateTimeText(timeMs), ...(curves.length === 1 ? texts : [])].filter(Boolean).join('  ·  ')
    }

    let dragged = false
    const chart = new uPlot(
      {
        width: box.clientWidth || 300,
        height: heightPx,
        ms: 1,
        // As far as half of the last time, HH:mm:ss, reaches beyond its tick.
        padding: [10, 30, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: canZoom, y: false, setScale: false, dist: 6 }, points: { size: 6 } },
        scales: { x: { time: true, range: [fromMs, toMs] }, y: { range } },
        axes: [
          { ...axis, size: 30, space: 62, values: (_chart, splits, _axis, _space, stepMs) => splits.map((ms) => axisTime(ms, stepMs)) },
          {
            ...axis,
            size: (_chart, texts) => 14 + Math.ceil(7.2 * Math.max(4, ...(texts ?? []).map((text) => text.length))),
            values: (_chart, splits) => splits.map((value) => `${Math.round(value * 1000) / 1000} ${unit}`.trim()),
          },
        ],
        series: [
          {},
          ...curves.flatMap(({ dashedLike }, n): uPlot.Series[] => {
            const color = curveColor(dashedLike ?? n)
            if (dashedLike !== undefined) {
              const hidden: uPlot.Series = { show: false }
              return [hidden, { stroke: color, width: 1.5, dash: [6, 5], points: { show: false } }, hidden]
            }
            const edge: uPlot.Series = { stroke: `${color}55`, width: 0.5, points: { show: false } }
            return [edge, { stroke: color, width: 1.5 }, edge]
          }),
        ],
        bands: curves.flatMap(({ dashedLike }, n) =>
          dashedLike === undefined ? [{ series: [3 * n + 1, 3 * n + 3] as [number, number], fill: `${curveColor(n)}2e` }] : [],
        ),
        hooks: {
          draw: [
            drawLines,
            (drawn) => drawLimitSteps(drawn, limitSteps, (side, value) => latest.current.limitText?.(side, value) ?? String(value)),
            (drawn) => drawTimeMarks(drawn, timeMarks),
          ],
          setCursor: [showReadout],
          setSelect: [
            ({ select, posToVal }) => {
              if (select.width < 2) return
              dragged = true
              latest.current.onRange?.(Math.round(posToVal(select.left, 'x')), Math.round(posToVal(select.left + select.width, 'x')))
            },
          ],
        },
      },
      data,
      box,
    )
    showReadout(chart)
    const letGo = () => onDragged(false)
    // The click that follows the release still belongs to the chart that was pressed.
    const released = () => void setTimeout(letGo)
    chart.over.addEventListener('mousedown', () => {
      dragged = false
      onDragged(true)
      window.addEventListener('mouseup', released, { once: true })
    })
    chart.over.addEventListener('click', (event) => {
      if (dragged) return
      const [mark] = marksUnder(chart, event.clientX - chart.over.getBoundingClientRect().left)
      if (mark) latest.current.onMark?.(mark)
    })
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== chart.width) chart.setSize({ width: box.clientWidth, height: heightPx })
    })
    observer.observe(box)
    return () => {
      window.removeEventListener('mouseup', released)
      letGo()
      observer.disconnect()
      chart.destroy()
    }
  }, [curves, unit, decimals, fromMs, toMs, limits, limitSteps, marks, timeMarks, canZoom, heightPx, latest, onDragged])

  const hasData = curves.some(({ buckets }) => buckets.some(({ mean }) => mean !== null))
  return (
    <figure className="trend" aria-label={label}>
      <div className="trend-legend">
        {curves.length > 1 &&
          curves.map((curve, n) => (
            <span key={curve.label} className="legend-item">
              <i className={curve.dashedLike === undefined ? '' : 'legend-dashed'} style={{ color: curveColor(curve.dashedLike ?? n) }} />
              {curve.label} <b className="legend-value" />
            </span>
          ))}
        <span className="trend-readout" ref={readoutRef} />
      </div>
      {canZoom ? (
        <div
          ref={boxRef}
          className="trend-box trend-keys"
          style={{ height: heightPx }}
          role="application"
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the chart work while it has the focus
          tabIndex={0}
          onKeyDown={(event) => {
            const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : rangeOfKey(event.key, { fromMs, toMs })
            if (!next) return
            event.preventDefault()
            props.onRange?.(next.fromMs, next.toMs)
          }}
        />
      ) : (
        <div ref={boxRef} className="trend-box" style={{ height: heightPx }} />
      )}
      {props.timeMarks && <div className="trend-marks" ref={markRef} />}
      {!hasData && <div className="trend-empty">{t('history.noReadings')}</div>}
    </figure>
  )
}
