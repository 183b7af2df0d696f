import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { ChannelConnection, Notice } from './channels/channel.ts'
import { queueNotice } from './outbox.ts'
import { ATTEMPT_MS, claimRow, endAttempt } from './outbox-claims.ts'
import { timeText } from './render/alarm-notice.ts'
import { noticeOf } from './sender.ts'
import { NO_FACTS } from './summaries.ts'

export interface TestChannelDeps {
  db: Db
  clock: { nowMs(): number }
  connections: { of(channelId: number): Promise<ChannelConnection> }
}

export interface TestRequest {
  channelId: number
  address: string
  label: string
  actor: { accountId: number | null; username: string; name: string }
}

/** Sends a test notice and waits for the channel's own answer; it stands in the outbox like any other. */
export async function testChannel(
  { db, clock, connections }: TestChannelDeps,
  { channelId, address, label, actor }: TestRequest,
): Promise<{ ok: boolean; answer: string; tookMs: number }> {
  const startedAtMs = clock.nowMs()
  const outboxId = await db.transaction().execute(async (transaction) => {
    const id = await queueNotice(transaction, { ...testNotice(channelId, address, label, actor.name, startedAtMs) }, startedAtMs)
    const entry = { actor: actor.username, action: 'channel.test', entity: `channel:${channelId}`, after: { address } }
    await appendAudit(transaction, entry, startedAtMs)
    // Sent from here and nowhere else: the person waits for the answer.
    await transaction
      .updateTable('outbox')
      .set({ deadlineAtMs: startedAtMs + ATTEMPT_MS })
      .where('id', '=', id ?? 0)
      .execute()
    return id ?? 0
  })
  const claim = await claimRow(db, outboxId, startedAtMs)
  if (!claim) return { ok: false, answer: '另一进程正在发送 · another process is sending it', tookMs: 0 }
  if ('cancelled' in claim) return { ok: false, answer: claim.cancelled, tookMs: 0 }
  const began = performance.now()
  try {
    const connection = await connections.of(channelId)
    const { answer } = await connection.send(noticeOf(claim.row), { name: actor.name, address }, AbortSignal.timeout(ATTEMPT_MS))
    await endAttempt(db, outboxId, claim.attemptId, { outcome: 'sent', text: answer, retryAtMs: null }, clock.nowMs())
    return { ok: true, answer, tookMs: Math.round(performance.now() - began) }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    await endAttempt(db, outboxId, claim.attemptId, { outcome: 'failed', text, retryAtMs: null }, clock.nowMs())
    return { ok: false, answer: text, tookMs: Math.round(performance.now() - began) }
  }
}

function testNotice(channelId: number, address: string, label: string, name: string, nowMs: number): Parameters<typeof queueNotice>[1] {
  const text = [
    `机房管家测试通知：${label}`,
    `由 ${name} 发出，无需处理。`,
    `Roomkeeper test, sent by ${name}; nothing to do.`,
    timeText(nowMs),
  ]
  return {
    title: '[测试 Test] 机房管家 Roomkeeper',
    text: text.join('\n'),
    key: `test${randomUUID()}`,
    to: { channelId, accountId: null, name, address, language: 'zh' },
    kind: 'test',
    priority: 'low' satisfies Notice['priority'],
    alarmId: null,
    transitionId: null,
    incidentId: null,
    tier: 0,
    detail: { atMs: nowMs, facts: NO_FACTS },
  }
}
