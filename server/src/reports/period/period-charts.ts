import type { Words } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Block } from '../document.ts'
import { kindText } from '../record/field-text.ts'
import type { ReportWords } from '../words.ts'
import type { Spell } from './alarm-spells.ts'
import type { PeriodData, RoomPeriod } from './load-period.ts'
import { type ReportSpan, slicesOf } from './period-of.ts'

/** Labels of the axis that fit beside each other. */
const MOST_TICKS = 8

function ticksOf(span: ReportSpan, timeZone: string): { atMs: number; label: string }[] {
  const slices = slicesOf(span, timeZone)
  const every = span.kind === 'yearly' ? 1 : Math.ceil(slices.length / MOST_TICKS)
  return slices.filter((_slice, index) => index % every === 0).map(({ fromMs, label }) => ({ atMs: fromMs, label }))
}

/** Temperature and humidity of a room: mean as a line in the band from lowest to highest. */
export function* curveBlocks(room: RoomPeriod, { span }: PeriodData, words: ReportWords): Generator<Block, void, undefined> {
  for (const { kind, unit, stepMs, points, bands } of room.curves) {
    const title = `${room.name} · ${kindText(kind, words)}`
    const line = (side: 'low' | 'high', name: Words) => {
      const steps = bands.map(({ fromMs, band }) => ({ fromMs, value: band?.[side] ?? null }))
      const last = steps.findLast(({ value }) => value !== null)
      return last ? [{ steps, label: `${words.of(name)} ${last.value}` }] : []
    }
    yield {
      kind: 'chart',
      title,
      unit: unitSymbol(unit),
      axisTitle: words.of({ zh: '时间', en: 'Time' }),
      sheet: words.of({ zh: `图 ${title}`, en: `Chart ${title}` }),
      ...{ fromMs: span.fromMs, toMs: span.toMs, ticks: ticksOf(span, words.timeZone) },
      drawing: {
        kind: 'band',
        stepMs,
        points,
        limits: [...line('low', { zh: '下限', en: 'low' }), ...line('high', { zh: '上限', en: 'high' })],
        titles: [words.of({ zh: '最低', en: 'Min' }), words.of({ zh: '平均', en: 'Mean' }), words.of({ zh: '最高', en: 'Max' })],
      },
    }
  }
}

const SERIES = [
  { priorities: ['critical'], words: { zh: '紧急', en: 'Critical' }, tone: 'bad' },
  { priorities: ['high'], words: { zh: '高', en: 'High' }, tone: 'warning' },
  { priorities: ['medium', 'low'], words: { zh: '中、低', en: 'Medium, low' }, tone: 'muted' },
] as const

/** Alarms raised per hour, day or month. */
export function alarmChart(spells: readonly Spell[], span: ReportSpan, words: ReportWords): Block {
  const per = {
    daily: { zh: '每小时', en: 'per hour' },
    weekly: { zh: '每天', en: 'per day' },
    monthly: { zh: '每天', en: 'per day' },
    yearly: { zh: '每月', en: 'per month' },
  }
  const title = words.of({ zh: `告警次数，${per[span.kind].zh}`, en: `Alarms ${per[span.kind].en}` })
  const slices = slicesOf(span, words.timeZone)
  return {
    kind: 'chart',
    title,
    unit: '',
    axisTitle: words.of({ zh: '时间', en: 'Time' }),
    sheet: words.of({ zh: '图 告警次数', en: 'Chart alarms' }),
    ...{ fromMs: span.fromMs, toMs: span.toMs, ticks: ticksOf(span, words.timeZone) },
    drawing: {
      kind: 'bars',
      series: SERIES.map((one) => ({ title: words.of(one.words), tone: one.tone })),
      bars: slices.map(({ fromMs, toMs, label }) => {
        const own = spells.filter(({ raisedAtMs }) => raisedAtMs >= fromMs && raisedAtMs < toMs)
        return {
          fromMs,
          toMs,
          label,
          counts: SERIES.map(({ priorities }) => own.filter(({ priority }) => priorities.some((one) => one === priority)).length),
        }
      }),
    },
  }
}
