import type { Words } from '@roomkeeper/shared/registers'
import { timeText } from '../notify/render/alarm-notice.ts'

export interface DueNews {
  /** Which schedule or record. */
  what: Words
  /** Name of the room; empty: of none. */
  room: string
  dueAtMs: number
  /** soon: it is coming; overdue: for the department head. */
  kind: 'soon' | 'overdue'
  lastDoneAtMs?: number | null
  /** Due times that passed, where there are several. */
  missed?: number
}

/** What is told of a due time, in both languages. */
export function dueWords(news: DueNews, nowMs: number): { title: Words; text: Words } {
  const { room, dueAtMs, kind, lastDoneAtMs, missed = 1 } = news
  const zh = [room, news.what.zh].filter(Boolean).join(' ')
  const en = [room, news.what.en].filter(Boolean).join(' ')
  const due = minuteText(dueAtMs)
  const last = lastDoneAtMs === undefined ? undefined : lastDoneAtMs === null ? null : minuteText(lastDoneAtMs)
  const lastZh = last === undefined ? '' : last === null ? '此前没有记录' : `上次完成: ${last}`
  const lastEn = last === undefined ? '' : last === null ? 'Never done so far' : `Last done: ${last}`
  if (kind === 'soon')
    return {
      title: { zh: `[待办提醒] ${zh}`, en: `[Due soon] ${en}` },
      text: {
        zh: lines(`${zh} 应在 ${due} 前完成`, lastZh, '处置: 请按时办理并提交'),
        en: lines(`${en}: due by ${due}`, lastEn, 'To do: do it and submit it in time'),
      },
    }
  const hours = Math.floor((nowMs - dueAtMs) / 3_600_000)
  return {
    title: { zh: `[超期未办] ${zh}`, en: `[Overdue] ${en}` },
    text: {
      zh: lines(`${zh} 应在 ${due} 前完成，已超期 ${hours} 小时`, missed > 1 ? `连续错过 ${missed} 次` : '', lastZh, '处置: 请督促办理'),
      en: lines(
        `${en}: was due by ${due}, ${hours} h ago`,
        missed > 1 ? `Missed ${missed} times in a row` : '',
        lastEn,
        'To do: see that it is done',
      ),
    },
  }
}

function minuteText(atMs: number): string {
  return timeText(atMs).slice(0, 16)
}

function lines(...parts: string[]): string {
  return parts.filter(Boolean).join('\n')
}
