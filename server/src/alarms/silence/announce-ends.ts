import type { AlarmPriority } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { lockChain } from '../../audit/audit.ts'
import type { Database, Db } from '../../database/schema.ts'
import { loadFacts, type PlaceKinds } from '../../notify/facts.ts'
import { dedupeKeyOf, queueNotice } from '../../notify/outbox.ts'
import { cut, timeText } from '../../notify/render/alarm-notice.ts'
import { contactsOf, recipients } from '../../notify/stages/recipients.ts'
import { NO_FACTS } from '../../notify/summaries.ts'
import { holdLabel } from './hold-label.ts'

type HoldRow = Selectable<Database['alarmHold']>

const ANNOUNCE_MS = 10 * 60_000
const DAY_MS = 86_400_000
/** What is out of service without an end is asked after so often: things that are "only for today" stay for years. */
export const FORGOTTEN_MS = 30 * DAY_MS

/** When the end is announced: 10 minutes before, or a quarter of its length when that is shorter; without an end, every 30 days. */
export function announceAtMs({ fromMs, untilMs, announcedAtMs }: Pick<HoldRow, 'fromMs' | 'untilMs' | 'announcedAtMs'>): number | null {
  if (untilMs === null) return (announcedAtMs ?? fromMs) + FORGOTTEN_MS
  return announcedAtMs === null ? untilMs - Math.min(ANNOUNCE_MS, (untilMs - fromMs) / 4) : null
}

/** Tells whoever asked for a silence, and whoever is on duty, that it is about to end. Returns how many ends were announced. */
export async function announceEnds(deps: { db: Db; placeKinds: PlaceKinds }, nowMs: number): Promise<number> {
  const isDue = (hold: HoldRow): boolean => {
    const atMs = announceAtMs(hold)
    return atMs !== null && atMs <= nowMs && (hold.untilMs === null || hold.untilMs > nowMs)
  }
  const open = (db: Db) => db.selectFrom('alarmHold').selectAll().where('endedAtMs', 'is', null).orderBy('id').execute()
  if (!(await open(deps.db)).some(isDue)) return 0
  return deps.db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const due = (await open(transaction)).filter(isDue)
    const facts = await loadFacts(transaction, deps.placeKinds, nowMs)
    for (const hold of due) {
      const standing = await standingUnder(transaction, hold.id)
      const subject = { priority: standing[0]?.priority ?? 'medium', source: '', sourceId: 0 } as const
      const persons = contactsOf(hold.accountId === null ? [] : [hold.accountId], subject, facts)
      const onDuty = recipients(subject, facts).to.filter(({ accountId }) => accountId !== null)
      const label = await holdLabel(transaction, hold)
      for (const to of new Map([...persons, ...onDuty].map((one) => [dedupeKeyOf('', one), one])).values())
        await queueNotice(
          transaction,
          {
            ...wordsOf(hold, label[to.language], standing.length, to.language),
            key: `h${hold.id}/${hold.untilMs ?? Math.floor(nowMs / DAY_MS)}`,
            to,
            kind: 'system',
            priority: subject.priority,
            alarmId: null,
            transitionId: null,
            incidentId: null,
            tier: 0,
            detail: { atMs: nowMs, facts: NO_FACTS },
          },
          nowMs,
        )
      await transaction.updateTable('alarmHold').set({ announcedAtMs: nowMs }).where('id', '=', hold.id).execute()
    }
    return due.length
  })
}

/** Alarms that stand silent by it, the most urgent first. */
async function standingUnder(db: Db, holdId: number): Promise<{ priority: AlarmPriority }[]> {
  const rows = await db.selectFrom('alarm').select('priority').where('holdId', '=', holdId).where('active', '=', 1).execute()
  const rank: Record<string, number> = { low: 0, medium: 1, high: 2, critical: 3 }
  return rows
    .map(({ priority }) => ({ priority: priority as AlarmPriority }))
    .sort((a, b) => (rank[b.priority] ?? 0) - (rank[a.priority] ?? 0))
}

function wordsOf(hold: HoldRow, label: string, standing: number, language: 'zh' | 'en'): { title: string; text: string } {
  const zh = language === 'zh'
  const isShelf = hold.kind === 'shelve'
  const what = zh ? (isShelf ? '搁置' : '停用') : isShelf ? 'Shelving' : 'Out of service'
  const now =
    standing === 0
      ? zh
        ? '目前没有告警'
        : 'Nothing stands now'
      : zh
        ? `目前有 ${standing} 条告警仍然存在`
        : `${standing} ${standing === 1 ? 'alarm stands' : 'alarms stand'} now`
  const reason = `${zh ? '原因' : 'Reason'}: ${hold.reason} (${hold.by}, ${timeText(hold.fromMs)})`
  if (hold.untilMs === null)
    return {
      title: cut(zh ? `[仍在停用] ${label}` : `[Still out of service] ${label}`),
      text: [
        label,
        zh ? `自 ${timeText(hold.fromMs)} 起停用，没有结束时间` : `Out of service since ${timeText(hold.fromMs)}, without an end`,
        now,
        reason,
        zh ? '处置: 工作已完成请结束停用' : 'To do: end it when the work is done',
      ].join('\n'),
    }
  return {
    title: cut(zh ? `[${what}即将结束] ${label}` : `[${what} ends soon] ${label}`),
    text: [
      label,
      `${zh ? `${what}到` : `${what} ends at`} ${timeText(hold.untilMs)}`,
      now,
      reason,
      zh
        ? '到时仍存在的告警会重新通知；需要更久请延长并写明原因'
        : 'Alarms that still stand then are told again; extend it with a reason if it takes longer',
    ].join('\n'),
  }
}
