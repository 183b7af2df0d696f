import { colorOf } from './chart-look.ts'

interface ChartImage {
  /** The chart as it is drawn, axes included. */
  chart: HTMLCanvasElement
  title: string
  /** Below the title, e.g. the range. */
  note: string
  legend: readonly { label: string; color: string; isDashed: boolean }[]
}

const PAD = 16
const LINE = 20

/** A picture that speaks for itself: title, range, legend and chart on the ground of the theme. `fileName` without its ending. */
export function saveChartImage({ chart, title, note, legend }: ChartImage, fileName: string): void {
  const ratio = devicePixelRatio
  const canvas = document.createElement('canvas')
  const widthPx = chart.width / ratio + 2 * PAD
  const headPx = PAD + (2 + legend.length) * LINE + 8
  canvas.width = Math.round(widthPx * ratio)
  canvas.height = Math.round((headPx + PAD) * ratio) + chart.height
  const ctx = canvas.getContext('2d')
  if (!ctx) return
  ctx.fillStyle = colorOf('--surface')
  ctx.fillRect(0, 0, canvas.width, canvas.height)
  ctx.drawImage(chart, PAD * ratio, headPx * ratio)
  ctx.scale(ratio, ratio)
  ctx.fillStyle = colorOf('--ink')
  ctx.font = '600 15px system-ui, sans-serif'
  ctx.fillText(title, PAD, PAD + 13, widthPx - 2 * PAD)
  ctx.font = '12px system-ui, sans-serif'
  ctx.fillStyle = colorOf('--ink-2')
  ctx.fillText(note, PAD, PAD + LINE + 12, widthPx - 2 * PAD)
  legend.forEach(({ label, color, isDashed }, n) => {
    const y = PAD + (2 + n) * LINE + 8
    ctx.strokeStyle = color
    ctx.lineWidth = 3
    ctx.setLineDash(isDashed ? [5, 4] : [])
    ctx.beginPath()
    ctx.moveTo(PAD, y)
    ctx.lineTo(PAD + 22, y)
    ctx.stroke()
    ctx.fillText(label, PAD + 30, y + 4, widthPx - 2 * PAD - 30)
  })
  canvas.toBlob((blob) => {
    if (!blob) return
    const url = URL.createObjectURL(blob)
    const link = document.createElement('a')
    link.href = url
    link.download = `${fileName.replace(/[\\/:*?"<>|\s]+/g, '-')}.png`
    link.click()
    // The browser has taken it by then; revoked at once, some save nothing.
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }, 'image/png')
}
