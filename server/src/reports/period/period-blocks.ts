import { unitSymbol } from '@roomkeeper/shared/units'
import { CONDITION_WORDS } from '../../notify/render/words.ts'
import type { Block, Cell, TableColumn } from '../document.ts'
import { alarmBlocks } from '../pack/pack-tables.ts'
import { kindText } from '../record/field-text.ts'
import { numberText, type ReportWords } from '../words.ts'
import { byCause, byPriority, longest, type Spell } from './alarm-spells.ts'
import { compareBlocks } from './compare-blocks.ts'
import { inspectionFigures } from './inspection-figures.ts'
import { type KindFigures, loadPeriod, type PeriodData, type PeriodQuery, type RoomPeriod } from './load-period.ts'
import { alarmChart, curveBlocks } from './period-charts.ts'
import { powerBlocks } from './power-blocks.ts'
import { roomSentence } from './room-sentence.ts'
import { coveredOf, inLimitsOf, meanOf, together } from './slot-fold.ts'

const number = (value: number | null, digits = 1): Cell => (value === null ? '—' : { text: numberText(value, digits), number: value })
const count = (value: number): Cell => ({ text: String(value), number: value })
const percent = (value: number | null, bad: number): Cell => {
  if (value === null) return '—'
  const text = `${(value * 100).toFixed(1)} %`
  return { text: value < bad ? [{ text, tone: 'bad' }] : text, number: value }
}
const muted = (text: string): Block => ({ kind: 'paragraph', text: [{ text, tone: 'muted' }] })

/** First what a manager reads alone, then room by room. */
export async function* periodBlocks(query: PeriodQuery, words: ReportWords): AsyncGenerator<Block, void, undefined> {
  yield* blocksOf(await loadPeriod(query), words)
}

/** The same of figures that are loaded already. */
export async function* blocksOf(data: PeriodData, words: ReportWords): AsyncGenerator<Block, void, undefined> {
  const { span, before, rooms, spells } = data
  const all = data.roomId === null
  const last = words.date(span.toMs - 1)
  const dates = words.date(span.fromMs) === last ? last : `${words.date(span.fromMs)} — ${last}`
  yield { kind: 'sheet', name: words.of({ zh: '总览', en: 'Overview' }) }
  yield { kind: 'heading', level: 1, text: periodTitle(span.kind, span.text, all ? null : (rooms[0]?.name ?? ''), words) }
  const facts: [string, string][] = [
    [words.of({ zh: '期间', en: 'Period' }), words.of({ zh: `${dates}（${words.timeZone}）`, en: `${dates} (${words.timeZone})` })],
    [words.of({ zh: '对比', en: 'Compared with' }), before.text],
  ]
  if (data.untilMs < span.toMs)
    facts.push([
      words.of({ zh: '数据截至', en: 'Figures until' }),
      words.of({ zh: `${words.time(data.untilMs)}，期间尚未结束`, en: `${words.time(data.untilMs)}; the period is not over` }),
    ])
  yield { kind: 'facts', facts }
  if (data.problem)
    yield {
      kind: 'paragraph',
      text: [
        {
          text: words.of({
            zh: `读数库没有应答，读数不全：${data.problem}`,
            en: `The readings store did not answer, readings are incomplete: ${data.problem}`,
          }),
          tone: 'bad',
        },
      ],
    }
  yield { kind: 'heading', level: 2, text: words.of({ zh: '各机房情况', en: 'Each room' }) }
  for (const room of rooms) yield { kind: 'paragraph', text: roomSentence(room, data, words) }
  if (rooms.length === 0) yield muted(words.of({ zh: '还没有机房。', en: 'There is no room yet.' }))
  yield* compareBlocks(data, all ? hospitalKinds(rooms) : (rooms[0]?.kinds ?? []), all ? undefined : rooms[0], words)
  yield alarmChart(spells, span, words)
  if (all) {
    yield { kind: 'page' }
    yield { kind: 'heading', level: 1, text: words.of({ zh: '全院', en: 'Whole hospital' }) }
    yield* kindTable(hospitalKinds(rooms), data, words)
    yield* events(data, undefined, words)
  }
  for (const room of rooms) {
    yield { kind: 'page' }
    yield { kind: 'sheet', name: room.name }
    yield { kind: 'heading', level: 1, text: room.name, entry: true }
    yield* kindTable(room.kinds, data, words)
    if (all) yield* compareBlocks(data, room.kinds, room, words)
    yield* curveBlocks(room, data, words)
    yield* powerBlocks(room, data.untilMs, words)
    yield* events(data, room, words)
  }
}

export function periodTitle(kind: PeriodData['span']['kind'], text: string, roomName: string | null, words: ReportWords): string {
  const name = {
    daily: { zh: '日报', en: 'Daily report' },
    weekly: { zh: '周报', en: 'Weekly report' },
    monthly: { zh: '月报', en: 'Monthly report' },
    yearly: { zh: '年报', en: 'Yearly report' },
  }
  const of = roomName ?? words.of({ zh: '全院机房', en: 'all rooms' })
  return words.of({ zh: `${of}${name[kind].zh} ${text}`, en: `${name[kind].en} ${text}, ${of}` })
}

function hospitalKinds(rooms: readonly RoomPeriod[]): KindFigures[] {
  const groups = Map.groupBy(
    rooms.flatMap(({ kinds }) => kinds),
    ({ kind }) => kind,
  )
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    return first ? [{ ...first, now: together(own.map(({ now }) => now)), before: together(own.map(({ before }) => before)) }] : []
  })
}

const right = (title: string, width = 1): TableColumn => ({ title, width, align: 'right' })

function* kindTable(kinds: readonly KindFigures[], { slotMs, blockMs }: PeriodData, words: ReportWords): Generator<Block, void, undefined> {
  yield { kind: 'heading', level: 2, text: words.of({ zh: '读数', en: 'Readings' }) }
  if (kinds.length === 0) return yield muted(words.of({ zh: '没有读数。', en: 'There are no readings.' }))
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '读数', en: 'Reading' }), width: 1.5 },
      { title: words.of({ zh: '单位', en: 'Unit' }), width: 0.7 },
      right(words.of({ zh: '最低', en: 'Min' }), 0.8),
      { title: words.of({ zh: '最低时间', en: 'When' }), width: 1.7 },
      right(words.of({ zh: '平均', en: 'Mean' }), 0.8),
      right(words.of({ zh: '最高', en: 'Max' }), 0.8),
      { title: words.of({ zh: '最高时间', en: 'When' }), width: 1.7 },
      right(words.of({ zh: '在限值内', en: 'In limits' })),
      right(words.of({ zh: '有读数', en: 'Covered' })),
      right(words.of({ zh: '平均比上期', en: 'Mean against before' }), 1.1),
    ],
    rows: kinds.map(({ kind, unit, now, before }) => {
      const [mean, then] = [meanOf(now), meanOf(before)]
      const change = mean === null || then === null ? null : mean - then
      const when = (one: { atMs: number } | null): Cell => (one ? { text: words.time(one.atMs), atMs: one.atMs } : '—')
      return [
        kindText(kind, words),
        unitSymbol(unit),
        number(now.min?.value ?? null),
        when(now.min),
        number(mean),
        number(now.max?.value ?? null),
        when(now.max),
        percent(inLimitsOf(now), 1),
        percent(coveredOf(now), 0.95),
        change === null ? '—' : { text: `${change > 0 ? '+' : ''}${numberText(change, 1)}`, number: change },
      ]
    }),
  }
  const [minutes, block] = [slotMs / 60_000, blockMs / 60_000]
  yield muted(
    words.of({
      zh: `平均为全部良好读数的平均。“在限值内”按时间计，以当时生效的限值为准；同一机房有测点越限即计，逐 ${block} 分钟取其中越限最久的测点；“有读数”为有读数的 ${minutes} 分钟段占已过去的段的比例。最低、最高的时间精确到分钟，早于两年的为所在一段的开始。`,
      en: `Mean: of all good readings. In limits: share of the time, by the limits in force then; a room is out of them while any of its points is, counted in blocks of ${block} min, each for as long as one point was out in it at most. Covered: stretches of ${minutes} min with readings, of those that are over. Times of extremes are to the minute, older than two years the beginning of the stretch.`,
    }),
  )
}

/** Alarms, incidents and inspections of a room, or of everything. */
function* events(data: PeriodData, room: RoomPeriod | undefined, words: ReportWords): Generator<Block, void, undefined> {
  const spells = room ? data.spells.filter(({ roomId }) => roomId === room.id) : data.spells
  const { opened, open, closed } = (room ?? data).incidents
  yield { kind: 'heading', level: 2, text: words.of({ zh: '告警、事件与巡检', en: 'Alarms, incidents and inspections' }) }
  const inspections = inspectionFigures(data.inspections, data.span, room?.id ?? data.roomId ?? undefined)
  const { onTime, late, missed } = inspections
  yield {
    kind: 'facts',
    facts: [
      [
        words.of({ zh: '异常事件', en: 'Incidents' }),
        words.of({
          zh: `发生 ${opened} 起（其中未关闭 ${open} 起），期间内关闭 ${closed} 起`,
          en: `${opened} opened (${open} of them not closed), ${closed} closed in the period`,
        }),
      ],
      [
        words.of({ zh: '巡检', en: 'Inspections' }),
        words.of({
          zh: `应检 ${onTime + late + missed} 次：按时 ${onTime}，迟检 ${late}，漏检 ${missed}`,
          en: `${onTime + late + missed} due: ${onTime} on time, ${late} late, ${missed} missed`,
        }),
      ],
    ],
  }
  yield* alarmBlocks(byPriority(spells), words)
  yield muted(
    words.of({
      zh: '不含演练。MTTA、MTTR 自发生起至首次确认、首次恢复，只计已确认、已恢复的。',
      en: 'Without drills. From raised to first acknowledged, and to cleared; of those that were.',
    }),
  )
  if (spells.length > 0) yield* alarmDetails(spells, data.untilMs, words)
}

function* alarmDetails(spells: readonly Spell[], nowMs: number, words: ReportWords): Generator<Block, void, undefined> {
  const time = (ms: number | null): string => (ms === null ? '—' : words.duration(ms))
  const condition = (name: string): string =>
    words.of((CONDITION_WORDS as Record<string, { zh: string; en: string } | undefined>)[name] ?? { zh: name, en: name })
  yield { kind: 'heading', level: 3, text: words.of({ zh: '告警原因', en: 'Alarms by cause' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '原因', en: 'Cause' }), width: 3 },
      right(words.of({ zh: '次数', en: 'Raised' })),
      { title: 'MTTA', width: 1.5 },
      { title: 'MTTR', width: 1.5 },
    ],
    rows: byCause(spells).map((one) => [
      `${kindText(one.about, words)} · ${condition(one.condition)}`,
      count(one.raised),
      time(one.mttaMs),
      time(one.mttrMs),
    ]),
  }
  yield { kind: 'heading', level: 3, text: words.of({ zh: '最长的十次', en: 'The ten longest' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '发生', en: 'Raised' }), width: 1.6 },
      { title: words.of({ zh: '设备', en: 'Device' }), width: 2 },
      { title: words.of({ zh: '原因', en: 'Cause' }), width: 2.4 },
      { title: words.of({ zh: '持续', en: 'Lasted' }), width: 1.6 },
    ],
    rows: longest(spells, nowMs).map((one) => [
      { text: words.time(one.raisedAtMs), atMs: one.raisedAtMs },
      one.deviceName || '—',
      `${kindText(one.kind ?? one.source, words)} · ${condition(one.condition)}`,
      `${one.clearedAtMs === null ? '≥ ' : ''}${words.duration(one.lastedMs)}`,
    ]),
  }
}
