import type { Db } from '../database/schema.ts'
import { beginEscalation } from './escalation/begin.ts'
import { loadFacts, type NotifyFacts, type PlaceKinds } from './facts.ts'
import { toldOf } from './outbox.ts'
import { settle } from './settle.ts'
import { inhibit } from './stages/inhibit.ts'
import { type NoticeRecipient, type RecipientsAnswer, recipients } from './stages/recipients.ts'
import { silence, silentWords } from './stages/silence.ts'
import { type Telling, tell } from './tell.ts'
import type { Decision, Transition } from './transition.ts'

/** Writes what is to be told of a transition, inside the transaction that writes the transition itself. */
export type QueueNotices = (transaction: Db, transition: Transition, nowMs: number) => Promise<void>

export interface PipelineDeps {
  placeKinds: PlaceKinds
  urlOf(alarmId: number): string | undefined
}

/**
 * The way of a transition to the people, in this order: settle what it ends → inhibit → silence → recipients → group → outbox. Every
 * transition gets a decision with its reason, whatever it is. The sender takes it from the outbox after the commit.
 */
export function createPipeline({ placeKinds, urlOf }: PipelineDeps): QueueNotices {
  /** A flood writes 200 transitions in one transaction: what they are decided by is loaded once. */
  const loaded = new WeakMap<Db, Promise<NotifyFacts>>()
  const factsOf = (transaction: Db, nowMs: number): Promise<NotifyFacts> => {
    const facts = loaded.get(transaction) ?? loadFacts(transaction, placeKinds, nowMs)
    loaded.set(transaction, facts)
    return facts
  }

  return async (transaction, transition, nowMs) => {
    const { event } = transition
    await settle(transaction, transition, nowMs)
    for (const stage of [inhibit, silence]) {
      const answer = stage(transition)
      if (answer.decision !== 'go-on') return decide(transaction, transition, answer.decision, answer.detail)
    }
    const facts = await factsOf(transaction, nowMs)
    const isClear = event === 'clear'
    const whom: RecipientsAnswer = isClear
      ? { to: await whoWaits(transaction, transition), lack: null }
      : recipients(subjectOf(transition), facts)
    // Grouping is decided per person in here: into the outbox now, or into their next summary.
    const told = await tell({ transaction, facts, nowMs, urlOf }, tellingOf(transition, whom, nowMs))
    if (!isClear) await beginEscalation(transaction, transition, { policy: facts.policy, atOnce: whom.lack === 'nobody' }, nowMs)
    if (told.now > 0) return decide(transaction, transition, 'told', `${told.now} now, ${told.later} in the next summary`)
    if (told.later > 0) return decide(transaction, transition, 'grouped', `${told.later} in the next summary`)
    return decide(transaction, transition, whom.lack ?? 'not-needed', isClear ? 'nobody was told of its beginning' : '')
  }
}

/** Whoever was told of the beginning and not of an end since: a condition that comes and goes in silence is told as over once. */
async function whoWaits(transaction: Db, { id, to, alarm }: Transition): Promise<NoticeRecipient[]> {
  if (silentWords(to) === undefined) return toldOf(transaction, alarm.id)
  const last = await transaction
    .selectFrom('alarmTransition')
    .select('event')
    .where('alarmId', '=', alarm.id)
    .where('id', '<', id)
    .where((where) => where.or([where('event', '=', 'clear'), where('toState', '=', 'UNACK')]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last === undefined || last.event === 'clear' ? [] : toldOf(transaction, alarm.id)
}

function subjectOf({ alarm }: Transition): Parameters<typeof recipients>[0] {
  return { priority: alarm.priority as Parameters<typeof recipients>[0]['priority'], source: alarm.source, sourceId: alarm.sourceId }
}

function tellingOf({ id, event, atMs, alarm }: Transition, { to }: RecipientsAnswer, nowMs: number): Telling {
  const kind = event === 'clear' || event === 're-alarm' ? event : 'raise'
  return { alarm, transitionId: id, event, atMs, kind, tier: 0, waitingSinceMs: nowMs, key: `t${id}`, to }
}

async function decide(transaction: Db, { id }: Transition, decision: Decision, detail: string): Promise<void> {
  await transaction.insertInto('noticeDecision').values({ transitionId: id, decision, detail }).execute()
}
