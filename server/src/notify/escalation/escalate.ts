import type { EscalationPolicy } from '@roomkeeper/shared/http'
import type { AlarmPriority } from '@roomkeeper/shared/model'
import { lockChain } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { loadFacts, type NotifyFacts, type PlaceKinds } from '../facts.ts'
import { dedupeKeyOf } from '../outbox.ts'
import { contactsOf, type NoticeRecipient, recipients, type Subject } from '../stages/recipients.ts'
import { tell } from '../tell.ts'
import type { Transition } from '../transition.ts'
import { decideEscalation } from './decide-escalation.ts'

export interface EscalateDeps {
  db: Db
  placeKinds: PlaceKinds
  urlOf(alarmId: number): string | undefined
}

/** Alarms looked at in one transaction. */
const BATCH = 100

/** Tells the next tier of every alarm whose time has come. Returns how many notices were written. */
export async function escalateDue(deps: EscalateDeps, nowMs: number): Promise<number> {
  let told = 0
  for (;;) {
    const due = await deps.db
      .selectFrom('escalation')
      .select('alarmId')
      .where('nextAtMs', '<=', nowMs)
      .orderBy('nextAtMs')
      .limit(BATCH)
      .execute()
    if (due.length === 0) return told
    told += await deps.db.transaction().execute(async (transaction) => {
      // An acknowledgement comes either before this or finds the notices to cancel.
      await lockChain(transaction)
      const facts = await loadFacts(transaction, deps.placeKinds, nowMs)
      let count = 0
      for (const { alarmId } of due) count += await escalateOne({ ...deps, transaction, facts, nowMs }, alarmId)
      return count
    })
  }
}

interface EscalateContext extends EscalateDeps {
  transaction: Db
  facts: NotifyFacts
  nowMs: number
}

async function escalateOne(context: EscalateContext, alarmId: number): Promise<number> {
  const { transaction, facts, nowMs } = context
  const row = await transaction.selectFrom('escalation').selectAll().where('alarmId', '=', alarmId).executeTakeFirst()
  const alarm = await transaction.selectFrom('alarm').selectAll().where('id', '=', alarmId).executeTakeFirstOrThrow()
  if (!row) return 0
  if (alarm.state !== 'UNACK') {
    await transaction.deleteFrom('escalation').where('alarmId', '=', alarmId).execute()
    return 0
  }
  let state = { startedAtMs: row.startedAtMs, step: row.step, nextAtMs: row.nextAtMs }
  let count = 0
  // A tier in which nobody can be reached does not make the next one wait.
  for (let round = 0; round <= facts.policy.tiers.length && count === 0; round += 1) {
    const decision = decideEscalation(facts.policy, round === 0 ? state : { ...state, nextAtMs: nowMs }, nowMs)
    if (!decision) break
    const to = recipientsOf(facts.policy, decision.tiers, alarm, facts)
    const told = await tell(context, {
      alarm,
      transitionId: row.transitionId,
      event: 'escalation',
      atMs: nowMs,
      kind: 'escalation',
      tier: Math.max(...decision.tiers),
      waitingSinceMs: row.startedAtMs,
      key: `e${row.transitionId}/${state.step}`,
      to,
    })
    count += told.now + told.later + told.waiting
    state = decision.next
    if (decision.isRepeat) break
  }
  const { step, nextAtMs } = state
  await transaction.updateTable('escalation').set({ step, nextAtMs }).where('alarmId', '=', alarmId).execute()
  return count
}

function recipientsOf(
  policy: EscalationPolicy,
  tiers: readonly number[],
  alarm: Transition['alarm'],
  facts: NotifyFacts,
): NoticeRecipient[] {
  const subject: Subject = { priority: alarm.priority as AlarmPriority, source: alarm.source, sourceId: alarm.sourceId }
  const found = new Map<string, NoticeRecipient>()
  for (const index of tiers) {
    const who = policy.tiers[index]?.who
    if (!who) continue
    const to =
      who.kind === 'on-duty'
        ? recipients(subject, facts).to
        : contactsOf(who.kind === 'roles' ? facts.accountsWith(who.roles) : who.accountIds, subject, facts)
    for (const one of to) found.set(dedupeKeyOf('', one), one)
  }
  return [...found.values()]
}
