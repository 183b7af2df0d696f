import type { Notice } from '../channel.ts'
import { plainLine } from '../plain-text.ts'

/** First words of a message. What is a drill or a test says so before anything else. */
const TAGS: Record<Notice['kind'], { zh: string; en: string }> = {
  raise: { zh: '【机房告警】', en: 'ALARM: ' },
  clear: { zh: '【告警恢复】', en: 'CLEARED: ' },
  're-alarm': { zh: '【告警加重】', en: 'WORSE: ' },
  escalation: { zh: '【告警升级】', en: 'ESCALATED: ' },
  drill: { zh: '【演练】', en: 'DRILL: ' },
  test: { zh: '【测试】', en: 'TEST: ' },
  'all-clear': { zh: '【机房平安】', en: 'ALL CLEAR: ' },
  system: { zh: '【监控系统】', en: 'MONITORING: ' },
  assignment: { zh: '【事件指派】', en: 'ASSIGNED: ' },
  reminder: { zh: '【提醒】', en: 'REMINDER: ' },
  report: { zh: '【报告】', en: 'REPORT: ' },
  heartbeat: { zh: '【心跳】', en: 'HEARTBEAT: ' },
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** ASCII has its place in the GSM 7-bit alphabet, but for the backtick (3GPP TS 23.038 §6.2.1). Other letters there are left to UCS-2. */
const GSM7_TEXT = /^[\n\x20-\x5f\x61-\x7e]*$/
/** Characters of the extension table cost two septets. */
const GSM7_DOUBLE = /[[\]\\^{|}~]/g

export function fitsGsm7(text: string): boolean {
  return GSM7_TEXT.test(text)
}

/**
 * Parts the text takes: 160 septets or 70 UCS-2 units alone, 153 or 67 each when joined (TS 23.040 §9.2.3.24.1: six octets of every part
 * go to the header that joins them).
 */
export function countParts(text: string): number {
  const isGsm7 = fitsGsm7(text)
  const units = isGsm7 ? text.length + (text.match(GSM7_DOUBLE)?.length ?? 0) : text.length
  const [alone, joined] = isGsm7 ? ([160, 153] as const) : ([70, 67] as const)
  return units <= alone ? 1 : Math.ceil(units / joined)
}

/**
 * The notice in at most `maxParts` parts. What, where and how much come first, then the time; the reply code is always whole. What is too
 * long is cut at the border of a character as a reader sees it.
 */
export function messageText(notice: Notice, maxParts: number): string {
  const tail = tailOf(notice)
  const body = withoutDegreeSign(TAGS[notice.kind][notice.language] + essence(notice), notice.language)
  const whole = body + tail
  if (countParts(whole) <= maxParts) return whole
  const ellipsis = fitsGsm7(whole) ? '...' : '…'
  let kept = ''
  // Alone, an ellipsis never makes it fit less: the tail has at most 20 characters and the smallest message 70.
  for (const { segment } of graphemes.segment(body.slice(0, maxParts * 160))) {
    if (countParts(kept + segment + ellipsis + tail) > maxParts) break
    kept += segment
  }
  return kept.trimEnd() + ellipsis + tail
}

/** Title, those facts it does not name, and for notices without a device the text. */
function essence(notice: Notice): string {
  const title = plainLine(notice.title)
  const { facts, language } = notice
  const missing = [facts.room, facts.device, facts.value].map(plainLine).filter((fact) => fact !== '' && !title.includes(fact))
  const isAboutDevice = facts.device !== ''
  const text = isAboutDevice ? '' : plainLine(notice.text.startsWith(notice.title) ? notice.text.slice(notice.title.length) : notice.text)
  const separator = language === 'zh' ? '，' : ', '
  return [title, ...missing, text, shortTime(notice.atMs)].filter((piece) => piece !== '').join(separator)
}

function tailOf({ replyCode, language }: Notice): string {
  if (replyCode === undefined) return ''
  return language === 'zh' ? `。回复 ${replyCode} 确认` : `. Reply ${replyCode} to acknowledge`
}

/** "11-23 09:30" in the time zone of the server, which stands beside the machine room. */
function shortTime(atMs: number): string {
  const date = new Date(atMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** One degree sign would turn an English message into UCS-2 and halve what fits. */
function withoutDegreeSign(text: string, language: 'zh' | 'en'): string {
  return language === 'en' ? text.replace(/℃|°C/g, 'C') : text
}
