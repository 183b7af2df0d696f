import { ALARM_CONDITIONS, ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { withoutPaperWords } from '../../paper/paper-words.ts'
import { meeting } from '../../registers/definitions/meeting.ts'
import type { AlarmNoticeFacts } from './alarm-facts.ts'
import { type AlarmNews, renderAlarmNotice } from './alarm-notice.ts'

const alarm = {
  id: 7,
  source: 'point',
  sourceId: 1,
  condition: 'high',
  priority: 'high',
  state: 'UNACK',
  roomId: 1,
  deviceId: 1,
  pointId: 1,
  valueJson: '31.46',
  limitJson: '28',
  raisedAtMs: Date.UTC(2026, 2, 2, 8),
  recordedAtMs: 0,
  lastEventAtMs: 0,
  clearedAtMs: null,
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  note: null,
  late: 0,
  incidentId: 3,
  active: 1,
  latching: 0,
  drill: 0,
  holdId: null,
  windowId: null,
  causeId: null,
  recordId: null,
}
const facts: AlarmNoticeFacts = {
  alarm,
  room: '主机房',
  device: { zh: '精密空调1', en: 'CRAC 1' },
  point: { zh: '温度', en: 'Temperature' },
  kind: 'temperature',
  unit: '℃',
  value: 31.46,
  limit: 28,
  replyCode: '482913',
  subject: { zh: '', en: '' },
  withoutPaper: null,
}
const news: AlarmNews = { kind: 'raise', event: 'raise', atMs: alarm.raisedAtMs, tier: 0, waitedMs: 0 }

describe('the words of a notice', () => {
  it('say what, where, value, limit, since when, what to do and how to answer', () => {
    const { title, text } = renderAlarmNotice(facts, news, 'zh')
    expect(title).toBe('[告警] 主机房 精密空调1 温度 过高 31.5 ℃')
    expect(text.split('\n')).toEqual([
      '主机房 精密空调1 温度 过高',
      '当前值: 31.5 ℃（限值 28.0 ℃）',
      '级别: 高',
      expect.stringMatching(/^开始: 2026-03-02 \d\d:00:00$/) as string,
      '处置: 检查空调运行与机房门',
      '回复 482913 即确认',
    ])
    expect(renderAlarmNotice(facts, news, 'en').text).toContain('Value: 31.5 ℃ (limit 28.0 ℃)')
  })

  it('say that it is late, over, or that nobody has acknowledged', () => {
    expect(renderAlarmNotice({ ...facts, alarm: { ...alarm, late: 1 } }, news, 'zh').title).toContain('补报告警')
    const clear = renderAlarmNotice(facts, { ...news, kind: 'clear', event: 'clear' }, 'en')
    expect(clear.title).toContain('[Cleared]')
    expect(clear.text).not.toContain('acknowledge')
    expect(renderAlarmNotice(facts, { ...news, kind: 'escalation', waitedMs: 600_000 }, 'zh').text).toContain('已 10 分钟无人确认')
  })

  it('of a drill say so before anything else, whatever happens to it', () => {
    const drill = { ...facts, alarm: { ...alarm, drill: 1 } }
    for (const kind of ['raise', 're-alarm', 'escalation', 'clear'] as const) {
      const chinese = renderAlarmNotice(drill, { ...news, kind }, 'zh')
      expect(chinese.title).toMatch(/^\[演练 DRILL·/)
      expect(chinese.text).toMatch(/^这是告警演练/)
      const english = renderAlarmNotice(drill, { ...news, kind }, 'en')
      expect(english.title).toMatch(/^\[DRILL /)
      expect(english.text).toMatch(/^This is a DRILL/)
      expect(english.text).not.toContain('air condition')
    }
    const broken = (): never => {
      throw new TypeError('no words')
    }
    expect(renderAlarmNotice(drill, news, 'zh', broken).title).toMatch(/^演练 DRILL/)
  })

  it('of what has no paper say so, and which would have covered it', () => {
    const door = { ...alarm, condition: 'door-opened', priority: 'medium', valueJson: 'true', limitJson: '"true"' }
    const withoutPaper = withoutPaperWords({ ...door, state: 'RTNUN' }, [
      { ...meeting, title: { zh: '来访登记', en: 'Visits' }, covers: { states: ['inside'], events: ['door-opened'] } },
    ])
    const opened = {
      ...facts,
      alarm: door,
      kind: 'door',
      value: true,
      limit: 'true',
      device: { zh: '门磁', en: 'Door' },
      point: { zh: '', en: '' },
      withoutPaper,
    }
    const { title, text } = renderAlarmNotice(opened, { ...news, event: 'release' }, 'zh')
    expect(title).toBe('[告警] 主机房 门磁 开门 无单据')
    expect(text.split('\n').slice(0, 3)).toEqual(['主机房 门磁 开门', '无单据: 当时没有来访登记与之对应', '级别: 中'])
    expect(renderAlarmNotice(opened, news, 'en').text).toContain('Without paper: no record covers it (visits)')
    expect(renderAlarmNotice(opened, { ...news, kind: 'clear' }, 'zh').title).not.toContain('无单据')
  })

  it('exist for every condition and priority in both languages, in a title of at most 60 characters', () => {
    const long = { ...facts, room: '很'.repeat(80) }
    for (const condition of ALARM_CONDITIONS)
      for (const priority of ALARM_PRIORITIES)
        for (const language of ['zh', 'en'] as const) {
          const { title, text } = renderAlarmNotice({ ...long, alarm: { ...alarm, condition, priority } }, news, language)
          expect([...title].length).toBeLessThanOrEqual(60)
          expect(text).not.toMatch(/undefined|NaN|null/)
        }
  })

  it('fall back to the raw facts when they fail', () => {
    const broken = (): never => {
      throw new TypeError('cannot read properties of undefined')
    }
    const { title, text } = renderAlarmNotice(facts, news, 'zh', broken)
    expect(title).toBe('告警 Alarm 7 high')
    expect(text).toContain('value: 31.46')
    expect(text).toContain('replyCode: 482913')
  })
})
