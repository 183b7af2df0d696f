import type { AlarmPriority } from '@roomkeeper/shared/model'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { firstState } from './escalation/decide-escalation.ts'
import { loadFacts, type PlaceKinds } from './facts.ts'
import { CALLS } from './outbox.ts'
import { type RecipientsAnswer, recipients } from './stages/recipients.ts'
import { tell } from './tell.ts'
import { rankOf } from './transition.ts'

export interface CheckToldDeps {
  db: Db
  placeKinds: PlaceKinds
  urlOf(alarmId: number): string | undefined
}

/** An alarm this young may still be on its way. */
const YOUNG_MS = 60_000
const MINUTE_MS = 60_000
const BATCH = 200

export interface Gap {
  alarmId: number
  /** Nobody can be told until a person sets up a contact or goes on duty. */
  isMended: boolean
}

/**
 * "Should be alarming" against "was told": every alarm that stands unacknowledged, from the policy's priority on, must have a notice that
 * was sent or is on its way since it waits, and an escalation that goes on. What has none is told now.
 */
export async function checkTold(deps: CheckToldDeps, nowMs: number): Promise<Gap[]> {
  const { db } = deps
  return db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const facts = await loadFacts(transaction, deps.placeKinds, nowMs)
    // Nobody has set up anything: the health of the server says so, and every minute would only repeat it.
    if (facts.channels.length === 0) return []
    const priorities = ALARM_PRIORITIES.filter((priority) => rankOf(priority) >= rankOf(facts.policy.minPriority))
    const withinMs = (facts.policy.repeatMinutes + Math.max(...facts.policy.tiers.map(({ afterMinutes }) => afterMinutes)) + 1) * MINUTE_MS
    const untold = await transaction
      .selectFrom('alarm')
      .selectAll()
      .where('state', '=', 'UNACK')
      .where('priority', 'in', priorities)
      .where('recordedAtMs', '<', nowMs - YOUNG_MS)
      .where((where) =>
        where.or([
          where.not(
            where.exists(
              where
                .selectFrom('outbox')
                .select('outbox.id')
                .whereRef('outbox.alarmId', '=', 'alarm.id')
                .where('outbox.kind', 'in', [...CALLS])
                .where('outbox.state', 'in', ['sent', 'pending'])
                .where('outbox.createdAtMs', '>', nowMs - withinMs)
                .union(
                  where
                    .selectFrom('noticeLater')
                    .select('noticeLater.id')
                    .whereRef('noticeLater.alarmId', '=', 'alarm.id')
                    .where('noticeLater.createdAtMs', '>', nowMs - withinMs),
                ),
            ),
          ),
          where.not(
            where.exists(where.selectFrom('escalation').select('escalation.alarmId').whereRef('escalation.alarmId', '=', 'alarm.id')),
          ),
        ]),
      )
      .orderBy('id')
      .limit(BATCH)
      .execute()
    const gaps: Gap[] = []
    for (const alarm of untold) {
      const subject = { priority: alarm.priority as AlarmPriority, source: alarm.source, sourceId: alarm.sourceId }
      const whom: RecipientsAnswer = recipients(subject, facts)
      const last = await transaction
        .selectFrom('alarmTransition')
        .select('id')
        .where('alarmId', '=', alarm.id)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      const transitionId = last?.id ?? 0
      const told = await tell(
        { ...deps, transaction, facts, nowMs },
        {
          alarm,
          transitionId,
          event: 'raise',
          atMs: alarm.raisedAtMs,
          kind: 'raise',
          tier: 0,
          waitingSinceMs: alarm.recordedAtMs,
          key: `g${transitionId}/${Math.floor(nowMs / MINUTE_MS)}`,
          to: whom.to,
        },
      )
      const isMended = told.now + told.later > 0
      const first = firstState(facts.policy, nowMs)
      // With nobody on duty to tell, the next tier is tried at once, and every minute until somebody can be told.
      await transaction
        .insertInto('escalation')
        .values({ alarmId: alarm.id, transitionId, ...first, nextAtMs: isMended ? first.nextAtMs : nowMs })
        .onConflict((conflict) =>
          isMended ? conflict.column('alarmId').doNothing() : conflict.column('alarmId').doUpdateSet({ nextAtMs: nowMs }),
        )
        .execute()
      gaps.push({ alarmId: alarm.id, isMended })
    }
    return gaps
  })
}
