import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import { cut, type NoticeText, timeText } from '../notify/render/alarm-notice.ts'
import { type Language, PRIORITY_WORDS } from '../notify/render/words.ts'
import type { Reason } from './decide-drill.ts'

/** What the daily message is decided by. */
export interface AllClearFacts {
  /** Alarms whose condition holds and that people are told of. */
  standing: Partial<Record<AlarmPriority, number>>
  /** Returned, and nobody has acknowledged. */
  returned: number
  /** Their condition holds, and they are shelved, suppressed or out of service. */
  silent: number
  points: number
  pointsLive: number
  agents: number
  agentsOnline: number
  /** Labels of channels that fail. */
  failingChannels: readonly string[]
  isNobodyOnDuty: boolean
  /** Parts of the server that are not well, with their own words. */
  illParts: readonly { name: string; message: string }[]
  drill: { state: 'passed' | 'failed' | 'running'; atMs: number; acknowledgedMs: number | null; reason: Reason | null } | null
  /** Drills are held each week. */
  isDrillPlanned: boolean
  nowMs: number
  /** So much later than planned, because the server was away. */
  lateMs: number
}

/** A weekly drill, and a day for one that was put off. */
const DRILL_OLD_MS = 8 * 24 * 3_600_000
/** Later than this is said. */
const LATE_MS = 10 * 60_000

const PARTS: Readonly<Record<string, Record<Language, string>>> = {
  database: { zh: '数据库', en: 'database' },
  alarms: { zh: '告警', en: 'alarms' },
  notices: { zh: '通知', en: 'notices' },
  readings: { zh: '读数存储', en: 'readings store' },
  broker: { zh: 'MQTT 服务器', en: 'MQTT broker' },
}

/** What is not well, one line each; empty: all is. */
export function whatIsWrong(facts: AllClearFacts, language: Language): string[] {
  const zh = language === 'zh'
  const { drill } = facts
  const counts = ALARM_PRIORITIES.toReversed().flatMap((priority) => {
    const count = facts.standing[priority] ?? 0
    return count === 0 ? [] : [`${PRIORITY_WORDS[priority][language]} ${count}`]
  })
  const standing = Object.values(facts.standing).reduce((sum, count) => sum + count, 0)
  const stale = facts.points - facts.pointsLive
  const away = facts.agents - facts.agentsOnline
  const say = (is: boolean, zhText: string, enText: string): string[] => (is ? [zh ? zhText : enText] : [])
  return [
    ...say(standing > 0, `${standing} 条告警未恢复（${counts.join('，')}）`, `${standing} alarms standing (${counts.join(', ')})`),
    ...say(facts.returned > 0, `${facts.returned} 条告警已恢复但无人确认`, `${facts.returned} alarms returned, not acknowledged`),
    ...say(
      facts.silent > 0,
      `${facts.silent} 条告警仍成立，但被搁置、抑制或停用`,
      `${facts.silent} alarms hold, but are shelved, suppressed or out of service`,
    ),
    ...say(facts.points === 0, '没有任何测点', 'there are no points at all'),
    ...say(stale > 0, `${stale} 个测点没有新数据`, `${stale} points without fresh data`),
    ...say(facts.agents === 0, '没有任何采集器', 'there are no agents at all'),
    ...say(away > 0, `${away} 个采集器离线`, `${away} agents offline`),
    ...facts.illParts.flatMap(({ name, message }) =>
      say(true, `${PARTS[name]?.zh ?? name}异常：${message}`, `${PARTS[name]?.en ?? name} not well: ${message}`),
    ),
    ...facts.failingChannels.flatMap((label) => say(true, `通道“${label}”无法送达`, `channel “${label}” cannot deliver`)),
    ...say(facts.isNobodyOnDuty, '无人值班或值班人员无法通知', 'nobody on duty can be reached'),
    ...say(drill?.state === 'failed', `上次演练未通过：${drill?.reason?.zh ?? ''}`, `the last drill failed: ${drill?.reason?.en ?? ''}`),
    ...say(
      drill !== null && facts.isDrillPlanned && facts.nowMs - drill.atMs > DRILL_OLD_MS,
      `已有 ${daysSince(facts)} 天没有演练`,
      `no drill for ${daysSince(facts)} days`,
    ),
  ]
}

function daysSince({ drill, nowMs }: AllClearFacts): number {
  return Math.floor((nowMs - (drill?.atMs ?? nowMs)) / 86_400_000)
}

/** The daily message. It says "all well" only when nothing at all is wrong. */
export function renderAllClear(facts: AllClearFacts, language: Language): NoticeText {
  const zh = language === 'zh'
  const wrong = whatIsWrong(facts, language)
  const head = zh ? '[每日平安]' : '[Daily]'
  const title =
    wrong.length === 0
      ? `${head} ${zh ? '一切正常' : 'all well'}`
      : `${head} ${zh ? `${wrong.length} 项不正常` : `${wrong.length} not well`}${zh ? '：' : ': '}${wrong[0] ?? ''}`
  const well = [
    zh ? '没有未恢复的告警' : 'no standing alarms',
    zh ? `${facts.pointsLive}/${facts.points} 个测点有新数据` : `${facts.pointsLive} of ${facts.points} points live`,
    zh ? `${facts.agentsOnline}/${facts.agents} 个采集器在线` : `${facts.agentsOnline} of ${facts.agents} agents online`,
    zh ? '存储、MQTT 与通知通道正常' : 'store, broker and channels well',
  ]
  const counted = [well[1], well[2]].filter((line) => line !== undefined)
  const late = Math.round(facts.lateMs / 60_000)
  const lines = [
    title,
    ...(facts.lateMs > LATE_MS
      ? [zh ? `晚发 ${late} 分钟：到点时服务器没有运行` : `Sent ${late} min late: the server was not running when it was due`]
      : []),
    ...(wrong.length === 0 ? well : [...wrong, ...counted]).map((line) => `· ${line}`),
    `· ${drillLine(facts, language)}`,
    timeText(facts.nowMs),
    zh ? '哪天没有收到本消息，请检查监控系统。' : 'If this message does not come one day, look after the monitoring.',
  ]
  return { title: cut(title), text: lines.join('\n') }
}

function drillLine({ drill }: AllClearFacts, language: Language): string {
  const zh = language === 'zh'
  if (drill === null) return zh ? '还没有演练过' : 'no drill yet'
  const state = { passed: zh ? '通过' : 'passed', failed: zh ? '未通过' : 'failed', running: zh ? '进行中' : 'going on' }[drill.state]
  const seconds = drill.acknowledgedMs === null ? null : Math.round(drill.acknowledgedMs / 1000)
  const took = seconds === null ? '' : zh ? `，${seconds} 秒后有人确认` : `, acknowledged after ${seconds} s`
  return `${zh ? '上次演练' : 'Last drill'} ${timeText(drill.atMs)} ${state}${took}`
}
