import type { AllClearPlan } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { queueNotice } from '../notify/outbox.ts'
import type { NoticeText } from '../notify/render/alarm-notice.ts'
import type { NoticeRecipient } from '../notify/stages/recipients.ts'
import { NO_FACTS } from '../notify/summaries.ts'
import { type AllClearFactsDeps, loadAllClearFacts } from './all-clear-facts.ts'
import { renderAllClear } from './all-clear-text.ts'
import { decideDue, isFromTheFuture } from './decide-due.ts'
import { readProofSetting, writeProofSetting } from './stored-settings.ts'

export interface AllClearDeps extends AllClearFactsDeps {
  clock: { nowMs(): number }
  timeZone: string
  change(change: Change): void
  /** Something is in the outbox. */
  wake(): void
}

/** Once a minute: the daily message, when it is its time. One for each day, also over restarts. */
export async function allClearMinute(deps: AllClearDeps): Promise<void> {
  const { db, clock, timeZone } = deps
  const nowMs = clock.nowMs()
  const plan = await readProofSetting(db, 'allClearPlan')
  const doneUntilMs = await readProofSetting(db, 'allClearDoneUntilMs')
  if (doneUntilMs === null || isFromTheFuture(doneUntilMs, nowMs)) return writeProofSetting(db, 'allClearDoneUntilMs', nowMs)
  const due = decideDue({ at: plan.at, timeZone }, doneUntilMs, nowMs)
  if (due === null) return
  if (plan.enabled) await sendAllClear(deps, { plan, key: `all-clear/${due.slotMs}`, slotMs: due.slotMs, lateMs: due.lateMs })
  else await writeProofSetting(db, 'allClearDoneUntilMs', due.slotMs)
}

export interface SendAllClear {
  plan: AllClearPlan
  /** The same is sent once only. */
  key: string
  /** The plan time it is for; null: a person wants it now. */
  slotMs: number | null
  lateMs: number
}

/** Writes the message for everybody chosen; what is written and that it was written are one transaction. Answers with the Chinese words. */
export async function sendAllClear(
  deps: AllClearDeps,
  { plan, key, slotMs, lateMs }: SendAllClear,
): Promise<NoticeText & { queued: number }> {
  const { db, clock } = deps
  const nowMs = clock.nowMs()
  const facts = await loadAllClearFacts(deps, nowMs, lateMs)
  const queued = await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const to = await recipientsOf(transaction, plan)
    for (const one of to)
      await queueNotice(
        transaction,
        {
          ...renderAllClear(facts, one.language),
          key,
          to: one,
          kind: 'all-clear',
          priority: 'low',
          alarmId: null,
          transitionId: null,
          incidentId: null,
          tier: 0,
          detail: { atMs: nowMs, facts: NO_FACTS },
        },
        nowMs,
      )
    if (slotMs !== null) await writeProofSetting(transaction, 'allClearDoneUntilMs', slotMs)
    if (to.length > 0) await writeProofSetting(transaction, 'allClearLastAtMs', nowMs)
    return to.length
  })
  deps.change({ topic: 'proof' })
  deps.wake()
  return { ...renderAllClear(facts, 'zh'), queued }
}

/** The contacts and channels that were chosen, as far as they are still there and switched on. */
async function recipientsOf(db: Db, { contactIds, channelIds }: AllClearPlan): Promise<NoticeRecipient[]> {
  const contacts = await db
    .selectFrom('contact')
    .innerJoin('account', 'account.id', 'contact.accountId')
    .innerJoin('channel', 'channel.id', 'contact.channelId')
    .select(['contact.channelId', 'contact.accountId', 'account.name', 'contact.address', 'contact.language'])
    .where('contact.id', 'in', [0, ...contactIds])
    .where('contact.enabled', '=', 1)
    .where('account.disabled', '=', 0)
    .where('channel.enabled', '=', 1)
    .where('channel.removedAtMs', 'is', null)
    .orderBy('contact.id')
    .execute()
  const channels = await db
    .selectFrom('channel')
    .select('id')
    .where('id', 'in', [0, ...channelIds])
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .orderBy('id')
    .execute()
  return [
    ...contacts.map(({ language, ...contact }) => ({ ...contact, language: language === 'en' ? ('en' as const) : ('zh' as const) })),
    ...channels.map(({ id }) => ({ channelId: id, accountId: null, name: '', address: '', language: 'zh' as const })),
  ]
}
