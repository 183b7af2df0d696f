import type { ChartBlock } from '../document.ts'
import { COLORS, MARGIN, type Paper } from './paper.ts'

const HEIGHT = 132
const SIZE = 7.6
/** Room for the numbers of the axis, and for the dates under it. */
const LEFT = 34
const RIGHT = 44
const FOOT = 16
const BAND = '#bcd3f2'
const LINE = '#1d5fb4'
/** Bars: paler than ink, so that numbers above them stay the darkest. */
const FILL = { bad: '#c8453c', warning: '#e0a33a', good: '#5a9e76', muted: '#a9b1bd' } as const

/** Draws figures as lines and areas: they stay sharp at any size, and are small. */
export function drawChart(paper: Paper, chart: ChartBlock): void {
  paper.room(HEIGHT + FOOT + 32)
  if (paper.y > paper.top) paper.y += 5
  paper.line([{ text: `${chart.title}${chart.unit === '' ? '' : `（${chart.unit}）`}`, bold: true }], MARGIN, paper.y, 8.6)
  if (chart.drawing.kind === 'bars') drawLegend(paper, chart.drawing.series)
  paper.y += 18
  const { drawing, fromMs, toMs } = chart
  const values =
    drawing.kind === 'band'
      ? [
          ...drawing.points.flatMap(({ min, max }) => [min, max]),
          ...drawing.limits.flatMap(({ steps }) => steps.flatMap(({ value }) => value ?? [])),
        ]
      : [0, ...drawing.bars.map(({ counts }) => counts.reduce((sum, one) => sum + one, 0))]
  const { low, high, step } = axisOf(values, drawing.kind === 'bars')
  const area = { left: MARGIN + LEFT, right: MARGIN + paper.width - RIGHT, top: paper.y, bottom: paper.y + HEIGHT }
  const x = (atMs: number): number => area.left + ((atMs - fromMs) / (toMs - fromMs)) * (area.right - area.left)
  const y = (value: number): number => area.bottom - ((value - low) / (high - low)) * (area.bottom - area.top)
  for (let value = low; value <= high + step / 2; value += step) {
    const text = String(Number(value.toFixed(4)))
    stroke(paper, [area.left, y(value)], [area.right, y(value)], COLORS.rule, 0.4)
    paper.line([{ text }], area.left - 5 - paper.textWidth(text, SIZE), y(value) - SIZE * 0.75, SIZE, COLORS.muted)
  }
  for (const { atMs, label } of chart.ticks) {
    const width = paper.textWidth(label, SIZE)
    stroke(paper, [x(atMs), area.bottom], [x(atMs), area.bottom + 3], COLORS.muted, 0.6)
    const at = Math.min(Math.max(x(atMs) - width / 2, MARGIN), MARGIN + paper.width - width)
    paper.line([{ text: label }], at, area.bottom + 3, SIZE, COLORS.muted)
  }
  if (drawing.kind === 'band') {
    for (const run of runsOf(drawing.points, drawing.stepMs)) {
      const centre = (atMs: number): number => x(Math.min(atMs + drawing.stepMs / 2, toMs))
      const outline = [
        ...run.map(({ atMs, max }) => [centre(atMs), y(max)] as const),
        ...run.toReversed().map(({ atMs, min }) => [centre(atMs), y(min)] as const),
      ]
      trace(paper, outline)
      paper.doc.fillColor(BAND).fill()
      trace(
        paper,
        run.map(({ atMs, mean }) => [centre(atMs), y(mean)] as const),
      )
      paper.doc.lineWidth(1).strokeColor(LINE).stroke()
      // A single point has neither area nor line.
      const [only] = run
      if (run.length === 1 && only) stroke(paper, [centre(only.atMs), y(only.min)], [centre(only.atMs), y(only.max) - 0.8], LINE, 1)
    }
    for (const { steps, label } of drawing.limits) {
      let end: { x: number; y: number } | undefined
      paper.doc.dash(3, { space: 2 })
      for (const [index, { fromMs: sinceMs, value }] of steps.entries()) {
        if (value === null) continue
        const [left, right] = [x(sinceMs), x(steps[index + 1]?.fromMs ?? toMs)]
        const before = steps[index - 1]?.value ?? null
        if (before !== null) stroke(paper, [left, y(before)], [left, y(value)], COLORS.bad, 0.7)
        stroke(paper, [left, y(value)], [right, y(value)], COLORS.bad, 0.7)
        end = { x: right, y: y(value) }
      }
      paper.doc.undash()
      if (end) paper.line([{ text: label }], end.x + 3, end.y - SIZE * 0.75, SIZE, COLORS.bad)
    }
  } else {
    for (const bar of drawing.bars) {
      const [left, right] = [x(bar.fromMs), x(bar.toMs)]
      let sum = 0
      for (const [index, count] of bar.counts.entries()) {
        if (count > 0) {
          const top = y(sum + count)
          paper.doc
            .rect(left + (right - left) * 0.15, top, (right - left) * 0.7, y(sum) - top)
            .fill(FILL[drawing.series[index]?.tone ?? 'muted'])
        }
        sum += count
      }
    }
  }
  paper.y = area.bottom + FOOT + 6
}

function drawLegend(paper: Paper, series: readonly { title: string; tone: keyof typeof FILL }[]): void {
  let at = MARGIN + paper.width - RIGHT
  for (const { title, tone } of series.toReversed()) {
    at -= paper.textWidth(title, SIZE)
    paper.line([{ text: title }], at, paper.y, SIZE, COLORS.muted)
    at -= 10
    paper.doc.rect(at, paper.y + 3, 7, 7).fill(FILL[tone])
    at -= 10
  }
}

function stroke(paper: Paper, from: readonly [number, number], to: readonly [number, number], color: string, width: number): void {
  paper.doc.moveTo(from[0], from[1]).lineTo(to[0], to[1]).lineWidth(width).strokeColor(color).stroke()
}

function trace(paper: Paper, points: readonly (readonly [number, number])[]): void {
  for (const [index, [x, y]] of points.entries()) {
    if (index === 0) paper.doc.moveTo(x, y)
    else paper.doc.lineTo(x, y)
  }
}

/** Points that follow on each other without a gap. */
function runsOf<T extends { atMs: number }>(points: readonly T[], stepMs: number): T[][] {
  const runs: T[][] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for (const point of points) {
    const run = runs.at(-1)
    if (run && point.atMs - lastMs <= stepMs * 1.01) run.push(point)
    else runs.push([point])
    lastMs = point.atMs
  }
  return runs
}

/** An axis of four to six round steps that holds all values. */
function axisOf(values: readonly number[], isCount: boolean): { low: number; high: number; step: number } {
  const [min, max] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)]
  const spread = Math.max(max - min, isCount ? 4 : 1)
  const rough = spread / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough
  const low = Math.floor(min / step) * step
  return { low, high: Math.max(low + step, Math.ceil(max / step) * step), step }
}
