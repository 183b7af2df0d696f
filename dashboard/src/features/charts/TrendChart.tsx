import dayjs from 'dayjs'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { dateTimeText } from '../../i18n/format.ts'
import { type CurveInput, chartColumns, valueRange } from './chart-data.ts'
import './charts.css'

export interface Curve extends CurveInput {
  label: string
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
  /** Moments to mark, e.g. when the alarm was raised. */
  marks?: readonly { timeMs: number; label: string }[]
  heightPx?: number
  /** What the picture shows, for those who cannot see it. */
  label: string
}

/** Distinct in hue and lightness, also with colour-blind eyes (after Okabe–Ito); one set for each ground. */
const COLORS_ON_LIGHT = ['#1d6fa5', '#c4560c', '#2f7d4f', '#8a4fa3', '#a67c00', '#0f8a8a', '#b3446c', '#5b6fb5', '#6b6b6b', '#7a5230']
const COLORS_ON_DARK = ['#6fb2e3', '#f2a05e', '#6ccf96', '#cf96e6', '#e0c050', '#5fd0d0', '#e58bab', '#9fb0f0', '#b8b8b8', '#c99b6b']
const darkGround = window.matchMedia('(prefers-color-scheme: dark)')

function curveColor(index: number): string {
  const colors = darkGround.matches ? COLORS_ON_DARK : COLORS_ON_LIGHT
  return colors[index % colors.length] as string
}

function colorOf(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
}

const DAY_MS = 86_400_000
function axisTime(ms: number, stepMs: number): string {
  const time = dayjs(ms)
  if (stepMs >= DAY_MS) return time.format('MM-DD')
  const isMidnight = time.hour() === 0 && time.minute() === 0
  if (isMidnight) return time.format('MM-DD')
  return time.format(stepMs < 60_000 ? 'HH:mm:ss' : 'HH:mm')
}

/** Mean line with its min–max band, limits as dashed lines, and the reading under the pointer. */
export function TrendChart({ curves, unit, decimals, fromMs, toMs, limits = [], marks = [], heightPx = 260, label }: Props) {
  const { t } = useTranslation()
  const boxRef = useRef<HTMLDivElement>(null)
  const readoutRef = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const box = boxRef.current
    if (!box) return
    const columns = chartColumns(curves)
    const data: uPlot.AlignedData = [columns.timesMs, ...columns.curves.flatMap(({ max, mean, min }) => [max, mean, min])]
    const shown = columns.curves.flatMap(({ max, mean, min }) => [...max, ...mean, ...min]).filter((value) => typeof value === 'number')
    const range = valueRange(
      shown,
      limits.map(({ value }) => value),
    )
    const ink = colorOf('--ink-2')
    const grid = { stroke: colorOf('--chart-grid'), width: 1 }
    const axis = { stroke: ink, grid, ticks: { ...grid, size: 4 }, font: '12px system-ui, sans-serif' }

    const drawLines = (chart: uPlot): void => {
      const { ctx, bbox } = chart
      const ratio = devicePixelRatio
      ctx.save()
      ctx.font = `${11 * ratio}px system-ui, sans-serif`
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
        ctx.textAlign = 'right'
        ctx.fillText(name, bbox.left + bbox.width - 4 * ratio, y - 4 * ratio)
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
        ctx.fillStyle = colorOf('--surface')
        ctx.fillRect(x + 3 * ratio, bbox.top + 2 * ratio, ctx.measureText(name).width + 4 * ratio, 14 * ratio)
        ctx.fillStyle = ink
        ctx.fillText(name, x + 5 * ratio, bbox.top + 12 * ratio)
      }
      ctx.restore()
    }

    const showReadout = (chart: uPlot): void => {
      const readout = readoutRef.current
      if (!readout) return
      const index = chart.cursor.idx
      const timeMs = typeof index === 'number' ? columns.timesMs[index] : undefined
      if (typeof index !== 'number' || timeMs === undefined) {
        readout.textContent = ''
        return
      }
      const parts = curves.map(({ label: name }, n) => {
        const curve = columns.curves[n]
        const mean = curve?.mean[index]
        if (typeof mean !== 'number') return undefined
        const min = curve?.min[index]
        const max = curve?.max[index]
        const spread =
          typeof min === 'number' && typeof max === 'number' && min !== max ? ` (${min.toFixed(decimals)} – ${max.toFixed(decimals)})` : ''
        return `${curves.length > 1 ? `${name} ` : ''}${mean.toFixed(decimals)} ${unit}${spread}`
      })
      readout.textContent = [dateTimeText(timeMs), ...parts.filter(Boolean)].join('  ·  ')
    }

    const chart = new uPlot(
      {
        width: box.clientWidth || 300,
        height: heightPx,
        ms: 1,
        padding: [10, 12, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        scales: { x: { time: true, range: [fromMs, toMs] }, y: { range } },
        axes: [
          { ...axis, size: 30, space: 70, values: (_chart, splits, _axis, _space, stepMs) => splits.map((ms) => axisTime(ms, stepMs)) },
          { ...axis, size: 56, values: (_chart, splits) => splits.map((value) => String(Math.round(value * 1000) / 1000)) },
        ],
        series: [
          {},
          ...curves.flatMap((_, n): uPlot.Series[] => {
            const color = curveColor(n)
            const edge: uPlot.Series = { stroke: `${color}55`, width: 0.5, points: { show: false } }
            return [edge, { stroke: color, width: 1.5 }, edge]
          }),
        ],
        bands: curves.map((_, n) => ({ series: [3 * n + 1, 3 * n + 3], fill: `${curveColor(n)}2e` })),
        hooks: { draw: [drawLines], setCursor: [showReadout] },
      },
      data,
      box,
    )
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== chart.width) chart.setSize({ width: box.clientWidth, height: heightPx })
    })
    observer.observe(box)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [curves, unit, decimals, fromMs, toMs, limits, marks, heightPx])

  const hasData = curves.some(({ buckets }) => buckets.some(({ mean }) => mean !== null))
  return (
    <figure className="trend" aria-label={label}>
      <div className="trend-legend">
        {curves.length > 1 &&
          curves.map((curve, n) => (
            <span key={curve.label} className="legend-item">
              <i style={{ background: curveColor(n) }} />
              {curve.label}
            </span>
          ))}
        <span className="trend-readout" ref={readoutRef} />
      </div>
      <div ref={boxRef} className="trend-box" style={{ height: heightPx }} />
      {!hasData && <div className="trend-empty">{t('history.noReadings')}</div>}
    </figure>
  )
}
