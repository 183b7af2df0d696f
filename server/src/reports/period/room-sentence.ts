import type { Words } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Span } from '../document.ts'
import { kindText } from '../record/field-text.ts'
import { numberText, type ReportWords } from '../words.ts'
import { inspectionFigures } from './inspection-figures.ts'
import type { PeriodData, RoomPeriod } from './load-period.ts'
import { coveredOf } from './slot-fold.ts'

/** Less than this share of the time with readings is told on the first page. */
const COVERED_ENOUGH = 0.95

/** What was not in order, in one sentence; nothing was: says so. */
export function roomSentence(room: RoomPeriod, data: PeriodData, words: ReportWords): Span[] {
  const wrong: Words[] = []
  for (const { kind, unit, now } of room.kinds) {
    const name = {
      zh: kindText(kind, { ...words, of: ({ zh }) => zh }),
      en: kindText(kind, { ...words, of: ({ en }) => en }).toLowerCase(),
    }
    const between = `${numberText(now.min?.value ?? null, 1)}…${numberText(now.max?.value ?? null, 1)} ${unitSymbol(unit)}`
    const lasted = words.duration(now.outMs)
    if (now.outMs > 0)
      wrong.push({ zh: `${name.zh}越限 ${lasted}（${between}）`, en: `${name.en} out of limits for ${lasted} (${between})` })
    const covered = coveredOf(now)
    const share = `${(covered * 100).toFixed(0)} %`
    if (covered < COVERED_ENOUGH)
      wrong.push({ zh: `${name.zh}只有 ${share} 的时间有读数`, en: `${name.en} read only ${share} of the time` })
  }
  const severe = data.spells.filter(({ roomId, priority }) => roomId === room.id && (priority === 'critical' || priority === 'high')).length
  if (severe > 0) wrong.push({ zh: `紧急和高级告警 ${severe} 次`, en: `${severe} critical or high ${severe === 1 ? 'alarm' : 'alarms'}` })
  const { open } = room.incidents
  if (open > 0) wrong.push({ zh: `${open} 起事件未关闭`, en: `${open} ${open === 1 ? 'incident' : 'incidents'} not closed` })
  const { late, missed } = inspectionFigures(data.inspections, data.span, room.id)
  if (missed > 0) wrong.push({ zh: `漏巡检 ${missed} 次`, en: `${missed} ${missed === 1 ? 'inspection' : 'inspections'} missed` })
  if (late > 0) wrong.push({ zh: `迟巡检 ${late} 次`, en: `${late} ${late === 1 ? 'inspection' : 'inspections'} late` })
  if (room.discharges.length > 0)
    wrong.push({
      zh: `UPS 放电 ${room.discharges.length} 次`,
      en: `${room.discharges.length} UPS ${room.discharges.length === 1 ? 'discharge' : 'discharges'}`,
    })
  const name: Span = { text: words.of({ zh: `${room.name}：`, en: `${room.name}: ` }), bold: true }
  if (data.problem !== undefined && wrong.length === 0)
    return [
      name,
      { text: words.of({ zh: '读数库没有应答，不能判断。', en: 'the readings store did not answer; nothing can be said.' }), tone: 'bad' },
    ]
  if (wrong.length > 0)
    return [
      name,
      { text: words.of({ zh: `${wrong.map(({ zh }) => zh).join('；')}。`, en: `${wrong.map(({ en }) => en).join('; ')}.` }), tone: 'bad' },
    ]
  if (room.kinds.length === 0)
    return [
      name,
      { text: words.of({ zh: '没有测点，无告警、无漏检。', en: 'has no points; no alarm, no inspection missed.' }), tone: 'muted' },
    ]
  return [name, { text: words.of({ zh: '正常。', en: 'in order.' }), tone: 'good' }]
}
