import type { AlarmPriority, NoticeKind } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import type { NotifyFacts } from './facts.ts'
import { CALLS, dedupeKeyOf, isOnItsWay, type NoticeDetail, queueNotice } from './outbox.ts'
import { type AlarmNoticeFacts, loadAlarmFacts } from './render/alarm-facts.ts'
import { renderAlarmNotice, valueText } from './render/alarm-notice.ts'
import { replyCodeFor } from './reply-code.ts'
import { group, SUMMARY_DELAY_MS } from './stages/group.ts'
import type { NoticeRecipient } from './stages/recipients.ts'
import type { Transition } from './transition.ts'

/** What to tell of an alarm, and to whom. */
export interface Telling {
  alarm: Transition['alarm']
  transitionId: number
  event: string
  atMs: number
  kind: NoticeKind
  tier: number
  /** When the wait for an acknowledgement began. */
  waitingSinceMs: number
  /** What makes this telling one of its kind: the transition, the step of the escalation. */
  key: string
  to: readonly NoticeRecipient[]
}

export interface TellContext {
  transaction: Db
  facts: NotifyFacts
  nowMs: number
  /** Of an alarm in the dashboard; undefined while the server does not know its own address. */
  urlOf(alarmId: number): string | undefined
}

export interface Told {
  now: number
  later: number
  /** Repetitions that were left out, because the recipient has not got the call before yet. */
  waiting: number
}

/** Writes a row for each recipient: into the outbox, or into what their next summary tells. */
export async function tell(context: TellContext, telling: Telling): Promise<Told> {
  const { transaction, facts, nowMs } = context
  const { alarm, kind } = telling
  const told = { now: 0, later: 0, waiting: 0 }
  if (telling.to.length === 0) return told
  const isCall = CALLS.includes(kind)
  let words: AlarmNoticeFacts | undefined
  for (const to of telling.to) {
    // A channel that was away for a day would otherwise bring a day's repetitions at its return.
    if (kind === 'escalation' && (await isOnItsWay(transaction, alarm.id, to))) {
      told.waiting += 1
      continue
    }
    const lately = facts.lately(to.channelId, to.accountId)
    const why = group({ priority: alarm.priority as AlarmPriority, incidentId: isCall ? alarm.incidentId : null }, lately)
    if (why !== null) {
      await tellLater(context, telling, to, why)
      told.later += 1
      continue
    }
    words ??= await loadAlarmFacts(transaction, alarm, isCall && alarm.state !== 'NORM' ? await replyCodeFor(transaction, alarm.id) : null)
    const news = { kind, event: telling.event, atMs: telling.atMs, tier: telling.tier, waitedMs: nowMs - telling.waitingSinceMs }
    const rendered = renderAlarmNotice(words, news, to.language)
    const { key, tier, transitionId } = telling
    const { incidentId, priority } = alarm
    const detail = detailOf(words, telling, to.language, context.urlOf(alarm.id))
    await queueNotice(
      transaction,
      {
        ...rendered,
        key,
        to,
        kind: isCall && alarm.drill === 1 ? 'drill' : kind,
        priority,
        alarmId: alarm.id,
        transitionId,
        incidentId,
        tier,
        detail,
      },
      nowMs,
    )
    lately.add(incidentId)
    told.now += 1
  }
  return told
}

async function tellLater({ transaction, nowMs }: TellContext, telling: Telling, to: NoticeRecipient, why: string): Promise<void> {
  const { key, transitionId, alarm, event, tier } = telling
  await transaction
    .insertInto('noticeLater')
    .values({
      dedupeKey: dedupeKeyOf(key, to),
      transitionId,
      alarmId: alarm.id,
      event,
      why,
      channelId: to.channelId,
      accountId: to.accountId,
      tier,
      createdAtMs: nowMs,
      dueAtMs: nowMs + SUMMARY_DELAY_MS,
      outboxId: null,
    })
    .onConflict((conflict) => conflict.column('dedupeKey').doNothing())
    .execute()
}

function detailOf(words: AlarmNoticeFacts, { alarm, atMs, kind }: Telling, language: 'zh' | 'en', url: string | undefined): NoticeDetail {
  return {
    ...(url === undefined ? {} : { url }),
    ...(words.replyCode === null ? {} : { replyCode: words.replyCode }),
    atMs,
    facts: {
      alarmId: alarm.id,
      incidentId: alarm.incidentId,
      room: words.room,
      device: words.device[language] || words.subject[language],
      point: words.point[language],
      condition: alarm.condition,
      value: valueText(words.value, words),
      limit: valueText(words.limit, words),
      state: kind === 'clear' ? 'cleared' : 'active',
    },
  }
}
