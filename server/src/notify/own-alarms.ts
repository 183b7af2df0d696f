import type { AlarmChange, AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Db } from '../database/schema.ts'
import { loadFacts, type PlaceKinds } from './facts.ts'

export interface OwnAlarmsDeps {
  db: Db
  placeKinds: PlaceKinds
  submit(change: AlarmChange): void
}

/** The roster is one thing. */
const ROSTER_ID = 1
/** A failure nobody has looked at for a week is not news any more. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000
/** Three heartbeats. */
const HEARTBEAT_PATIENCE_MS = 3 * 60_000
const SETTING_UP_MS = 15 * 60_000

/**
 * Alarms of telling itself, decided from what is stored and so the same after a restart: a channel that fails, and nobody on duty who can
 * be reached. Raising what stands and clearing what does not changes nothing.
 */
export async function watchOwnAlarms({ db, placeKinds, submit }: OwnAlarmsDeps, nowMs: number): Promise<void> {
  const standing = await db
    .selectFrom('alarm')
    .select(['source', 'sourceId', 'condition', 'priority'])
    .where('source', 'in', ['channel', 'roster'])
    .where('active', '=', 1)
    .execute()
  const isStanding = (source: 'channel' | 'roster', id: number): boolean =>
    standing.some((one) => one.source === source && one.sourceId === id)
  const failing = await failingChannels(db, nowMs)
  for (const [channelId, reason] of failing)
    if (!isStanding('channel', channelId)) submit({ kind: 'raise', signal: channelSignal(channelId, reason, nowMs) })
  for (const { source, sourceId } of standing)
    if (source === 'channel' && !failing.has(sourceId)) submit({ kind: 'clear', signal: channelSignal(sourceId, null, nowMs) })
  const isEmpty = await isNobodyReachable(db, placeKinds, nowMs)
  const roster = { source: 'roster', sourceId: ROSTER_ID, condition: 'no-one-on-duty', priority: 'high', atMs: nowMs } as const
  if (isEmpty !== isStanding('roster', ROSTER_ID)) submit({ kind: isEmpty ? 'raise' : 'clear', signal: ownSignal(roster) })
}

/** Channels with an address at which the last word is a failure; with the words. */
async function failingChannels(db: Db, nowMs: number): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('channel', 'channel.id', 'outbox.channelId')
    .select(['outbox.channelId', 'outbox.accountId', 'outbox.address', 'channel.changedAtMs'])
    .select((select) => [
      select.fn.max(select.case().when('outbox.state', '=', 'sent').then(select.ref('outbox.finishedAtMs')).end()).as('sentAtMs'),
      select.fn
        .max(
          select
            .case()
            .when(
              select.and([
                select('outbox.kind', '<>', 'test'),
                // A watcher waits for some minutes before it alarms; so is this no alarm before.
                select.or([select('outbox.kind', '<>', 'heartbeat'), select('outbox.createdAtMs', '<=', nowMs - HEARTBEAT_PATIENCE_MS)]),
                select.or([
                  select('outbox.state', '=', 'failed'),
                  select.and([select('outbox.state', '=', 'pending'), select('outbox.replacedAtMs', 'is not', null)]),
                ]),
              ]),
            )
            .then(select.fn.coalesce('outbox.finishedAtMs', 'outbox.replacedAtMs'))
            .end(),
        )
        .as('failedAtMs'),
    ])
    .where('outbox.createdAtMs', '>', nowMs - LOOK_BACK_MS)
    .where('channel.enabled', '=', 1)
    .where('channel.removedAtMs', 'is', null)
    .groupBy(['outbox.channelId', 'outbox.accountId', 'outbox.address', 'channel.changedAtMs'])
    .execute()
  const contacts = await db.selectFrom('contact').select(['channelId', 'accountId', 'address']).where('enabled', '=', 1).execute()
  const schedules = await db
    .selectFrom('reportSchedule')
    .select('addressesJson')
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .execute()
  const others = new Set(['', ...schedules.flatMap(({ addressesJson }) => JSON.parse(addressesJson) as string[])])
  const found = new Map<number, string>()
  for (const { channelId, accountId, address, changedAtMs, sentAtMs, failedAtMs } of rows) {
    if (failedAtMs === null || failedAtMs <= Math.max(sentAtMs ?? 0, changedAtMs)) continue
    const isInUse =
      (accountId === null && others.has(address)) ||
      contacts.some((one) => one.channelId === channelId && one.accountId === accountId && one.address === address)
    if (isInUse && !found.has(channelId)) found.set(channelId, await lastWords(db, channelId))
  }
  return found
}

async function lastWords(db: Db, channelId: number): Promise<string> {
  const row = await db
    .selectFrom('outboxAttempt')
    .innerJoin('outbox', 'outbox.id', 'outboxAttempt.outboxId')
    .select('outboxAttempt.text')
    .where('outbox.channelId', '=', channelId)
    .where('outboxAttempt.outcome', '=', 'failed')
    .orderBy('outboxAttempt.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.text ?? ''
}

/** Persons are to be told (a channel that reaches persons is set up), and nobody on duty has an enabled contact. */
async function isNobodyReachable(db: Db, placeKinds: PlaceKinds, nowMs: number): Promise<boolean> {
  const facts = await loadFacts(db, placeKinds, nowMs)
  const forPersons = facts.channels.filter(({ isPlace }) => !isPlace).map(({ id }) => id)
  if (forPersons.length === 0 || facts.contacts.some(({ accountId }) => facts.onDuty.includes(accountId))) return false
  if (facts.contacts.length > 0) return true
  // Whoever has just set up the first channel is about to enter the contacts.
  const settled = await db
    .selectFrom('channel')
    .select('id')
    .where('id', 'in', forPersons)
    .where('changedAtMs', '<', nowMs - SETTING_UP_MS)
    .executeTakeFirst()
  return settled !== undefined
}

function channelSignal(channelId: number, value: string | null, atMs: number): AlarmSignal {
  return ownSignal({ source: 'channel', sourceId: channelId, condition: 'channel-failing', priority: 'high', atMs, value })
}
