import type { Db } from '../../database/schema.ts'

/** The channel kind that carries files. */
const MAIL = 'mail'

export interface MailPerson {
  accountId: number
  name: string
  roles: readonly string[]
  /** null: without a mail address among their contacts. */
  contact: { channelId: number; address: string } | null
}

/** One address that a report goes to, or why it goes nowhere. */
export type ReportRecipient = { accountId: number | null; name: string; address: string } & (
  | { channelId: number; problem: null }
  | { channelId: null; problem: string }
)

export const NO_MAIL = '没有可用的邮件通道，未发送 / not sent: no mail channel is set up and switched on'
const NO_ADDRESS = '没有登记邮箱地址，未发送 / not sent: has no mail address among the contacts'
const GONE = '账号已停用，未发送 / not sent: the account is disabled'

/** The mail channel that was set up first and is on. */
export async function loadMailChannel(db: Db): Promise<{ channelId: number; label: string } | null> {
  const row = await db
    .selectFrom('channel')
    .select(['id', 'label'])
    .where('kind', '=', MAIL)
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ? { channelId: row.id, label: row.label } : null
}

/** Everybody whose account is not disabled, with the mail address that a report would go to. */
export async function loadMailPeople(db: Db): Promise<MailPerson[]> {
  const accounts = await db.selectFrom('account').select(['id', 'name', 'rolesJson']).where('disabled', '=', 0).orderBy('name').execute()
  const contacts = await db
    .selectFrom('contact')
    .innerJoin('channel', 'channel.id', 'contact.channelId')
    .select(['contact.accountId', 'contact.channelId', 'contact.address'])
    .where('channel.kind', '=', MAIL)
    .where('channel.enabled', '=', 1)
    .where('channel.removedAtMs', 'is', null)
    .where('contact.enabled', '=', 1)
    .orderBy('contact.channelId')
    .execute()
  return accounts.map(({ id, name, rolesJson }) => {
    const contact = contacts.find(({ accountId }) => accountId === id)
    return {
      accountId: id,
      name,
      roles: JSON.parse(rolesJson) as string[],
      contact: contact ? { channelId: contact.channelId, address: contact.address } : null,
    }
  })
}

/** Each person and address once; whoever cannot be sent anything stands there with the reason. */
export async function resolveRecipients(
  db: Db,
  { accountIds, addresses }: { accountIds: readonly number[]; addresses: readonly string[] },
): Promise<ReportRecipient[]> {
  const channel = await loadMailChannel(db)
  const people = await loadMailPeople(db)
  const names = new Map((await db.selectFrom('account').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]))
  const found = new Map<string, ReportRecipient>()
  for (const accountId of accountIds) {
    const person = people.find((one) => one.accountId === accountId)
    const name = names.get(accountId) ?? `#${accountId}`
    if (person?.contact) found.set(person.contact.address.toLowerCase(), { accountId, name, ...person.contact, problem: null })
    else {
      const problem = !person ? GONE : channel ? NO_ADDRESS : NO_MAIL
      found.set(`#${accountId}`, { accountId, name, address: '', channelId: null, problem })
    }
  }
  for (const address of addresses) {
    const key = address.toLowerCase()
    if (found.has(key)) continue
    const to = { accountId: null, name: '', address }
    found.set(key, channel ? { ...to, channelId: channel.channelId, problem: null } : { ...to, channelId: null, problem: NO_MAIL })
  }
  return [...found.values()]
}
