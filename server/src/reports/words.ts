import type { Words } from '@roomkeeper/shared/registers'
import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import type { ReportLanguage } from './document.ts'

/** Texts of a report in its language, and times by the hospital's clock. */
export interface ReportWords {
  language: ReportLanguage
  timeZone: string
  of(words: Words): string
  /** 2026-03-02 08:05 */
  time(atMs: number): string
  /** 2026-03-02 */
  date(atMs: number): string
  duration(ms: number): string
}

const two = (number: number): string => String(number).padStart(2, '0')

export function reportWords(language: ReportLanguage, timeZone: string): ReportWords {
  const date = (atMs: number): string => {
    const { year, month, day } = wallTimeOf(atMs, timeZone)
    return `${year}-${two(month)}-${two(day)}`
  }
  return {
    language,
    timeZone,
    of: (words) => words[language],
    date,
    time: (atMs) => {
      const { hour, minute } = wallTimeOf(atMs, timeZone)
      return `${date(atMs)} ${two(hour)}:${two(minute)}`
    },
    duration: (ms) => {
      const minutes = Math.round(ms / 60_000)
      const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
      const parts: [number, string, string][] = [
        [days, '天', 'd'],
        [hours, '小时', 'h'],
        [rest, '分钟', 'min'],
      ]
      const shown = parts.filter(([amount]) => amount > 0).slice(0, 2)
      if (shown.length === 0) return language === 'zh' ? '不到 1 分钟' : 'under 1 min'
      return shown.map(([amount, zh, en]) => `${amount} ${language === 'zh' ? zh : en}`).join(' ')
    },
  }
}

export function numberText(value: number | null, digits = 2): string {
  return value === null ? '—' : String(Number(value.toFixed(digits)))
}
