import type uPlot from 'uplot'
import { colorOf, curveColor } from './chart-look.ts'
import type { LimitSide, LimitSteps } from './limit-steps.ts'

/** A stretch shorter than this has no room for its words. */
const LABEL_ROOM_PX = 90
/** Below the lanes of the marks. */
const LANES_PX = 48

/**
 * Dashed lines at the limits of their time, in a red that no curve has; curves with limits of their own have them in their own colour. A limit
 * beyond the axis is named at its edge: one still knows that there is one, and which.
 */
export function drawLimitSteps(chart: uPlot, lines: readonly LimitSteps[], words: (side: LimitSide, value: number) => string): void {
  const { ctx, bbox } = chart
  const ratio = devicePixelRatio
  const right = bbox.left + bbox.width
  const bottom = bbox.top + bbox.height
  ctx.save()
  ctx.font = `${11 * ratio}px system-ui, sans-serif`
  // uPlot leaves it in the middle: the words would stand on their line.
  ctx.textBaseline = 'alphabetic'
  ctx.textAlign = 'left'
  ctx.lineWidth = 1.25 * ratio
  ctx.setLineDash([6 * ratio, 4 * ratio])
  const beyond = { high: 0, low: 0 }
  const labels: { text: string; ink: string; x: number; y: number }[] = []
  for (const { side, curves, steps } of lines) {
    const isOnly = lines.filter((line) => line.side === side).length === 1
    const color = isOnly ? colorOf('--critical') : curveColor(curves[0] ?? 0)
    const ink = isOnly ? colorOf('--critical-ink') : color
    ctx.strokeStyle = color
    let named: number | null = null
    ctx.beginPath()
    let lastY: number | undefined
    for (const [index, { fromMs, value }] of steps.entries()) {
      const nextMs = steps[index + 1]?.fromMs
      const fromX = Math.max(bbox.left, chart.valToPos(fromMs, 'x', true))
      const toX = Math.min(right, nextMs === undefined ? right : chart.valToPos(nextMs, 'x', true))
      if (value === null || toX < fromX) {
        lastY = undefined
        continue
      }
      const y = Math.round(chart.valToPos(value, 'y', true))
      const isInside = y >= bbox.top && y <= bottom
      const edgeY = Math.min(Math.max(y, bbox.top), bottom)
      if (lastY === undefined || lastY === edgeY) ctx.moveTo(fromX, edgeY)
      else ctx.lineTo(fromX, edgeY)
      if (isInside) ctx.lineTo(toX, edgeY)
      else ctx.moveTo(toX, edgeY)
      lastY = edgeY
      if (named === value || toX - fromX < LABEL_ROOM_PX * ratio) continue
      named = value
      const isLast = index === steps.length - 1
      if (!isInside && !isLast) continue
      const text = isInside ? words(side, value) : `${words(side, value)} ${side === 'high' ? '↑' : '↓'}`
      const row = isInside ? 0 : beyond[side]++
      const insideY = side === 'high' ? y - 4 * ratio : y + 13 * ratio
      const beyondY = side === 'high' ? bbox.top + (LANES_PX + 10 + 14 * row) * ratio : bottom - (5 + 14 * row) * ratio
      labels.push({ text, ink, x: fromX + 5 * ratio, y: isInside ? insideY : beyondY })
    }
    ctx.stroke()
  }
  // Above all lines, at the older end: at the newer one is what people look at.
  for (const { text, ink, x, y } of labels) {
    ctx.globalAlpha = 0.75
    ctx.fillStyle = colorOf('--surface')
    ctx.fillRect(x - 2 * ratio, y - 11 * ratio, ctx.measureText(text).width + 4 * ratio, 14 * ratio)
    ctx.globalAlpha = 1
    ctx.fillStyle = ink
    ctx.fillText(text, x, y)
  }
  ctx.restore()
}
