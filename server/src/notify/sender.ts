import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { backOffMs } from './back-off.ts'
import { type ChannelConnection, ChannelError, type Notice } from './channels/channel.ts'
import { noticeFilesOf } from './notice-files.ts'
import type { NoticeDetail } from './outbox.ts'
import { ATTEMPT_MS, claimRow, dueRows, endAttempt, OFF, type OutboxRow } from './outbox-claims.ts'
import { replaceNotice } from './replace.ts'

export interface SenderDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  connections: { of(channelId: number): Promise<ChannelConnection> }
  /** An attempt has ended; `waitedMs`: since the notice was queued. */
  onEnd(row: OutboxRow, state: string, waitedMs: number): void
  /** Of a page of the dashboard; undefined while the server does not know its own address. */
  pageUrl?(path: string): string | undefined
  random?: () => number
}

/** Attempts at the same time through one channel. One, so that a kill leaves one notice in doubt and brings one second copy at most. */
const PER_CHANNEL = 1

/** What is known of a channel between attempts. */
interface Lane {
  underWay: number
  /** Failures in a row that say the other side is away. */
  failures: number
  /** Until then a channel that is away is left alone, but for one attempt at its end. */
  pausedUntilMs: number
}

/**
 * Takes rows of the outbox to their channels. Every attempt is written down before it is made and after it has ended; one that a kill cut
 * short is made again under the same notice id when its lease is over. Any number of senders may work on one database.
 */
export class Sender {
  private readonly deps: SenderDeps
  private readonly lanes = new Map<number, Lane>()
  private readonly underWay = new Set<Promise<void>>()
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private again = false

  constructor(deps: SenderDeps) {
    this.deps = deps
  }

  /** Begins every attempt that is due and for which there is room; resolves when they have begun. Calls that overlap are one. */
  run(): Promise<void> {
    if (this.running) {
      this.again = true
      return this.running
    }
    this.running = this.begin().finally(() => {
      this.running = undefined
    })
    return this.running
  }

  /** The clock was set: nobody knows how long a channel has been left alone. */
  forgetPauses(): void {
    for (const lane of this.lanes.values()) lane.pausedUntilMs = 0
  }

  /** Resolves when no attempt is under way. */
  async idle(): Promise<void> {
    while (this.running || this.underWay.size > 0) await Promise.allSettled([this.running, ...this.underWay])
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.idle()
  }

  private async begin(): Promise<void> {
    do {
      this.again = false
      if (this.stopping.signal.aborted) return
      const { db, clock } = this.deps
      const channels = await db.selectFrom('outbox').select('channelId').distinct().where('state', '=', 'pending').execute()
      for (const { channelId } of channels) {
        const lane = this.laneOf(channelId)
        const nowMs = clock.nowMs()
        const room = roomIn(lane, nowMs)
        if (room <= 0) continue
        for (const id of await dueRows(db, channelId, room, nowMs)) {
          lane.underWay += 1
          const attempt: Promise<void> = this.attempt(id, lane).then(
            () => this.ended(attempt, lane, true),
            (error: unknown) => {
              this.deps.log.error({ module: 'notify', notice: id, err: error }, 'an attempt could not be written down')
              this.ended(attempt, lane, false)
            },
          )
          this.underWay.add(attempt)
        }
      }
    } while (this.again)
  }

  /** The next one begins at once, but not while the database is away: then the next turn tries. */
  private ended(attempt: Promise<void>, lane: Lane, goOn: boolean): void {
    lane.underWay -= 1
    this.underWay.delete(attempt)
    if (goOn && !this.stopping.signal.aborted) void this.run().catch(() => undefined)
  }

  private laneOf(channelId: number): Lane {
    const lane = this.lanes.get(channelId) ?? { underWay: 0, failures: 0, pausedUntilMs: 0 }
    this.lanes.set(channelId, lane)
    return lane
  }

  private async attempt(outboxId: number, lane: Lane): Promise<void> {
    const { db, clock, log } = this.deps
    const claim = await claimRow(db, outboxId, clock.nowMs())
    if (!claim) return
    const { row } = claim
    if ('cancelled' in claim) {
      this.deps.onEnd(row, 'cancelled', 0)
      // Nobody asked that this person be left out.
      if (claim.cancelled === OFF) await replaceNotice(db, outboxId, clock.nowMs())
      return
    }
    const end = await this.send(row)
    const nowMs = clock.nowMs()
    if (end.error === undefined) {
      lane.failures = 0
      lane.pausedUntilMs = 0
      await endAttempt(db, outboxId, claim.attemptId, { outcome: 'sent', text: end.answer, retryAtMs: null }, nowMs)
      this.deps.onEnd(row, 'sent', nowMs - row.createdAtMs)
      return
    }
    const { error } = end
    const waitMs = backOffMs(row.attempts, (this.deps.random ?? Math.random)(), error.retryAfterMs)
    // Heartbeats come by the minute: nothing else is gained by waiting longer.
    if (error.kind === 'unreachable' && row.kind !== 'heartbeat') {
      lane.failures += 1
      lane.pausedUntilMs = nowMs + backOffMs(lane.failures, 0.5, error.retryAfterMs)
    }
    const isOver = !error.retryable || nowMs + waitMs > row.deadlineAtMs
    const state = await endAttempt(
      db,
      outboxId,
      claim.attemptId,
      { outcome: end.isCut ? 'unknown' : 'failed', text: error.message, retryAtMs: isOver ? null : nowMs + waitMs },
      nowMs,
    )
    log.warn(
      { module: 'notify', channel: row.channelId, notice: row.id, kind: error.kind, reason: error.message, state },
      'a notice was not taken',
    )
    this.deps.onEnd(row, state, nowMs - row.createdAtMs)
    if (state === 'failed') await replaceNotice(db, outboxId, nowMs)
  }

  private async send(row: OutboxRow): Promise<{ answer: string; error?: undefined } | { error: ChannelError; isCut: boolean }> {
    const deadline = AbortSignal.timeout(ATTEMPT_MS)
    const signal = AbortSignal.any([deadline, this.stopping.signal])
    try {
      const connection = await this.deps.connections.of(row.channelId)
      const files = await noticeFilesOf(this.deps.db, row)
      const notice = { ...noticeOf(row, this.deps.pageUrl), ...(files.length > 0 ? { files } : {}) }
      return await connection.send(notice, { name: row.personName, address: row.address }, signal)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      // A channel throws ChannelErrors; anything else is a bug of ours, and the next attempt may still get through.
      return {
        error: error instanceof ChannelError ? error : new ChannelError('unreachable', message, { cause: error }),
        isCut: signal.aborted,
      }
    }
  }
}

/** How many attempts may begin; a channel that is away is left alone for a while. */
function roomIn(lane: Lane, nowMs: number): number {
  if (lane.pausedUntilMs > nowMs) return 0
  return PER_CHANNEL - lane.underWay
}

/** The notice as its channel gets it: the same at every attempt. */
export function noticeOf(row: OutboxRow, pageUrl?: SenderDeps['pageUrl']): Notice {
  const { path, fileIds: _, ...detail } = JSON.parse(row.detailJson) as NoticeDetail
  const url = path === undefined ? detail.url : pageUrl?.(path)
  return {
    ...detail,
    ...(url === undefined ? {} : { url }),
    id: row.noticeId,
    kind: row.kind as Notice['kind'],
    priority: row.priority as Notice['priority'],
    language: row.language === 'en' ? 'en' : 'zh',
    title: row.title,
    text: row.text,
  }
}
