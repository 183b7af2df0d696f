import { isAllowed, type Role } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { AlarmStateError } from '../alarms/alarm-store.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Channel, Reply } from './channels/channel.ts'
import { queueNotice } from './outbox.ts'
import { cut } from './render/alarm-notice.ts'
import { NO_FACTS } from './summaries.ts'

export interface RepliesDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  kinds: ReadonlyMap<string, Channel>
  alarms: { acknowledge(alarmId: number, person: string, note: string): Promise<unknown> }
  /** Something was written to the outbox. */
  wake(): void
}

/** An address with so many wrong codes in WRONG_WINDOW_MS is not listened to: six digits must not be guessed. */
const WRONG_CODES = 5
const WRONG_WINDOW_MS = 10 * 60_000
/** Addresses remembered at most; what strangers write must not fill the memory. */
const REMEMBERED = 1000

interface Sender {
  accountId: number
  name: string
  address: string
  language: 'zh' | 'en'
  roles: Role[]
}

/** Acknowledging by answering with the code. Only answers from an address that is somebody's contact count. */
export class Replies {
  private readonly deps: RepliesDeps
  private readonly wrong = new Map<string, { count: number; untilMs: number }>()

  constructor(deps: RepliesDeps) {
    this.deps = deps
  }

  async take(channelId: number, reply: Reply): Promise<void> {
    const { db, log } = this.deps
    const channel = await db.selectFrom('channel').select(['kind', 'label']).where('id', '=', channelId).executeTakeFirst()
    const codes = [...reply.text.matchAll(/(?<!\d)\d{6}(?!\d)/g)].map(([code]) => code)
    const person = channel && (await this.personOf(channelId, channel.kind, reply.from))
    if (!person) {
      if (this.countWrong(`${channelId}/${reply.from}`) === 1) await this.audit(reply.from, 'notice.reply-from-stranger', channelId, codes)
      return
    }
    const key = `${channelId}/${person.address}`
    if ((this.wrong.get(key)?.count ?? 0) >= WRONG_CODES && (this.wrong.get(key)?.untilMs ?? 0) > this.deps.clock.nowMs()) {
      log.warn(
        { module: 'notify', channel: channelId, accountId: person.accountId },
        'too many wrong reply codes; not listened to for a while',
      )
      return
    }
    const alarmId = await this.alarmOf(codes)
    if (alarmId === undefined || !isAllowed(person.roles, 'alarms.acknowledge')) {
      const wrong = this.countWrong(key)
      await this.audit(person.name, 'notice.wrong-reply-code', channelId, codes)
      // Once: an answering machine must not be talked to for ever.
      if (wrong === 1) await this.answer(channelId, person, reply, WRONG[person.language])
      return
    }
    try {
      await this.deps.alarms.acknowledge(alarmId, person.name, noteOf(channel.kind))
      this.wrong.delete(key)
      await this.answer(channelId, person, reply, DONE[person.language](alarmId))
    } catch (error) {
      if (!(error instanceof AlarmStateError)) throw error
      await this.answer(channelId, person, reply, ALREADY[person.language](alarmId))
    }
  }

  private async personOf(channelId: number, kind: string, from: string): Promise<Sender | undefined> {
    const schema = this.deps.kinds.get(kind)?.address?.schema
    const normal = (address: string): string => {
      const parsed = schema?.safeParse(address)
      return (parsed?.success === true ? parsed.data : address).trim().toLowerCase()
    }
    const contacts = await this.deps.db
      .selectFrom('contact')
      .innerJoin('account', 'account.id', 'contact.accountId')
      .select(['contact.accountId', 'account.name', 'account.rolesJson', 'contact.address', 'contact.language'])
      .where('contact.channelId', '=', channelId)
      .where('account.disabled', '=', 0)
      .execute()
    const found = contacts.find(({ address }) => normal(address) === normal(from))
    if (!found) return undefined
    const { accountId, name, address, language, rolesJson } = found
    return { accountId, name, address, language: language === 'en' ? 'en' : 'zh', roles: JSON.parse(rolesJson) as Role[] }
  }

  /** The alarm of the first code that an alarm waits with. */
  private async alarmOf(codes: readonly string[]): Promise<number | undefined> {
    if (codes.length === 0) return undefined
    const rows = await this.deps.db.selectFrom('replyCode').selectAll().where('code', 'in', codes.slice(0, 5)).execute()
    return codes.flatMap((code) => rows.find((row) => row.code === code)?.alarmId ?? [])[0]
  }

  private countWrong(key: string): number {
    const nowMs = this.deps.clock.nowMs()
    const known = this.wrong.get(key)
    const count = known && known.untilMs > nowMs ? known.count + 1 : 1
    if (this.wrong.size >= REMEMBERED) this.wrong.clear()
    this.wrong.set(key, { count, untilMs: nowMs + WRONG_WINDOW_MS })
    return count
  }

  private async audit(actor: string, action: string, channelId: number, codes: readonly string[]): Promise<void> {
    const { db, clock } = this.deps
    await db
      .transaction()
      .execute((transaction) =>
        appendAudit(
          transaction,
          { actor: actor.slice(0, 100), action, entity: `channel:${channelId}`, after: { codes: codes.slice(0, 5) } },
          clock.nowMs(),
        ),
      )
  }

  /** Once for each message that came in, however often the modem hands it over. */
  private async answer(channelId: number, person: Sender, reply: Reply, text: string): Promise<void> {
    const nowMs = this.deps.clock.nowMs()
    const { accountId, name, address, language } = person
    await this.deps.db.transaction().execute((transaction) =>
      queueNotice(
        transaction,
        {
          title: cut(text),
          text,
          key: `r${reply.atMs}`,
          to: { channelId, accountId, name, address, language },
          kind: 'system',
          priority: 'low',
          alarmId: null,
          transitionId: null,
          incidentId: null,
          tier: 0,
          detail: { atMs: nowMs, facts: NO_FACTS },
        },
        nowMs,
      ),
    )
    this.deps.wake()
  }
}

function noteOf(kind: string): string {
  return kind.startsWith('sms') ? 'SMS' : kind
}

const WRONG = { zh: '回复码无效，未确认任何告警。', en: 'The code is not valid; no alarm was acknowledged.' }
const DONE = {
  zh: (alarmId: number) => `已确认告警 ${alarmId}。`,
  en: (alarmId: number) => `Alarm ${alarmId} is acknowledged.`,
}
const ALREADY = {
  zh: (alarmId: number) => `告警 ${alarmId} 已无需确认。`,
  en: (alarmId: number) => `Alarm ${alarmId} needs no acknowledgement any more.`,
}
