import type { AlarmCondition } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { lockChain } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import { queueNotice } from './outbox.ts'
import { loadAlarmFacts } from './render/alarm-facts.ts'
import { cut, timeText, valueText } from './render/alarm-notice.ts'
import { CONDITION_WORDS, type Language } from './render/words.ts'
import { silentWords } from './stages/silence.ts'
import { rankOf } from './transition.ts'

/** More lines than a screen holds are not read; the rest is counted and stands in the dashboard. */
const LINES = 20

type Pair = { channelId: number; accountId: number | null }

/** Writes one notice for each person and channel whose summary is due; returns how many. */
export async function summariseDue(db: Db, nowMs: number): Promise<number> {
  const pairs = await db
    .selectFrom('noticeLater')
    .select(['channelId', 'accountId'])
    .distinct()
    .where('outboxId', 'is', null)
    .where('dueAtMs', '<=', nowMs)
    .execute()
  for (const pair of pairs)
    await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      await summarise(transaction, pair, nowMs)
    })
  return pairs.length
}

async function summarise(transaction: Db, { channelId, accountId }: Pair, nowMs: number): Promise<void> {
  const rows = await transaction
    .selectFrom('noticeLater')
    .innerJoin('alarm', 'alarm.id', 'noticeLater.alarmId')
    .selectAll('alarm')
    .select(['noticeLater.id as laterId', 'noticeLater.tier'])
    .where('noticeLater.outboxId', 'is', null)
    .where('noticeLater.channelId', '=', channelId)
    .where('noticeLater.accountId', accountId === null ? 'is' : '=', accountId)
    .orderBy('noticeLater.id')
    .execute()
  const last = rows.at(-1)
  if (!last) return
  const contact =
    accountId === null
      ? undefined
      : await transaction
          .selectFrom('contact')
          .innerJoin('account', 'account.id', 'contact.accountId')
          .select(['account.name', 'contact.address', 'contact.language'])
          .where('contact.channelId', '=', channelId)
          .where('contact.accountId', '=', accountId)
          .executeTakeFirst()
  const language: Language = contact?.language === 'en' ? 'en' : 'zh'
  const alarms = [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => rankOf(b.priority) - rankOf(a.priority))
  const words = await renderSummary(transaction, alarms, language)
  const isOver = alarms.every(({ active }) => active === 0)
  const outboxId = await queueNotice(
    transaction,
    {
      ...words,
      key: `s${last.laterId}`,
      to: { channelId, accountId, name: contact?.name ?? '', address: contact?.address ?? '', language },
      kind: isOver ? 'clear' : 'raise',
      priority: alarms[0]?.priority ?? 'low',
      alarmId: null,
      transitionId: null,
      incidentId: null,
      tier: Math.max(...rows.map(({ tier }) => tier)),
      detail: { atMs: nowMs, facts: NO_FACTS },
    },
    nowMs,
  )
  const ids = rows.map(({ laterId }) => laterId)
  for (let from = 0; from < ids.length; from += 500)
    await transaction
      .updateTable('noticeLater')
      .set({ outboxId: outboxId ?? null })
      .where('id', 'in', ids.slice(from, from + 500))
      .execute()
}

/** A notice that is not about one alarm. */
export const NO_FACTS = {
  alarmId: null,
  incidentId: null,
  room: '',
  device: '',
  point: '',
  condition: '',
  value: '',
  limit: '',
  state: '',
}

async function renderSummary(transaction: Db, alarms: readonly Selectable<Database['alarm']>[], language: Language) {
  const zh = language === 'zh'
  const standing = alarms.filter(({ active }) => active === 1).length
  const title = zh ? `[汇总] ${alarms.length} 条告警，${standing} 条未恢复` : `[Summary] ${alarms.length} alarms, ${standing} standing`
  const lines = [title]
  for (const alarm of alarms.slice(0, LINES)) {
    const facts = await loadAlarmFacts(transaction, alarm, null)
    const what = [facts.room, facts.subject[language], facts.device[language], facts.point[language]].filter(Boolean).join(' ')
    const condition = CONDITION_WORDS[alarm.condition as AlarmCondition]?.[language] ?? alarm.condition
    const value = valueText(facts.value, facts)
    lines.push([`[${stateWord(alarm.state, language)}]`, timeText(alarm.raisedAtMs), what, condition, value].filter(Boolean).join(' '))
  }
  const rest = alarms.length - LINES
  if (rest > 0) lines.push(zh ? `另有 ${rest} 条，请在“告警”页查看` : `and ${rest} more: see the page “Alarms”`)
  return { title: cut(title), text: lines.join('\n') }
}

function stateWord(state: string, language: Language): string {
  if (state === 'UNACK') return language === 'zh' ? '未确认' : 'standing'
  if (state === 'ACKED') return language === 'zh' ? '已确认' : 'acknowledged'
  if (silentWords(state) !== undefined) return language === 'zh' ? '已静默' : 'silenced'
  return language === 'zh' ? '已恢复' : 'returned'
}
