import type { Watcher } from '@roomkeeper/shared/http'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { HEARTBEAT_KINDS } from '../notify/channels/heartbeat-kinds.ts'
import { sendAllClear } from '../proof/all-clear.ts'
import { toDrill } from '../proof/drill-facts.ts'
import { DrillRefusedError } from '../proof/drills.ts'
import type { Proof } from '../proof/proof.ts'
import { loadResponseTimes } from '../proof/response-times.ts'
import { readProofSetting, writeProofSetting } from '../proof/stored-settings.ts'
import { nextWallTime } from '../schedules/recurring-time.ts'
import { actorOf, api } from './base.ts'

export interface ProofHandlersDeps {
  proof: Proof
}

const DAY_MS = 24 * 3_600_000

/** Drills, the all-clear, outside watchers, and measured response times. */
export function createProofHandlers({ proof }: ProofHandlersDeps) {
  const { db, clock, timeZone, change, drills } = proof

  /** A plan that is changed begins with its next time, and does not make up for what an earlier one would have wanted. */
  const putPlan = async <Plan extends 'drillPlan' | 'allClearPlan'>(
    setting: Plan,
    plan: Parameters<typeof writeProofSetting<Plan>>[2],
    actor: string,
  ): Promise<void> => {
    const nowMs = clock.nowMs()
    await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      const before = await readProofSetting(transaction, setting)
      await writeProofSetting(transaction, setting, plan)
      await writeProofSetting(transaction, setting === 'drillPlan' ? 'drillDoneUntilMs' : 'allClearDoneUntilMs', nowMs)
      const [action, entity] = setting === 'drillPlan' ? ['drill.plan', 'proof:drill'] : ['all-clear.plan', 'proof:all-clear']
      await appendAudit(transaction, { actor, action, entity, before, after: plan }, nowMs)
    })
    change({ topic: 'proof' })
  }

  return {
    overview: api.proof.overview.handler(async () => {
      const nowMs = clock.nowMs()
      const drill = await readProofSetting(db, 'drillPlan')
      const allClear = await readProofSetting(db, 'allClearPlan')
      const nextDrillAtMs = drill.enabled ? nextWallTime({ days: [drill.day], at: drill.at, timeZone }, nowMs) : null
      return {
        drill: { ...drill, nextAtMs: nextDrillAtMs, timeZone },
        allClear: {
          ...allClear,
          nextAtMs: allClear.enabled ? nextWallTime({ at: allClear.at, timeZone }, nowMs) : null,
          lastAtMs: await readProofSetting(db, 'allClearLastAtMs'),
        },
        watchers: await loadWatchers(db),
      }
    }),

    drills: api.proof.drills.handler(async ({ input }) => {
      const rows = await db.selectFrom('drill').selectAll().orderBy('id', 'desc').limit(input.limit).execute()
      return Promise.all(rows.map((row) => toDrill(db, row)))
    }),

    startDrill: api.proof.startDrill.handler(async ({ input, context, errors }) => {
      const { name, username } = actorOf(context)
      try {
        return await toDrill(db, await drills.begin(name, username, input.note))
      } catch (error) {
        if (error instanceof DrillRefusedError) throw errors.CONFLICT({ message: error.message })
        throw error
      }
    }),

    putDrillPlan: api.proof.putDrillPlan.handler(async ({ input, context }) => {
      await putPlan('drillPlan', input, actorOf(context).username)
      return { ok: true as const }
    }),

    putAllClear: api.proof.putAllClear.handler(async ({ input, context, errors }) => {
      if (input.enabled && input.contactIds.length + input.channelIds.length === 0) throw errors.INVALID(nobodyChosen())
      const unknown = await unknownRecipient(db, input)
      if (unknown !== undefined) throw errors.INVALID({ data: unknown })
      await putPlan('allClearPlan', input, actorOf(context).username)
      return { ok: true as const }
    }),

    sendAllClear: api.proof.sendAllClear.handler(async ({ context, errors }) => {
      const plan = await readProofSetting(db, 'allClearPlan')
      if (plan.contactIds.length + plan.channelIds.length === 0) throw errors.INVALID(nobodyChosen())
      const nowMs = clock.nowMs()
      const sent = await sendAllClear(proof, { plan, key: `all-clear-now/${nowMs}`, slotMs: null, lateMs: 0 })
      const entry = {
        actor: actorOf(context).username,
        action: 'all-clear.send',
        entity: 'proof:all-clear',
        after: { queued: sent.queued },
      }
      await db.transaction().execute((transaction) => appendAudit(transaction, entry, nowMs))
      return sent
    }),

    responseTimes: api.proof.responseTimes.handler(({ input }) => {
      const toMs = clock.nowMs()
      return loadResponseTimes(db, { of: input.of, fromMs: toMs - input.days * DAY_MS, toMs })
    }),
  }
}

function nobodyChosen() {
  return {
    message: '请选择至少一个联系方式或通道 / choose at least one contact or channel',
    data: { field: 'contactIds', allowed: '至少一个联系方式或通道 / at least one contact or channel' },
  }
}

/** Only what is there can be told: contacts, and channels that reach a place and carry notices. */
async function unknownRecipient(db: Db, { contactIds, channelIds }: { contactIds: readonly number[]; channelIds: readonly number[] }) {
  const contacts = await db
    .selectFrom('contact')
    .select('id')
    .where('id', 'in', [0, ...contactIds])
    .execute()
  const channels = await db
    .selectFrom('channel')
    .select('id')
    .where('id', 'in', [0, ...channelIds])
    .where('removedAtMs', 'is', null)
    .where('kind', 'not in', ['', ...HEARTBEAT_KINDS])
    .execute()
  if (contactIds.some((id) => !contacts.some((contact) => contact.id === id)))
    return { field: 'contactIds', allowed: '现有的联系方式 / contacts that exist' }
  if (channelIds.some((id) => !channels.some((channel) => channel.id === id)))
    return { field: 'channelIds', allowed: '现有的、能发送通知的通道 / channels that exist and carry notices' }
  return undefined
}

async function loadWatchers(db: Db): Promise<Watcher[]> {
  const channels = await db
    .selectFrom('channel')
    .select(['id', 'label', 'enabled'])
    .where('kind', 'in', ['', ...HEARTBEAT_KINDS])
    .where('removedAtMs', 'is', null)
    .orderBy('id')
    .execute()
  const watchers: Watcher[] = []
  for (const { id, label, enabled } of channels) {
    const sent = await db
      .selectFrom('outbox')
      .select(db.fn.max('finishedAtMs').as('atMs'))
      .where('channelId', '=', id)
      .where('kind', '=', 'heartbeat')
      .where('state', '=', 'sent')
      .executeTakeFirst()
    const last = await db
      .selectFrom('outboxAttempt')
      .innerJoin('outbox', 'outbox.id', 'outboxAttempt.outboxId')
      .select('outboxAttempt.text')
      .where('outbox.channelId', '=', id)
      .where('outboxAttempt.endedAtMs', 'is not', null)
      .orderBy('outboxAttempt.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    watchers.push({ channelId: id, label, enabled: enabled === 1, lastAnsweredAtMs: sent?.atMs ?? null, answer: last?.text ?? '' })
  }
  return watchers
}
