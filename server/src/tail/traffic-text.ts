import { styleText } from 'node:util'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { TrafficItem } from './traffic.ts'

/** Wide enough for most; a longer one pushes its own line only. */
const PLACE_WIDTH = 36
const TYPE_WIDTH = 6
const POINT_WIDTH = 24

/** What comes over the network must not steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** Columns a terminal takes: CJK characters take two. */
function padded(text: string, width: number): string {
  const wide = text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/gu)?.length ?? 0
  return text + ' '.repeat(Math.max(0, width - [...text].length - wide))
}

/** One line: time, place, type, then `point = value unit` with what is remarkable of it. Local time of this machine. */
export function trafficLine(item: TrafficItem, nowMs: number, hasColours: boolean): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    hasColours ? styleText(format, text, { validateStream: false }) : text
  const place = [item.site, item.node, item.device].filter((part) => part !== undefined).join('/')
  const head = `${paint('dim', timeText(item.timeMs, nowMs))}  ${padded(plain(place), PLACE_WIDTH)}  ${paint('cyan', padded(item.type, TYPE_WIDTH))}`
  if (item.point === undefined) return `${head}  ${paint('bold', plain(item.summary ?? ''))}`
  const marks = [
    item.quality === 'good'
      ? ''
      : paint(item.quality === 'bad' ? 'red' : 'yellow', `${item.quality}${item.reason ? ` (${plain(item.reason)})` : ''}`),
    item.isHistorical ? paint('dim', '补传 · historical') : '',
  ].filter(Boolean)
  const value = item.value === null ? '—' : plain(String(item.value))
  const unit = item.unit ? ` ${unitSymbol(item.unit as Parameters<typeof unitSymbol>[0])}`.trimEnd() : ''
  return `${head}  ${padded(plain(item.point), POINT_WIDTH)} = ${value}${unit}${marks.length > 0 ? `  ${marks.join('  ')}` : ''}`
}

/** With its day only where that is another one than today. */
function timeText(ms: number, nowMs: number): string {
  const time = new Date(ms)
  if (Number.isNaN(time.getTime())) return '?'
  const two = (value: number, width = 2): string => String(value).padStart(width, '0')
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${two(time.getMilliseconds(), 3)}`
  const isToday = time.toDateString() === new Date(nowMs).toDateString()
  return isToday ? clock : `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`
}
