import type { RegisterDefinition, Words } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'

/** What an alarm of a schedule or a record is about, and its page in the dashboard. */
export interface AlarmSubject extends Words {
  path: string
}

/** Schedules that nobody has named otherwise go by the name of their register. */
export function scheduleName(
  { register, title }: { register: string; title: string },
  definitions: readonly RegisterDefinition[] = DEFINITIONS,
): Words {
  const definition = definitions.find(({ name }) => name === register)
  return definition?.title.zh === title ? definition.title : { zh: title, en: title }
}

export function recordName(
  { register, number, title }: { register: string; number: string; title: string },
  definitions: readonly RegisterDefinition[] = DEFINITIONS,
): Words {
  const definition = definitions.find(({ name }) => name === register)
  const named = (word: string): string => [word, number, title].filter(Boolean).join(' ')
  return { zh: named(definition?.title.zh ?? register), en: named(definition?.title.en ?? register) }
}

const REPORT_NAMES: Readonly<Record<string, Words>> = {
  daily: { zh: '日报', en: 'Daily report' },
  weekly: { zh: '周报', en: 'Weekly report' },
  monthly: { zh: '月报', en: 'Monthly report' },
  yearly: { zh: '年报', en: 'Yearly report' },
}

/** Of a report schedule: what is reported, and of which room. */
export function reportName({ kind, roomName }: { kind: string; roomName: string | null }): Words {
  const name = REPORT_NAMES[kind] ?? { zh: kind, en: kind }
  return { zh: `${name.zh} · ${roomName ?? '全院'}`, en: `${name.en} · ${roomName ?? 'all rooms'}` }
}

export const reportSchedulePath = (scheduleId: number): string => `/reports?schedule=${scheduleId}`
export const schedulePath = (scheduleId: number): string => `/calendar?schedule=${scheduleId}`
export const recordPath = (register: string, recordId: number): string => `/registers/${register}/${recordId}`

/** By `source/sourceId`; alarms of other sources have none. */
export async function alarmSubjects(
  db: Db,
  alarms: readonly { source: string; sourceId: number }[],
): Promise<ReadonlyMap<string, AlarmSubject>> {
  const idsOf = (source: string): number[] => [...new Set(alarms.flatMap((alarm) => (alarm.source === source ? [alarm.sourceId] : [])))]
  const found = new Map<string, AlarmSubject>()
  const scheduleIds = idsOf('schedule')
  if (scheduleIds.length > 0)
    for (const row of await db.selectFrom('schedule').select(['id', 'register', 'title']).where('id', 'in', scheduleIds).execute())
      found.set(`schedule/${row.id}`, { ...scheduleName(row), path: schedulePath(row.id) })
  const recordIds = idsOf('record')
  if (recordIds.length > 0) {
    const rows = db.selectFrom('registerRecord').select(['id', 'register', 'number', 'title']).where('id', 'in', recordIds)
    for (const row of await rows.execute()) found.set(`record/${row.id}`, { ...recordName(row), path: recordPath(row.register, row.id) })
  }
  const reportIds = idsOf('report')
  if (reportIds.length > 0) {
    const rows = db
      .selectFrom('reportSchedule')
      .leftJoin('room', 'room.id', 'reportSchedule.roomId')
      .select(['reportSchedule.id', 'reportSchedule.kind', 'room.name as roomName'])
      .where('reportSchedule.id', 'in', reportIds)
    for (const row of await rows.execute()) found.set(`report/${row.id}`, { ...reportName(row), path: reportSchedulePath(row.id) })
  }
  return found
}
