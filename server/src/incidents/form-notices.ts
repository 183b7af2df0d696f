import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { loadFacts } from '../notify/facts.ts'
import { queueNotice } from '../notify/outbox.ts'
import { cut, timeText } from '../notify/render/alarm-notice.ts'

/** What the assignee of an incident is told: that it is theirs, or that their form was given back. */
export interface FormNews {
  incidentId: number
  stepId: number
  kind: 'assigned' | 'returned'
  assigneeId: number
  by: string
  /** What was said with it. */
  text: string
}

/** Writes a notice to each contact of the assignee, whatever priority the contact is for: they are meant in person. Returns how many. */
export async function tellAssignee(transaction: Db, news: FormNews, url: string | undefined, nowMs: number): Promise<number> {
  const facts = await loadFacts(transaction, new Set(), nowMs)
  const contacts = facts.contacts.filter(({ accountId }) => accountId === news.assigneeId)
  if (contacts.length === 0) return 0
  const incident = await transaction
    .selectFrom('incident')
    .leftJoin('room', 'room.id', 'incident.roomId')
    .leftJoin('device', 'device.id', 'incident.deviceId')
    .select(['incident.openedAtMs', 'room.name as room', 'device.name as device', 'device.nameEn as deviceEn'])
    .where('incident.id', '=', news.incidentId)
    .executeTakeFirstOrThrow()
  const alarms = await transaction
    .selectFrom('incidentAlarm')
    .innerJoin('alarm', 'alarm.id', 'incidentAlarm.alarmId')
    .select('alarm.priority')
    .where('incidentAlarm.incidentId', '=', news.incidentId)
    .execute()
  const rank = Math.max(2, ...alarms.map(({ priority }) => ALARM_PRIORITIES.indexOf(priority as AlarmPriority)))
  const priority = ALARM_PRIORITIES[rank] ?? 'high'
  for (const to of contacts) {
    const { channelId, accountId, name, address, language } = to
    const device = (language === 'en' && incident.deviceEn) || incident.device || ''
    const words = { ...news, room: incident.room ?? '', device, openedAtMs: incident.openedAtMs }
    await queueNotice(
      transaction,
      {
        ...formNotice(words, language),
        key: `incident-step${news.stepId}`,
        to: { channelId, accountId, name, address, language },
        kind: 'assignment',
        priority,
        alarmId: null,
        transitionId: null,
        incidentId: news.incidentId,
        tier: 0,
        detail: {
          ...(url === undefined ? {} : { url }),
          atMs: nowMs,
          facts: {
            alarmId: null,
            incidentId: news.incidentId,
            room: words.room,
            device,
            point: '',
            condition: `incident-${news.kind}`,
            value: '',
            limit: '',
            state: 'open',
          },
        },
      },
      nowMs,
    )
  }
  return contacts.length
}

interface FormWords extends FormNews {
  room: string
  device: string
  openedAtMs: number
}

/** The words of it: which incident, who, what to do. */
export function formNotice(words: FormWords, language: 'zh' | 'en'): { title: string; text: string } {
  const zh = language === 'zh'
  const { incidentId, by, text, openedAtMs } = words
  const place = [words.room, words.device].filter(Boolean).join(' ')
  const isReturned = words.kind === 'returned'
  const head = isReturned ? (zh ? '事件退回' : 'Incident given back') : zh ? '事件指派' : 'Incident assigned'
  const who = isReturned
    ? zh
      ? `${by} 退回了事件 #${incidentId} 的记录`
      : `${by} gave back the record of incident #${incidentId}`
    : zh
      ? `${by} 将事件 #${incidentId} 指派给您`
      : `${by} assigned incident #${incidentId} to you`
  const lines = [
    who,
    place && `${zh ? '地点' : 'Place'}: ${place}`,
    `${zh ? '开始' : 'Since'}: ${timeText(openedAtMs)}`,
    text && `${isReturned ? (zh ? '原因' : 'Reason') : zh ? '说明' : 'Note'}: ${text}`,
    isReturned
      ? zh
        ? '请补充记录后重新签名提交'
        : 'To do: complete the record, sign and submit it again'
      : zh
        ? '请处理并填写事件记录'
        : 'To do: handle it and fill in the record',
  ]
  return { title: cut(`[${head}] #${incidentId} ${place}`.trim()), text: lines.filter(Boolean).join('\n') }
}
