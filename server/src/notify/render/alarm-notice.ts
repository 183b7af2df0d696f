import {
  type AlarmCondition,
  type AlarmPriority,
  type AlarmSource,
  isPointKind,
  type NoticeKind,
  POINT_KINDS,
  type ReadingValue,
} from '@roomkeeper/shared/model'
import type { AlarmNoticeFacts } from './alarm-facts.ts'
import { CONDITION_WORDS, type Language, PRIORITY_WORDS, whatToDo } from './words.ts'

export interface NoticeText {
  title: string
  text: string
}

/** Told of an alarm: what happened to it, and why this person hears of it. */
export interface AlarmNews {
  kind: NoticeKind
  event: string
  atMs: number
  /** 0: those on duty; more: nobody has acknowledged for so long. */
  tier: number
  /** Standing for so long without an acknowledgement, ms; for escalations. */
  waitedMs: number
}

/** A channel's title has 60 characters at most. */
const TITLE_LENGTH = 60

/** The words of one notice. Never throws: what cannot be put into words is told by its raw facts. */
export function renderAlarmNotice(facts: AlarmNoticeFacts, news: AlarmNews, language: Language, words = wordsOf): NoticeText {
  try {
    return words(facts, news, language)
  } catch {
    return rawFacts(facts, news)
  }
}

function wordsOf(facts: AlarmNoticeFacts, news: AlarmNews, language: Language): NoticeText {
  const zh = language === 'zh'
  const { alarm } = facts
  const condition = CONDITION_WORDS[alarm.condition as AlarmCondition][language]
  const what = subjectText(facts, language)
  const value = valueText(facts.value, facts)
  const isDrill = alarm.drill === 1
  const head = `${isDrill ? DRILL[language] : ''}${HEADS[headOf(facts, news)][language]}`
  const paper = news.kind === 'clear' ? null : facts.withoutPaper
  const mark = paper === null ? '' : zh ? '无单据' : 'without paper'
  const title = cut([`[${head}]`, facts.room, what, condition, mark || (facts.kind === null ? '' : value)].filter(Boolean).join(' '))
  const lines = [
    isDrill ? DRILL_TEXT[language] : '',
    [facts.room, what, condition].filter(Boolean).join(' '),
    paper?.[language] ?? '',
    value === '' || alarm.condition === 'door-opened' ? '' : `${zh ? '当前值' : 'Value'}: ${value}${limitPart(facts, language)}`,
    `${zh ? '级别' : 'Priority'}: ${PRIORITY_WORDS[alarm.priority as AlarmPriority][language]}`,
    `${zh ? '开始' : 'Since'}: ${timeText(alarm.raisedAtMs)}`,
    ...outcome(facts, news, language),
  ]
  return { title, text: lines.filter(Boolean).join('\n') }
}

/** Nobody may take it for a real alarm, nor a real one for a drill. */
const DRILL = { zh: '演练 DRILL·', en: 'DRILL ' } as const
const DRILL_TEXT = {
  zh: '这是告警演练（DRILL），请像真实告警一样确认，无需到现场。',
  en: 'This is a DRILL (演练): acknowledge it as you would a real alarm; nothing is wrong in the room.',
} as const

const HEADS = {
  raise: { zh: '告警', en: 'Alarm' },
  late: { zh: '补报告警', en: 'Late alarm' },
  release: { zh: '静默结束，仍在告警', en: 'Alarm, silent until now' },
  clear: { zh: '恢复', en: 'Cleared' },
  're-alarm': { zh: '告警加重', en: 'Alarm, more severe' },
  escalation: { zh: '无人确认', en: 'Not acknowledged' },
} as const

function headOf({ alarm }: AlarmNoticeFacts, news: AlarmNews): keyof typeof HEADS {
  if (news.kind === 'clear' || news.kind === 're-alarm' || news.kind === 'escalation') return news.kind
  // It was not silent: its paper was waited for.
  if (news.event === 'release' && alarm.condition === 'door-opened') return 'raise'
  if (news.event === 'release') return 'release'
  return alarm.late === 1 || news.event === 'late-raise' ? 'late' : 'raise'
}

const ACKNOWLEDGE = { zh: '确认本次演练', en: 'Acknowledge this drill' } as const

/** What follows the facts: end, delay, what to do, how to answer. */
function outcome(facts: AlarmNoticeFacts, news: AlarmNews, language: Language): string[] {
  const zh = language === 'zh'
  const { alarm } = facts
  if (news.kind === 'clear') {
    const acknowledged = alarm.acknowledgedBy === null ? '' : `${zh ? '已确认' : 'Acknowledged by'}: ${alarm.acknowledgedBy}`
    return [`${zh ? '恢复' : 'Cleared'}: ${timeText(news.atMs)}`, acknowledged]
  }
  const late = headOf(facts, news) === 'late' ? (zh ? '采集中断后补收，非刚刚发生' : 'Learnt of afterwards, it did not begin just now') : ''
  const minutes = Math.round(news.waitedMs / 60_000)
  const waited = news.kind !== 'escalation' ? '' : zh ? `已 ${minutes} 分钟无人确认` : `Nobody has acknowledged for ${minutes} min`
  const advice =
    alarm.drill === 1
      ? ACKNOWLEDGE[language]
      : whatToDo(alarm.condition as AlarmCondition, facts.kind, alarm.source as AlarmSource)[language]
  const reply = facts.replyCode === null ? '' : zh ? `回复 ${facts.replyCode} 即确认` : `Reply with ${facts.replyCode} to acknowledge`
  return [late, waited, `${zh ? '处置' : 'To do'}: ${advice}`, reply]
}

/** Device and point, or what the alarm is about instead. */
function subjectText(facts: AlarmNoticeFacts, language: Language): string {
  return [facts.subject[language], facts.device[language], facts.point[language]].filter(Boolean).join(' ')
}

export function valueText(value: ReadingValue, { kind, unit }: Pick<AlarmNoticeFacts, 'kind' | 'unit'>): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'string') return value
  const info = kind !== null && isPointKind(kind) ? POINT_KINDS[kind] : undefined
  const decimals = info && 'decimals' in info ? info.decimals : 2
  const text = Number.isFinite(value) ? value.toFixed(decimals) : String(value)
  return unit === '' ? text : `${text} ${unit}`
}

function limitPart(facts: AlarmNoticeFacts, language: Language): string {
  const limit = valueText(facts.limit, facts)
  if (limit === '') return ''
  return language === 'zh' ? `（限值 ${limit}）` : ` (limit ${limit})`
}

/** Local time of the server, in the form of both languages. */
export function timeText(atMs: number): string {
  const at = new Date(atMs)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

export function cut(title: string): string {
  const characters = [...title]
  return characters.length <= TITLE_LENGTH ? title : `${characters.slice(0, TITLE_LENGTH - 1).join('')}…`
}

/** What is left when words fail: no names are looked up, nothing is formatted. */
function rawFacts({ alarm, room, replyCode }: AlarmNoticeFacts, news: AlarmNews): NoticeText {
  const facts = {
    event: news.event,
    alarm: alarm.id,
    condition: alarm.condition,
    priority: alarm.priority,
    room,
    value: alarm.valueJson,
    limit: alarm.limitJson,
    raisedAtMs: alarm.raisedAtMs,
    replyCode,
  }
  const text = Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`)
  return { title: cut(`${alarm.drill === 1 ? DRILL.zh : ''}告警 Alarm ${alarm.id} ${alarm.condition}`), text: text.join('\n') }
}
