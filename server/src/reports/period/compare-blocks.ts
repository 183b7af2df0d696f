import type { PointKind } from '@roomkeeper/shared/model'
import type { Block, Cell } from '../document.ts'
import { PRIORITIES } from '../pack/pack-tables.ts'
import { kindText } from '../record/field-text.ts'
import { numberText, type ReportWords } from '../words.ts'
import { byPriority, means, type Spell } from './alarm-spells.ts'
import { inspectionFigures } from './inspection-figures.ts'
import type { KindFigures, PeriodData, RoomPeriod } from './load-period.ts'
import { inLimitsOf } from './slot-fold.ts'

/** What a director asks of the climate; the other kinds stand in the table of readings. */
const CLIMATE: readonly PointKind[] = ['temperature', 'humidity', 'dew-point']

/** This period beside the one before: time in limits, alarms by priority, how fast people were, incidents, inspections. Of a room, or of everything in the report. */
export function* compareBlocks(
  data: PeriodData,
  kinds: readonly KindFigures[],
  room: RoomPeriod | undefined,
  words: ReportWords,
): Generator<Block, void, undefined> {
  const of = (spells: readonly Spell[]): Spell[] => (room ? spells.filter(({ roomId }) => roomId === room.id) : [...spells])
  const [now, then] = [of(data.spells), of(data.spellsBefore)]
  const roomId = room?.id ?? data.roomId ?? undefined
  const rows: Cell[][] = []
  for (const kind of kinds) {
    const [share, before] = [inLimitsOf(kind.now), inLimitsOf(kind.before)]
    if (!CLIMATE.includes(kind.kind) || (share === null && before === null)) continue
    const name = kindText(kind.kind, words)
    const change =
      share === null || before === null
        ? '—'
        : words.of({ zh: `${signed((share - before) * 100)} 个百分点`, en: `${signed((share - before) * 100)} pp` })
    rows.push([words.of({ zh: `${name}在限值内的时间`, en: `${name}: time in limits` }), percent(share), percent(before), change])
  }
  const counted = (title: { zh: string; en: string }, one: number, other: number): void => {
    rows.push([
      words.of(title),
      { text: String(one), number: one },
      { text: String(other), number: other },
      { text: signed(one - other, 0), number: one - other },
    ])
  }
  const earlier = byPriority(then)
  for (const { priority, raised } of byPriority(now)) {
    const name = PRIORITIES[priority] ?? { zh: priority, en: priority }
    counted({ zh: `告警：${name.zh}`, en: `Alarms: ${name.en}` }, raised, earlier.find((one) => one.priority === priority)?.raised ?? 0)
  }
  const [speed, speedBefore] = [means(now), means(then)]
  const timed = (title: { zh: string; en: string }, one: number | null, other: number | null): void => {
    const text = (ms: number | null): string => (ms === null ? '—' : words.duration(ms))
    const change = one === null || other === null ? '—' : `${one < other ? '−' : '+'}${words.duration(Math.abs(one - other))}`
    rows.push([words.of(title), text(one), text(other), change])
  }
  timed({ zh: '平均确认时间 MTTA', en: 'Mean time to acknowledge (MTTA)' }, speed.mttaMs, speedBefore.mttaMs)
  timed({ zh: '平均恢复时间 MTTR', en: 'Mean time to recover (MTTR)' }, speed.mttrMs, speedBefore.mttrMs)
  const { opened, openedBefore } = (room ?? data).incidents
  counted({ zh: '异常事件', en: 'Incidents' }, opened, openedBefore)
  const missed = inspectionFigures(data.inspections, data.span, roomId).missed
  counted({ zh: '漏巡检', en: 'Inspections missed' }, missed, inspectionFigures(data.inspectionsBefore, data.before, roomId).missed)
  yield { kind: 'heading', level: 2, text: words.of({ zh: '与上期对比', en: 'Compared with the period before' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '指标', en: 'Figure' }), width: 2.6 },
      { title: data.span.text, width: 1.4, align: 'right' },
      { title: data.before.text, width: 1.4, align: 'right' },
      { title: words.of({ zh: '变化', en: 'Change' }), width: 1.4, align: 'right' },
    ],
    rows,
  }
  if (data.untilMs < data.span.toMs) {
    const text = words.of({
      zh: '本期尚未结束：次数与整个上期相比时请留意。',
      en: 'This period is not over: mind that counts are compared with a whole one.',
    })
    yield { kind: 'paragraph', text: [{ text, tone: 'muted' }] }
  }
}

function percent(value: number | null): Cell {
  return value === null ? '—' : { text: `${(value * 100).toFixed(1)} %`, number: value }
}

function signed(value: number, digits = 1): string {
  const text = numberText(Math.abs(value), digits)
  return text === '0' ? '0' : `${value < 0 ? '−' : '+'}${text}`
}
