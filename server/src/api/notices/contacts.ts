import type { Contact } from '@roomkeeper/shared/http'
import { isAllowed } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { appendAudit } from '../../audit/audit.ts'
import type { Database } from '../../database/schema.ts'
import { type Actor, actorOf, api } from '../base.ts'
import type { NoticesDeps } from './deps.ts'

/** How people are reached: one's own contacts, everybody's only for those who set up channels. */
export function createContactHandlers(deps: NoticesDeps) {
  const { db, clock } = deps
  const maySee = (actor: Actor, accountId: number | undefined): boolean =>
    isAllowed(actor.roles, 'channels.write') || (actor.accountId !== null && accountId === actor.accountId)
  const applied = async (): Promise<void> => {
    deps.change({ topic: 'notices' })
    await deps.notifier.minute()
  }

  return {
    contacts: api.notices.contacts.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const isForAll = isAllowed(actor.roles, 'channels.write')
      const accountId = input.accountId ?? (isForAll ? undefined : (actor.accountId ?? undefined))
      if (!isForAll && accountId === undefined) return []
      if (!maySee(actor, accountId)) throw errors.FORBIDDEN()
      let query = db.selectFrom('contact').selectAll().orderBy('accountId').orderBy('id')
      if (accountId !== undefined) query = query.where('accountId', '=', accountId)
      return (await query.execute()).map(toContact)
    }),

    putContact: api.notices.putContact.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      if (!maySee(actor, input.accountId)) throw errors.FORBIDDEN()
      const account = await db.selectFrom('account').select('id').where('id', '=', input.accountId).executeTakeFirst()
      const row = await db
        .selectFrom('channel')
        .select('kind')
        .where('id', '=', input.channelId)
        .where('removedAtMs', 'is', null)
        .executeTakeFirst()
      if (!account || !row) throw errors.NOT_FOUND()
      const schema = deps.kinds.get(row.kind)?.address?.schema
      if (!schema) throw errors.INVALID({ data: { field: 'channelId', allowed: '能通知到个人的通道 / a channel that reaches persons' } })
      const address = schema.safeParse(input.address)
      if (!address.success) {
        const allowed = address.error.issues.map(({ message }) => message).join('; ')
        throw errors.INVALID({ message: allowed, data: { field: 'address', allowed } })
      }
      const { accountId, channelId, minPriority, language } = input
      const values = { address: address.data, minPriority, language, enabled: input.enabled ? 1 : 0 }
      const contact = await db.transaction().execute(async (transaction) => {
        const of = transaction.selectFrom('contact').selectAll().where('accountId', '=', accountId).where('channelId', '=', channelId)
        const before = await of.executeTakeFirst()
        const after = await transaction
          .insertInto('contact')
          .values({ accountId, channelId, ...values })
          .onConflict((conflict) => conflict.columns(['accountId', 'channelId']).doUpdateSet(values))
          .returningAll()
          .executeTakeFirstOrThrow()
        const entry = { actor: actor.username, action: 'contact.put', entity: `contact:${after.id}`, before, after }
        await appendAudit(transaction, entry, clock.nowMs())
        return toContact(after)
      })
      await applied()
      return contact
    }),

    removeContact: api.notices.removeContact.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        const before = await transaction.selectFrom('contact').selectAll().where('id', '=', input.contactId).executeTakeFirst()
        // Another person's contact is not told apart from none.
        if (!before || !maySee(actor, before.accountId)) throw errors.NOT_FOUND()
        await transaction.deleteFrom('contact').where('id', '=', input.contactId).execute()
        const entry = { actor: actor.username, action: 'contact.remove', entity: `contact:${before.id}`, before }
        await appendAudit(transaction, entry, clock.nowMs())
      })
      await applied()
      return { ok: true as const }
    }),
  }
}

function toContact(row: Selectable<Database['contact']>): Contact {
  const { id, accountId, channelId, address, minPriority, language, enabled } = row
  return {
    id,
    accountId,
    channelId,
    address,
    minPriority: minPriority as Contact['minPriority'],
    language: language === 'en' ? 'en' : 'zh',
    enabled: enabled === 1,
  }
}
