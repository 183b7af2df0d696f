import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { messageId } from '../../../server/src/notify/channels/mail/message.ts'

const COUNTS = {
  alarms: "select count(*) as n from alarm where source = 'point'",
  outbox: 'select count(*) as n from outbox',
  sent: "select count(*) as n from outbox where state = 'sent'",
  /** Still to be told. */
  waiting: "select (select count(*) from outbox where state = 'pending') + (select count(*) from noticeLater where outboxId is null) as n",
  unsent: "select count(*) as n from outbox where state in ('pending', 'failed')",
  /** Transitions of which nobody can say whether and why they were told. */
  undecided:
    'select count(*) as n from alarmTransition left join noticeDecision on noticeDecision.transitionId = alarmTransition.id where decision is null',
  /** Told by their decision, with no row that would be sent. */
  rowless: `select count(*) as n from noticeDecision where decision in ('told', 'grouped')
    and not exists (select 1 from outbox where outbox.transitionId = noticeDecision.transitionId)
    and not exists (select 1 from noticeLater where noticeLater.transitionId = noticeDecision.transitionId)`,
} as const

export interface ToldAlarm {
  alarmId: number
  pointId: number
  condition: string
  priority: string
  state: string
  /** Notices that speak of it: its own, and summaries. */
  noticeIds: string[]
}

/** Looks into the server's database beside the server, also while it is dead. */
export class FloodLedger {
  private readonly db: DatabaseSync
  private readonly prepared = new Map<string, StatementSync>()

  constructor(path: string) {
    this.db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  }

  count(what: keyof typeof COUNTS): number {
    return Number(this.query(COUNTS[what]).get()?.n ?? 0)
  }

  isAttempting(): boolean {
    return (
      this.query('select 1 from outboxAttempt where endedAtMs is null and startedAtMs > ? limit 1').get(Date.now() - 2000) !== undefined
    )
  }

  /** Every alarm of a point with the notices that tell of it. */
  told(): ToldAlarm[] {
    const rows = this.query(
      "select id, pointId, condition, priority, state from alarm where source = 'point' and condition like 'low%'",
    ).all()
    const own = this.noticesBy('select alarmId, noticeId from outbox where alarmId is not null')
    const summed = this.noticesBy(
      'select noticeLater.alarmId, outbox.noticeId from noticeLater join outbox on outbox.id = noticeLater.outboxId',
    )
    return rows.map(({ id, pointId, condition, priority, state }) => {
      const alarmId = Number(id)
      const noticeIds = [...(own.get(alarmId) ?? []), ...(summed.get(alarmId) ?? [])]
      return {
        alarmId,
        pointId: Number(pointId),
        condition: String(condition),
        priority: String(priority),
        state: String(state),
        noticeIds,
      }
    })
  }

  /** Notices that say they were sent. */
  sentNoticeIds(): string[] {
    return this.query("select noticeId from outbox where state = 'sent'")
      .all()
      .map(({ noticeId }) => String(noticeId))
  }

  close(): void {
    this.db.close()
  }

  private noticesBy(statement: string): Map<number, string[]> {
    const found = new Map<number, string[]>()
    for (const { alarmId, noticeId } of this.query(statement).all()) {
      const ids = found.get(Number(alarmId)) ?? []
      ids.push(String(noticeId))
      found.set(Number(alarmId), ids)
    }
    return found
  }

  private query(text: string): StatementSync {
    const statement = this.prepared.get(text) ?? this.db.prepare(text)
    this.prepared.set(text, statement)
    return statement
  }
}

/** The header by which a mail names its notice. */
export function mailIdOf(noticeId: string): string {
  return messageId(noticeId, SENDER)
}
const SENDER = 'roomkeeper@hospital.example'
