import type { Logger } from 'pino'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'

const SUMMARY_AFTER_MS = 60_000
/** Addresses named in one row; a stranger must not write the audit trail's size. */
const MOST_ADDRESSES = 10

/** Wrong codes, as one audit row a minute however many there were. */
export class WrongGuesses {
  private readonly dependencies: { db: Db; log: Logger; clock: { nowMs(): number } }
  private count = 0
  private readonly addresses = new Set<string>()
  private timer: NodeJS.Timeout | undefined

  constructor(dependencies: { db: Db; log: Logger; clock: { nowMs(): number } }) {
    this.dependencies = dependencies
  }

  add(address: string): void {
    this.count += 1
    if (this.addresses.size < MOST_ADDRESSES) this.addresses.add(address)
    this.timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => this.dependencies.log.error({ module: 'pairing', err: error }, 'wrong codes were not audited'))
    }, SUMMARY_AFTER_MS)
  }

  /** Writes what was counted; nothing when there was none. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.count === 0) return
    const after = { count: this.count, addresses: [...this.addresses] }
    this.count = 0
    this.addresses.clear()
    const { db, log, clock } = this.dependencies
    log.warn({ module: 'pairing', ...after }, 'wrong pairing codes')
    await db
      .transaction()
      .execute((transaction) =>
        appendAudit(transaction, { actor: 'stranger', action: 'agent.pairing.wrong', entity: 'pairing', after }, clock.nowMs()),
      )
  }
}
