import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notice } from '../channel.ts'
import { countParts, fitsGsm7, messageText } from './message-text.ts'

const notice = (change: Partial<Notice> = {}): Notice => ({
  id: '1',
  kind: 'raise',
  priority: 'high',
  language: 'zh',
  title: '信息中心机房 空调1 回风温度过高 32.1 ℃',
  text: '',
  replyCode: '123456',
  atMs: new Date(2026, 10, 23, 9, 5).getTime(),
  facts: {
    alarmId: 1,
    incidentId: 1,
    room: '信息中心机房',
    device: '空调1',
    point: '回风温度',
    condition: 'high',
    value: '32.1 ℃',
    limit: '28 ℃',
    state: 'active',
  },
  ...change,
})

describe('messageText', () => {
  it('says what and where, when, and how to acknowledge, in one Chinese message', () => {
    const text = messageText(notice(), 2)
    expect(text).toBe('【机房告警】信息中心机房 空调1 回风温度过高 32.1 ℃，11-23 09:05。回复 123456 确认')
    expect(countParts(text)).toBe(1)
  })

  it('adds room, device and value when the title does not name them', () => {
    expect(messageText(notice({ title: '温度过高' }), 2)).toBe(
      '【机房告警】温度过高，信息中心机房，空调1，32.1 ℃，11-23 09:05。回复 123456 确认',
    )
  })

  it('stays in the 7-bit alphabet in plain English, degrees included', () => {
    const facts = { ...notice().facts, room: 'Room A', device: 'AC1', value: '32.1 ℃' }
    const text = messageText(notice({ language: 'en', title: 'Room A AC1 return air too warm', facts }), 1)
    expect(text).toBe('ALARM: Room A AC1 return air too warm, 32.1 C, 11-23 09:05. Reply 123456 to acknowledge')
    expect(fitsGsm7(text)).toBe(true)
  })

  it('carries the text of a notice without a device, once', () => {
    const facts = { ...notice().facts, room: '', device: '', value: '' }
    const text = messageText(notice({ kind: 'all-clear', title: '一切正常', text: '一切正常\n12 个房间', replyCode: undefined, facts }), 2)
    expect(text).toBe('【机房平安】一切正常，12 个房间，11-23 09:05')
  })

  it('marks a drill before anything else', () => {
    expect(messageText(notice({ kind: 'drill' }), 1)).toMatch(/^【演练】/)
  })

  it('never takes more parts than allowed, keeps the reply code whole and cuts no character in two', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 400 })
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.constantFrom('zh' as const, 'en' as const),
        fc.integer({ min: 1, max: 6 }),
        (title, device, language, maxParts) => {
          const text = messageText(notice({ title, language, facts: { ...notice().facts, device } }), maxParts)
          expect(countParts(text)).toBeLessThanOrEqual(maxParts)
          expect(text).toMatch(language === 'zh' ? /。回复 123456 确认$/ : /\. Reply 123456 to acknowledge$/)
          expect(text.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})

describe('countParts', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    [`${'a'.repeat(159)}[`, 2],
    ['字'.repeat(70), 1],
    ['字'.repeat(71), 2],
    ['字'.repeat(135), 3],
  ])('%# counts as the network does', (text, parts) => expect(countParts(text)).toBe(parts))
})
