import type uPlot from 'uplot'
import { colorOf, curveColor } from './chart-look.ts'
import { TIME_MARK_KINDS, type TimeMark, type TimeMarkKind } from './time-marks.ts'

const LANE_PX = 11
const SIZE_PX = 4

export function timeMarkColor(kind: TimeMarkKind, priority: string | null): string {
  if (kind === 'alarm') return colorOf(`--${priority ?? 'low'}`)
  if (kind === 'incident') return colorOf('--ink')
  return curveColor(kind === 'visit' ? 2 : 3)
}

/** Told apart without colour: alarms triangles, incidents diamonds, visits discs, changes squares. */
function traceShape(ctx: CanvasRenderingContext2D, kind: TimeMarkKind, x: number, y: number, size: number): void {
  ctx.beginPath()
  if (kind === 'visit') ctx.arc(x, y, size, 0, 2 * Math.PI)
  else if (kind === 'change') ctx.rect(x - size, y - size, 2 * size, 2 * size)
  else {
    ctx.moveTo(x, y - size)
    ctx.lineTo(x + size, kind === 'alarm' ? y + size : y)
    if (kind === 'incident') ctx.lineTo(x, y + size)
    ctx.lineTo(x - size, kind === 'alarm' ? y + size : y)
  }
  ctx.closePath()
  ctx.fill()
}

/** A thin line where each begins, its shape at the top, and a strip for as long as it lasted. */
export function drawTimeMarks(chart: uPlot, marks: readonly TimeMark[]): void {
  const { ctx, bbox } = chart
  const ratio = devicePixelRatio
  const right = bbox.left + bbox.width
  ctx.save()
  for (const { kind, fromMs, toMs, priority } of marks) {
    const y = bbox.top + (TIME_MARK_KINDS.indexOf(kind) + 0.5) * LANE_PX * ratio
    const x = Math.round(chart.valToPos(fromMs, 'x', true))
    const startPx = Math.max(bbox.left, x)
    const endPx = Math.min(right, toMs === null ? right : chart.valToPos(toMs, 'x', true))
    ctx.fillStyle = timeMarkColor(kind, priority)
    ctx.globalAlpha = 0.45
    if (endPx > startPx) ctx.fillRect(startPx, y - 1.5 * ratio, endPx - startPx, 3 * ratio)
    if (x >= bbox.left && x <= right) {
      ctx.fillRect(x, bbox.top, ratio, bbox.height)
      ctx.globalAlpha = 1
      traceShape(ctx, kind, x, y, SIZE_PX * ratio)
    }
  }
  ctx.restore()
}
