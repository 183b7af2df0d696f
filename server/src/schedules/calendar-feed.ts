import type { CalendarEntry } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import ical, { ICalAlarmType } from 'ical-generator'
import { recordPath, scheduleName, schedulePath } from './subjects.ts'

export interface FeedOptions {
  language: 'zh' | 'en'
  nowMs: number
  definitions: readonly RegisterDefinition[]
  /** Hours before its due time at which people are reminded, by schedule. */
  remindHoursOf(scheduleId: number): number
  /** Of a page of the dashboard; undefined while the server does not know its own address. */
  pageUrl(path: string): string | undefined
}

/** Calendar programs show something without a length as nothing. */
const SHOWN_MS = 30 * 60_000
/** Programs look again so often, s; few heed it. */
const TTL_S = 3600

const WORDS = {
  due: { zh: '待办', en: 'Due' },
  overdue: { zh: '超期', en: 'Overdue' },
  done: { zh: '已完成', en: 'Done' },
  missed: { zh: '错过', en: 'Missed' },
  record: { zh: '截止', en: 'Deadline' },
} as const

/** The calendar as an iCal file (RFC 5545). The same thing keeps its UID, so that programs move it instead of showing it twice. */
export function calendarFeed(
  entries: readonly CalendarEntry[],
  { language, nowMs, definitions, remindHoursOf, pageUrl }: FeedOptions,
): string {
  const zh = language === 'zh'
  const calendar = ical({
    name: zh ? '机房管家' : 'Roomkeeper',
    description: zh ? '巡检、保养与各类台账的到期时间' : 'When inspections, maintenance and other registers are due',
    prodId: { company: 'Roomkeeper', product: 'Calendar', language: zh ? 'ZH' : 'EN' },
    ttl: TTL_S,
  })
  for (const entry of entries) {
    const { kind, atMs, scheduleId, recordId, register, roomName, overdue } = entry
    const head = WORDS[overdue ? 'overdue' : kind][language]
    const path = recordId === null ? schedulePath(scheduleId ?? 0) : recordPath(register, recordId)
    const url = pageUrl(path)
    const event = calendar.createEvent({
      id: `${uidOf(entry)}@roomkeeper`,
      stamp: new Date(nowMs),
      start: new Date(atMs),
      end: new Date(atMs + SHOWN_MS),
      summary: `[${head}] ${[roomName, textOf(entry, definitions, language)].filter(Boolean).join(' ')}`,
      ...(roomName === null ? {} : { location: roomName }),
      ...(url === undefined ? {} : { url }),
    })
    const remindS = scheduleId === null || kind !== 'due' ? 0 : remindHoursOf(scheduleId) * 3600
    if (remindS > 0) event.createAlarm({ type: ICalAlarmType.display, trigger: remindS })
  }
  return calendar.toString()
}

function uidOf({ kind, scheduleId, recordId, atMs }: CalendarEntry): string {
  if (kind === 'due' || kind === 'missed') return `schedule-${scheduleId}-${atMs}`
  return `${kind}-${recordId}`
}

function textOf({ kind, register, text }: CalendarEntry, definitions: readonly RegisterDefinition[], language: 'zh' | 'en'): string {
  if (kind === 'due' || kind === 'missed') return scheduleName({ register, title: text }, definitions)[language]
  const definition = definitions.find(({ name }) => name === register)
  return `${definition?.title[language] ?? register} ${text}`
}
