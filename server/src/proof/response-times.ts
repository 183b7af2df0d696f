import type { ResponseTimes } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'
import { CALLS } from '../notify/outbox.ts'
import { durationsOf } from './percentile.ts'
import { detectedAtMs, type Wait, waitsOf } from './response-waits.ts'

export interface ResponseTimesQuery {
  of: 'drills' | 'alarms'
  fromMs: number
  toMs: number
}

/** Measured times from detection to a channel's taking, and to a person's acknowledgement. */
export async function loadResponseTimes(db: Db, { of, fromMs, toMs }: ResponseTimesQuery): Promise<ResponseTimes> {
  const drill = of === 'drills' ? 1 : 0
  const transitions = await db
    .selectFrom('alarmTransition')
    .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
    .select(['alarmTransition.id', 'alarmId', 'event', 'fromState', 'toState', 'atMs', 'alarmTransition.recordedAtMs', 'person'])
    .where('alarm.drill', '=', drill)
    .where('alarmTransition.recordedAtMs', '>=', fromMs)
    .where('alarmTransition.recordedAtMs', '<=', toMs)
    .orderBy('alarmTransition.id')
    .execute()
  const waits = waitsOf(transitions, drill === 1)
  const tellings = await loadTellings(db, { of, fromMs, toMs })
  const acknowledged = waits.flatMap((wait) => (wait.acknowledged ? [{ ...wait.acknowledged, tookMs: tookMs(wait) }] : []))
  return {
    fromMs,
    toMs,
    alarms: waits.length,
    acknowledged: acknowledged.length,
    detectToSent: durationsOf(fastest(tellings, ({ transitionId }) => String(transitionId))),
    detectToAcknowledged: durationsOf(acknowledged.map((one) => one.tookMs)),
    byChannel: [...Map.groupBy(tellings, ({ channelId }) => channelId).values()].flatMap((own) => {
      const [first] = own
      if (!first) return []
      const { channelId, label, kind } = first
      // How fast a channel is, not how late the next tier's turn comes.
      const atOnce = own.filter(({ isFirst }) => isFirst)
      const detectToSent = durationsOf(fastest(atOnce, ({ transitionId, accountId }) => `${transitionId}/${accountId}`))
      return [{ channelId, label, kind, detectToSent, failed: own.filter(({ state }) => state === 'failed').length }]
    }),
    byPerson: personsOf(tellings, acknowledged),
  }
}

interface Telling {
  transitionId: number
  channelId: number
  accountId: number | null
  label: string
  kind: string
  name: string
  state: string
  /** Told at once, by the transition itself. */
  isFirst: boolean
  /** From detection until the channel had it; null: it has not taken it. */
  tookMs: number | null
}

/** Every call of these alarms that has ended, also those told in a summary. */
async function loadTellings(db: Db, { of, fromMs, toMs }: ResponseTimesQuery): Promise<Telling[]> {
  const rows = db
    .selectFrom('alarmTransition')
    .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
    .where('alarm.drill', '=', of === 'drills' ? 1 : 0)
    .where('alarmTransition.recordedAtMs', '>=', fromMs)
    .where('alarmTransition.recordedAtMs', '<=', toMs)
    .select(['alarmTransition.atMs', 'alarmTransition.recordedAtMs', 'alarmTransition.id as transitionId'])
  const told = await rows
    .innerJoin('outbox', 'outbox.transitionId', 'alarmTransition.id')
    .innerJoin('channel', 'channel.id', 'outbox.channelId')
    .select(['outbox.channelId', 'outbox.accountId', 'outbox.personName', 'outbox.state', 'outbox.finishedAtMs', 'outbox.dedupeKey'])
    .select(['channel.label', 'channel.kind'])
    .where('outbox.kind', 'in', [...CALLS])
    .where('outbox.state', 'in', ['sent', 'failed'])
    .orderBy('outbox.id')
    .execute()
  const summed = await rows
    .innerJoin('noticeLater', 'noticeLater.transitionId', 'alarmTransition.id')
    .innerJoin('outbox', 'outbox.id', 'noticeLater.outboxId')
    .innerJoin('channel', 'channel.id', 'outbox.channelId')
    .select(['outbox.channelId', 'outbox.accountId', 'outbox.personName', 'outbox.state', 'outbox.finishedAtMs', 'noticeLater.dedupeKey'])
    .select(['channel.label', 'channel.kind'])
    .where('noticeLater.event', '<>', 'clear')
    .where('outbox.state', 'in', ['sent', 'failed'])
    .orderBy('outbox.id')
    .execute()
  return [...told, ...summed].map((row) => ({
    transitionId: row.transitionId,
    channelId: row.channelId,
    accountId: row.accountId,
    label: row.label,
    kind: row.kind,
    name: row.accountId === null ? '' : row.personName,
    state: row.state,
    // t: by the transition, e: by the escalation, g: by the minute's check (notify/tell.ts).
    isFirst: row.dedupeKey.startsWith('t'),
    tookMs: row.state === 'sent' && row.finishedAtMs !== null ? Math.max(0, row.finishedAtMs - detectedAtMs(row)) : null,
  }))
}

/** The fastest of each group: who was told twice was told by the first. */
function fastest(tellings: readonly Telling[], groupOf: (telling: Telling) => string): number[] {
  return [...Map.groupBy(tellings, groupOf).values()].flatMap((group) => {
    const times = group.flatMap((telling) => (telling.tookMs === null ? [] : [telling.tookMs]))
    return times.length === 0 ? [] : [Math.min(...times)]
  })
}

function personsOf(tellings: readonly Telling[], acknowledged: readonly { person: string; tookMs: number }[]): ResponseTimes['byPerson'] {
  const names = new Set([...tellings.map(({ name }) => name), ...acknowledged.map(({ person }) => person)].filter((name) => name !== ''))
  return [...names]
    .sort((a, b) => a.localeCompare(b, 'zh'))
    .map((name) => {
      const told = tellings.filter((telling) => telling.name === name)
      const own = acknowledged.filter(({ person }) => person === name)
      return {
        name,
        detectToSent: durationsOf(fastest(told, ({ transitionId }) => String(transitionId))),
        detectToAcknowledged: durationsOf(own.map((one) => one.tookMs)),
        acknowledged: own.length,
      }
    })
}

function tookMs({ detectedAtMs: fromMs, acknowledged }: Wait): number {
  return Math.max(0, (acknowledged?.atMs ?? fromMs) - fromMs)
}
