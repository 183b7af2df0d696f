import type { EscalationPolicy } from '@roomkeeper/shared/http'
import type { AlarmPriority, Role } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { HEARTBEAT_KINDS } from './channels/heartbeat-kinds.ts'
import { loadPolicy } from './escalation/policy.ts'
import { onDutyAt } from './roster.ts'
import { FLOOD_WINDOW_MS, THREAD_MS, type ToldLately } from './stages/group.ts'
import type { ContactFact, RecipientFacts } from './stages/recipients.ts'

/** What the stages decide by, as it is at one time. */
export interface NotifyFacts extends RecipientFacts {
  policy: EscalationPolicy
  /** Everyone who has one of the roles and is not disabled. */
  accountsWith(roles: readonly Role[]): number[]
  /** What this person or place was told through this channel lately; grows with what is queued. */
  lately(channelId: number, accountId: number | null): ToldLately & { add(incidentId: number | null): void }
}

/** Names of the channel kinds that reach a place. */
export type PlaceKinds = ReadonlySet<string>

export async function loadFacts(db: Db, placeKinds: PlaceKinds, nowMs: number): Promise<NotifyFacts> {
  const channels = await db
    .selectFrom('channel')
    .select(['id', 'kind', 'minPriority'])
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .where('kind', 'not in', ['', ...HEARTBEAT_KINDS])
    .orderBy('id')
    .execute()
  const accounts = await db.selectFrom('account').select(['id', 'rolesJson']).where('disabled', '=', 0).orderBy('id').execute()
  const lately = await loadLately(db, nowMs)
  return {
    channels: channels.map(({ id, kind, minPriority }) => ({
      id,
      minPriority: minPriority as AlarmPriority,
      isPlace: placeKinds.has(kind),
    })),
    contacts: await loadContacts(db),
    onDuty: (await onDutyAt(db, nowMs)).map(({ accountId }) => accountId),
    policy: (await loadPolicy(db)).policy,
    accountsWith: (roles) =>
      accounts.filter(({ rolesJson }) => (JSON.parse(rolesJson) as Role[]).some((role) => roles.includes(role))).map(({ id }) => id),
    lately,
  }
}

/** Every way to reach a person that is in use. */
export async function loadContacts(db: Db): Promise<ContactFact[]> {
  const contacts = await db
    .selectFrom('contact')
    .innerJoin('account', 'account.id', 'contact.accountId')
    .innerJoin('channel', 'channel.id', 'contact.channelId')
    .select(['contact.channelId', 'contact.accountId', 'account.name', 'contact.address', 'contact.minPriority', 'contact.language'])
    .where('contact.enabled', '=', 1)
    .where('account.disabled', '=', 0)
    .where('channel.enabled', '=', 1)
    .where('channel.removedAtMs', 'is', null)
    .orderBy('contact.id')
    .execute()
  return contacts.map((contact) => ({
    ...contact,
    minPriority: contact.minPriority as AlarmPriority,
    language: contact.language === 'en' ? 'en' : 'zh',
  }))
}

async function loadLately(db: Db, nowMs: number): Promise<NotifyFacts['lately']> {
  const rows = await db
    .selectFrom('outbox')
    .select(['channelId', 'accountId', 'incidentId'])
    .select((select) => [select.fn.countAll<number>().as('count'), select.fn.max('createdAtMs').as('lastAtMs')])
    .where('createdAtMs', '>', nowMs - FLOOD_WINDOW_MS)
    .where('alarmId', 'is not', null)
    .where('state', '<>', 'cancelled')
    .groupBy(['channelId', 'accountId', 'incidentId'])
    .execute()
  const told = new Map<string, { count: number; incidentIds: Set<number>; add(incidentId: number | null): void }>()
  const find = (channelId: number, accountId: number | null) => {
    const key = `${channelId}/${accountId}`
    const known = told.get(key)
    if (known) return known
    const made = {
      count: 0,
      incidentIds: new Set<number>(),
      add(incidentId: number | null) {
        made.count += 1
        if (incidentId !== null) made.incidentIds.add(incidentId)
      },
    }
    told.set(key, made)
    return made
  }
  for (const row of rows) {
    const one = find(row.channelId, row.accountId)
    one.count += Number(row.count)
    if (row.incidentId !== null && Number(row.lastAtMs) > nowMs - THREAD_MS) one.incidentIds.add(row.incidentId)
  }
  return find
}
