import { appendAudit, lockChain } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { testChannel } from '../../notify/test-channel.ts'
import { actorOf, api } from '../base.ts'
import { toChannels } from './channel-rows.ts'
import { addressPatternOf, type CheckedSettings, checkSettings, type SettingsAnswer, settingsSchemaOf } from './channel-settings.ts'
import type { NoticesDeps } from './deps.ts'

/** Channels: what may be set up, what is, and how it fares. Secrets go in and never come out. */
export function createChannelHandlers(deps: NoticesDeps) {
  const { db, clock, kinds } = deps

  const findRow = (channelId: number) =>
    db.selectFrom('channel').selectAll().where('id', '=', channelId).where('removedAtMs', 'is', null).executeTakeFirst()
  const one = async (channelId: number) => {
    const row = await findRow(channelId)
    return row ? (await toChannels(db, [row], clock.nowMs()))[0] : undefined
  }
  /** Connections follow the settings; the alarms of telling follow what is set up. */
  const applied = async (): Promise<void> => {
    deps.change({ topic: 'notices' })
    await deps.notifier.connections.sync()
    await deps.notifier.minute()
    deps.notifier.wake()
  }

  return {
    channelKinds: api.notices.channelKinds.handler(() =>
      [...kinds.values()].map((channel) => ({
        name: channel.name,
        title: channel.title,
        summary: channel.summary,
        settings: settingsSchemaOf(channel),
        secrets: [...channel.secrets],
        address: channel.address ? { label: channel.address.label, pattern: addressPatternOf(channel) } : null,
      })),
    ),

    channels: api.notices.channels.handler(async () => {
      const rows = await db.selectFrom('channel').selectAll().where('removedAtMs', 'is', null).orderBy('id').execute()
      return toChannels(db, rows, clock.nowMs())
    }),

    createChannel: api.notices.createChannel.handler(async ({ input, context, errors }) => {
      const channel = kinds.get(input.kind)
      if (!channel) throw errors.INVALID({ data: { field: 'kind', allowed: [...kinds.keys()].join(', ') } })
      const answer = checkSettings(channel, input.settings, {})
      if (!answer.ok) throw errors.INVALID(wrongSettings(answer))
      const nowMs = clock.nowMs()
      const actor = actorOf(context).username
      const channelId = await db.transaction().execute(async (transaction) => {
        const { kind, label, minPriority } = input
        const enabled = input.enabled ? 1 : 0
        const settingsJson = JSON.stringify(answer.checked.settings)
        const { id } = await transaction
          .insertInto('channel')
          .values({ kind, label, enabled, minPriority, settingsJson, revision: 0, changedAtMs: nowMs, removedAtMs: null })
          .returning('id')
          .executeTakeFirstOrThrow()
        await putSecrets(transaction, id, answer.checked)
        const after = { kind, label, enabled: input.enabled, minPriority, ...shownOf(answer.checked) }
        await appendAudit(transaction, { actor, action: 'channel.create', entity: `channel:${id}`, after }, nowMs)
        return id
      })
      await applied()
      const made = await one(channelId)
      if (!made) throw errors.NOT_FOUND()
      return made
    }),

    updateChannel: api.notices.updateChannel.handler(async ({ input, context, errors }) => {
      const { channelId } = input
      const before = await findRow(channelId)
      const channel = before && kinds.get(before.kind)
      if (!before || !channel) throw errors.NOT_FOUND()
      const kept = await db.selectFrom('channelSecret').select(['name', 'value']).where('channelId', '=', channelId).execute()
      const answer = checkSettings(channel, input.settings, Object.fromEntries(kept.map(({ name, value }) => [name, value])))
      if (!answer.ok) throw errors.INVALID(wrongSettings(answer))
      const nowMs = clock.nowMs()
      const actor = actorOf(context).username
      await db.transaction().execute(async (transaction) => {
        const { label, minPriority, revision } = input
        // Before the outbox, as wherever alarms change: the order of locks is the same everywhere.
        await lockChain(transaction)
        const claimed = await transaction
          .updateTable('channel')
          .set({
            label,
            enabled: input.enabled ? 1 : 0,
            minPriority,
            settingsJson: JSON.stringify(answer.checked.settings),
            revision: revision + 1,
            changedAtMs: nowMs,
          })
          .where('id', '=', channelId)
          .where('revision', '=', revision)
          .where('removedAtMs', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (!claimed) throw errors.CONFLICT()
        await transaction.deleteFrom('channelSecret').where('channelId', '=', channelId).execute()
        await putSecrets(transaction, channelId, answer.checked)
        // Mended settings need not wait for the next attempt's time.
        await transaction
          .updateTable('outbox')
          .set({ nextAttemptAtMs: nowMs })
          .where('channelId', '=', channelId)
          .where('state', '=', 'pending')
          .execute()
        const was = {
          label: before.label,
          enabled: before.enabled === 1,
          minPriority: before.minPriority,
          settings: JSON.parse(before.settingsJson) as unknown,
        }
        const after = { label, enabled: input.enabled, minPriority, ...shownOf(answer.checked) }
        await appendAudit(transaction, { actor, action: 'channel.update', entity: `channel:${channelId}`, before: was, after }, nowMs)
      })
      await applied()
      const changed = await one(channelId)
      if (!changed) throw errors.NOT_FOUND()
      return changed
    }),

    removeChannel: api.notices.removeChannel.handler(async ({ input, context, errors }) => {
      const { channelId, reason } = input
      const nowMs = clock.nowMs()
      const actor = actorOf(context).username
      await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('channel')
          .set({ removedAtMs: nowMs, enabled: 0 })
          .where('id', '=', channelId)
          .where('removedAtMs', 'is', null)
          .returning(['kind', 'label'])
          .executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        await transaction.deleteFrom('channelSecret').where('channelId', '=', channelId).execute()
        await transaction.deleteFrom('contact').where('channelId', '=', channelId).execute()
        await appendAudit(
          transaction,
          { actor, action: 'channel.remove', entity: `channel:${channelId}`, before: row, after: { reason } },
          nowMs,
        )
      })
      await applied()
      return { ok: true as const }
    }),

    testChannel: api.notices.testChannel.handler(async ({ input, context, errors }) => {
      const { channelId } = input
      const row = await findRow(channelId)
      const channel = row && kinds.get(row.kind)
      if (!row || !channel) throw errors.NOT_FOUND()
      const address = channel.address ? channel.address.schema.safeParse(input.address) : undefined
      if (address && !address.success)
        throw errors.INVALID({ data: { field: 'address', allowed: address.error.issues.map(({ message }) => message).join('; ') } })
      const actor = actorOf(context)
      const result = await testChannel(
        { db, clock, connections: deps.notifier.connections },
        { channelId, address: address?.data ?? '', label: row.label, actor },
      )
      deps.change({ topic: 'notices' })
      return result
    }),
  }
}

async function putSecrets(transaction: Db, channelId: number, { secrets }: CheckedSettings): Promise<void> {
  for (const [name, value] of Object.entries(secrets))
    await transaction.insertInto('channelSecret').values({ channelId, name, value }).execute()
}

/** For the audit trail: which secrets there are, never what they are. */
function shownOf({ settings, secrets }: CheckedSettings): { settings: Record<string, unknown>; secretsSet: string[] } {
  return { settings, secretsSet: Object.keys(secrets).sort() }
}

function wrongSettings({ issues }: Extract<SettingsAnswer, { ok: false }>) {
  const [first] = issues
  return { message: first?.message, data: { field: first?.field ?? 'settings', allowed: first?.message ?? '', issues } }
}
