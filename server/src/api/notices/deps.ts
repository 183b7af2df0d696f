import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { Accounts } from '../../accounts/accounts.ts'
import type { Db } from '../../database/schema.ts'
import type { Channel } from '../../notify/channels/channel.ts'
import type { Notifier } from '../../notify/notifier.ts'

export interface NoticesDeps {
  db: Db
  accounts: Pick<Accounts, 'verifySignature'>
  clock: { nowMs(): number }
  log: Logger
  /** Every kind of channel, by name. */
  kinds: ReadonlyMap<string, Channel>
  notifier: Pick<Notifier, 'connections' | 'wake' | 'minute'>
  change(change: Change): void
}
