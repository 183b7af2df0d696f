import type { Bucket } from '@roomkeeper/shared/http'
import { useEffect, useRef } from 'react'
import { serverClock } from '../../client/clock.ts'
import { liveStore } from '../../client/live-store.ts'

const HOUR_MS = 3_600_000
/** A redraw every 5 s moves a 132 px wide hour by 0.2 px: more would not be seen. */
const REDRAW_MS = 5000

/** The last hour of a point: history, and what has arrived since. Drawn on a canvas, beside React. */
export function Sparkline({
  pointId,
  buckets,
  isNumeric,
  lineWidthPx = 1.2,
}: {
  pointId: number
  buckets: readonly Bucket[] | undefined
  isNumeric: boolean
  lineWidthPx?: number
}) {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (!isNumeric) return
    const points: [timeMs: number, value: number][] = []
    for (const { timeMs, mean } of buckets ?? []) if (mean !== null) points.push([timeMs, mean])
    const addLive = () => {
      const entry = liveStore.get(pointId)
      if (!entry || entry.timeMs === null || entry.quality !== 'good' || typeof entry.value !== 'number') return
      const last = points.at(-1)
      if (last && entry.timeMs - last[0] < 10_000) return
      points.push([entry.timeMs, entry.value])
    }
    const redraw = () => {
      if (ref.current && !document.hidden && isOnScreen(ref.current)) draw(ref.current, points, serverClock.nowMs(), lineWidthPx)
    }
    addLive()
    redraw()
    const unsubscribe = liveStore.subscribe(pointId, addLive)
    const timer = setInterval(redraw, REDRAW_MS)
    return () => {
      unsubscribe()
      clearInterval(timer)
    }
  }, [pointId, buckets, isNumeric, lineWidthPx])
  return <canvas ref={ref} className="sparkline" />
}

/** Lines scrolled out of sight are not worth a drawing; browsers that cannot tell draw all. */
function isOnScreen(canvas: HTMLCanvasElement): boolean {
  return typeof canvas.checkVisibility !== 'function' || canvas.checkVisibility({ contentVisibilityAuto: true })
}

function draw(canvas: HTMLCanvasElement, points: [number, number][], nowMs: number, lineWidthPx: number): void {
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  const ratio = devicePixelRatio
  if (canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  const fromMs = nowMs - HOUR_MS
  while (points.length > 0 && (points[0] as [number, number])[0] < fromMs) points.shift()
  if (points.length < 2) return
  const values = points.map(([, value]) => value)
  const low = Math.min(...values)
  const high = Math.max(...values)
  // A flat curve is drawn flat, not as amplified noise.
  const span = Math.max(high - low, Math.abs(high) * 0.01, 0.2)
  const middle = (low + high) / 2
  const style = getComputedStyle(canvas)
  context.strokeStyle = style.getPropertyValue('--chart-1')
  context.lineWidth = lineWidthPx
  context.lineJoin = 'round'
  context.beginPath()
  let lastMs: number | undefined
  for (const [timeMs, value] of points) {
    const x = ((timeMs - fromMs) / HOUR_MS) * (width - 3) + 1
    const y = height / 2 - ((value - middle) / span) * (height - 6)
    if (lastMs === undefined || timeMs - lastMs > 300_000) context.moveTo(x, y)
    else context.lineTo(x, y)
    lastMs = timeMs
  }
  context.stroke()
}
