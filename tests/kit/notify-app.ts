import type { AlarmPriority, Role } from '@roomkeeper/shared/model'
import { type Logger, pino } from 'pino'
import { z } from 'zod'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import type { AlarmChange, AlarmSignal } from '../../server/src/alarms/alarm-types.ts'
import { LifeWatch } from '../../server/src/alarms/life-watch.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { type Channel, ChannelError, type Notice, type Reply } from '../../server/src/notify/channels/channel.ts'
import { Notifier, placeKindsOf } from '../../server/src/notify/notifier.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'

/** 2026-03-02 08:00 UTC, a Monday. */
export const START_MS = Date.UTC(2026, 2, 2, 8)
export const MINUTE_MS = 60_000

/** What one notice arrived as. */
export interface Arrived {
  channelId: number
  address: string
  notice: Notice
}

export interface NotifyApp {
  db: Db
  clock: { nowMs(): number; advance(ms: number): void }
  alarms: AlarmStore
  /** Not started: its tick is part of `settle` and `pass`. */
  life: LifeWatch
  notifier: Notifier
  arrived: Arrived[]
  /** What the channel does with the next notices; default: takes them. Keyed by the label. */
  behaviour: Map<string, (notice: Notice) => Promise<string> | string>
  log: Logger
  kinds: ReadonlyMap<string, Channel>
  /** Lines logged as errors. */
  errors: Record<string, unknown>[]
  person(username: string, roles: Role[], options?: { onDuty?: boolean }): Promise<number>
  channel(label: string, options?: { place?: boolean; minPriority?: AlarmPriority }): Promise<number>
  contact(
    accountId: number,
    channelId: number,
    address: string,
    options?: { minPriority?: AlarmPriority; language?: 'zh' | 'en' },
  ): Promise<void>
  submit(kind: 'raise' | 'clear' | 're-alarm' | 'step-down', signal: Partial<AlarmSignal>): void
  /** Everything that is due now has been done. */
  settle(): Promise<void>
  /** The time goes on in steps of 10 s, with the minute's check each minute. */
  pass(ms: number): Promise<void>
  reply(channelId: number, reply: Reply): Promise<void>
  outbox(): Promise<{ kind: string; address: string; state: string; alarmId: number | null; tier: number; answer: string }[]>
  decisions(): Promise<string[]>
  stop(): Promise<void>
}

/**
 * The whole way from an alarm to channels that tests play, on a real database, with a clock that tests move. `realKinds`: channels of the
 * product besides.
 */
export async function startNotifyApp(location: string, realKinds: readonly Channel[] = []): Promise<NotifyApp> {
  const db = await openDatabase(location)
  let nowMs = START_MS
  const clock = {
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms
    },
  }
  const errors: Record<string, unknown>[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(JSON.parse(line) as Record<string, unknown>) })
  const arrived: Arrived[] = []
  const behaviour: NotifyApp['behaviour'] = new Map()
  const replyTo = new Map<number, (reply: Reply) => void>()
  const kinds = new Map(
    [playedChannel('played', true), playedChannel('played-place', false), ...realKinds].map((channel) => [channel.name, channel]),
  )
  const urlOf = () => undefined
  const alarms = new AlarmStore({
    db,
    clock,
    log,
    attachIncident,
    queueNotices: createPipeline({ placeKinds: placeKindsOf(kinds), urlOf }),
  })
  await alarms.start()
  const notifier = new Notifier({ db, clock, log, kinds, urlOf, alarms, change: () => undefined })
  alarms.onTransition(() => notifier.wake())
  const wake = (): void => notifier.wake()
  const life = new LifeWatch({ db, clock, log, alarms, placeKinds: placeKindsOf(kinds), wake, change: () => undefined })

  function playedChannel(name: string, hasAddress: boolean): Channel {
    return {
      name,
      title: { zh: name, en: name },
      summary: { zh: name, en: name },
      settings: z.strictObject({ label: z.string(), id: z.number(), token: z.string().min(1).optional() }),
      secrets: ['token'],
      address: hasAddress ? { label: { zh: '地址', en: 'Address' }, schema: z.string().regex(/^[a-z0-9]+@test$/, 'name@test') } : null,
      async open(settings, context) {
        const { label, id } = settings as { label: string; id: number }
        replyTo.set(id, context.onReply)
        return {
          async send(notice, { address }) {
            const answer = await (behaviour.get(label)?.(notice) ?? 'OK')
            arrived.push({ channelId: id, address, notice })
            return { answer }
          },
          close: async () => undefined,
        }
      },
    }
  }

  const app: NotifyApp = {
    db,
    clock,
    alarms,
    life,
    notifier,
    arrived,
    behaviour,
    log,
    kinds,
    errors,
    person: async (username, roles, { onDuty = false } = {}) => {
      const values = { username, name: username, passwordHash: '-', rolesJson: JSON.stringify(roles), onDuty: onDuty ? 1 : 0 }
      const row = await db
        .insertInto('account')
        .values({ ...values, disabled: 0, mustChangePassword: 0, lastSignInMs: null, createdAtMs: nowMs })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },
    channel: async (label, { place = false, minPriority = 'low' } = {}) => {
      const values = { kind: place ? 'played-place' : 'played', label, enabled: 1, minPriority, settingsJson: '{}' }
      const { id } = await db
        .insertInto('channel')
        .values({ ...values, revision: 0, changedAtMs: nowMs - 1, removedAtMs: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      await db
        .updateTable('channel')
        .set({ settingsJson: JSON.stringify({ label, id }) })
        .where('id', '=', id)
        .execute()
      return id
    },
    contact: async (accountId, channelId, address, { minPriority = 'low', language = 'zh' } = {}) => {
      await db.insertInto('contact').values({ accountId, channelId, address, minPriority, language, enabled: 1 }).execute()
    },
    submit: (kind, signal) => {
      const change: AlarmChange = {
        kind,
        signal: {
          source: 'point',
          sourceId: 1,
          condition: 'high',
          priority: 'high',
          atMs: nowMs,
          value: 31.5,
          limit: 28,
          late: false,
          roomId: null,
          deviceId: null,
          pointId: null,
          ...signal,
        },
      }
      alarms.submit(change)
    },
    settle: async () => {
      for (let round = 0; round < 4; round += 1) {
        await alarms.flush()
        await life.tick()
        await notifier.turn()
        await notifier.idle()
      }
    },
    pass: async (ms) => {
      const endMs = nowMs + ms
      while (nowMs < endMs) {
        const before = nowMs
        nowMs = Math.min(endMs, nowMs + 10_000)
        if (Math.floor(before / MINUTE_MS) !== Math.floor(nowMs / MINUTE_MS)) {
          await life.tick()
          await notifier.minute()
        }
        await alarms.flush()
        await notifier.turn()
        await notifier.idle()
      }
      await app.settle()
    },
    reply: async (channelId, reply) => {
      await notifier.connections.sync()
      replyTo.get(channelId)?.(reply)
      // Taken when its answer or its audit row is there.
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
    outbox: async () => db.selectFrom('outbox').select(['kind', 'address', 'state', 'alarmId', 'tier', 'answer']).orderBy('id').execute(),
    decisions: async () => {
      const rows = await db
        .selectFrom('alarmTransition')
        .leftJoin('noticeDecision', 'noticeDecision.transitionId', 'alarmTransition.id')
        .select(['event', 'decision'])
        .orderBy('alarmTransition.id')
        .execute()
      return rows.map(({ event, decision }) => `${event} ${decision}`)
    },
    stop: async () => {
      await alarms.stop()
      await notifier.stop()
      await db.destroy()
    },
  }
  return app
}

/** Nobody answers. */
export function unreachable(): never {
  throw new ChannelError('unreachable', 'connection refused')
}
/** It says no, and would say so again. */
export function refused(): never {
  throw new ChannelError('refused', '535 wrong password')
}
