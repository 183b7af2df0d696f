import type { PartState } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'
import { HEARTBEAT_KINDS } from '../notify/channels/heartbeat-kinds.ts'
import { queueNotice } from '../notify/outbox.ts'
import { NO_FACTS } from '../notify/summaries.ts'
import { VERSION } from '../version.ts'
import type { LiveCounts } from './all-clear-facts.ts'

export interface HeartbeatDeps {
  db: Db
  clock: { nowMs(): number }
  health(): Record<string, PartState>
  counts(): LiveCounts
  wake(): void
}

/** Without these the server must not say that it lives: alarms are written, the check that all were told has run, and the sender turns. */
const VITAL_PARTS = ['alarms', 'notices'] as const

/**
 * Once a minute, after the minute's checks: a heartbeat for each outside watcher, by the real outbox and sender. None when something vital is
 * ill: silence is what the watcher alarms by. Of several that wait only the newest is worth sending.
 */
export async function queueHeartbeats({ db, clock, health, counts, wake }: HeartbeatDeps): Promise<void> {
  const parts = health()
  if (HEARTBEAT_KINDS.length === 0 || VITAL_PARTS.some((name) => parts[name]?.ok === false)) return
  const nowMs = clock.nowMs()
  const watchers = await db
    .selectFrom('channel')
    .select('id')
    .where('kind', 'in', [...HEARTBEAT_KINDS])
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .execute()
  if (watchers.length === 0) return
  const open = await db
    .selectFrom('alarm')
    .select('state')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('drill', '=', 0)
    .where('state', 'in', ['UNACK', 'ACKED', 'RTNUN'])
    .groupBy('state')
    .execute()
  const countOf = (...states: string[]): number =>
    open.reduce((sum, { state, count }) => sum + (states.includes(state) ? Number(count) : 0), 0)
  const report = {
    parts,
    alarms: { standing: countOf('UNACK', 'ACKED'), unacknowledged: countOf('UNACK', 'RTNUN') },
    counts: counts(),
    version: VERSION,
  }
  for (const { id } of watchers)
    await db.transaction().execute(async (transaction) => {
      await giveUpWaiting(transaction, id, nowMs)
      await queueNotice(
        transaction,
        {
          title: '心跳 / heartbeat',
          text: JSON.stringify(report),
          key: `heartbeat/${nowMs}`,
          to: { channelId: id, accountId: null, name: '', address: '', language: 'zh' },
          kind: 'heartbeat',
          priority: 'low',
          alarmId: null,
          transitionId: null,
          incidentId: null,
          tier: 0,
          detail: { atMs: nowMs, facts: NO_FACTS },
        },
        nowMs,
      )
    })
  wake()
}

/** What has not arrived within its minute is old news; that it failed is told by the alarm of the channel (notify/own-alarms.ts). */
async function giveUpWaiting(transaction: Db, channelId: number, nowMs: number): Promise<void> {
  await transaction
    .updateTable('outbox')
    .set({ state: 'failed', finishedAtMs: nowMs })
    .where('channelId', '=', channelId)
    .where('kind', '=', 'heartbeat')
    .where('state', '=', 'pending')
    .where('attempts', '>', 0)
    .where((where) => where.or([where('claimedUntilMs', 'is', null), where('claimedUntilMs', '<', nowMs)]))
    .execute()
}
