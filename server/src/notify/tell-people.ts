import type { AlarmPriority } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import type { Notice } from './channels/channel.ts'
import { loadContacts } from './facts.ts'
import { queueNotice } from './outbox.ts'
import { cut } from './render/alarm-notice.ts'
import { contactsOf, type NoticeRecipient } from './stages/recipients.ts'

/** What is told to named people, outside of alarms: a reminder, a request to approve. */
export interface PersonNews {
  /** The same key is told once to each person. */
  key: string
  accountIds: readonly number[]
  title: { zh: string; en: string }
  text: { zh: string; en: string }
  /** Path in the dashboard, e.g. `/registers/visit/12`. */
  path?: string
  priority: AlarmPriority
  /** Default: reminder. */
  kind?: 'reminder' | 'assignment'
  incidentId?: number
  /** For machines: webhook, syslog, trap. */
  facts?: Partial<Notice['facts']>
}

const NO_FACTS: Notice['facts'] = {
  alarmId: null,
  incidentId: null,
  room: '',
  device: '',
  point: '',
  condition: 'reminder',
  value: '',
  limit: '',
  state: 'open',
}

/**
 * Writes a notice to each of these people's contacts that wants this priority (to all of them when none does) into the outbox, in the caller's
 * transaction; it is sent within a second. Returns how many; people without a contact see it in the browser only.
 */
export async function tellPeople(transaction: Db, news: PersonNews, nowMs: number): Promise<number> {
  const accountIds = [...new Set(news.accountIds)]
  if (accountIds.length === 0) return 0
  const subject = { priority: news.priority, source: 'person', sourceId: 0 }
  const to = contactsOf(accountIds, subject, { channels: [], contacts: await loadContacts(transaction), onDuty: [] })
  for (const contact of to) await queueNotice(transaction, noticeTo(contact, news, nowMs), nowMs)
  return to.length
}

function noticeTo(to: NoticeRecipient, news: PersonNews, nowMs: number): Parameters<typeof queueNotice>[1] {
  const { key, priority, path, incidentId = null } = news
  return {
    key,
    to,
    title: cut(news.title[to.language]),
    text: news.text[to.language],
    kind: news.kind ?? 'reminder',
    priority,
    alarmId: null,
    transitionId: null,
    incidentId,
    tier: 0,
    detail: { ...(path === undefined ? {} : { path }), atMs: nowMs, facts: { ...NO_FACTS, incidentId, ...news.facts } },
  }
}
