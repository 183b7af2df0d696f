import { ORPCError } from '@orpc/server'
import type { Role } from '@roomkeeper/shared/model'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Request, Response } from 'express'
import { AttemptLimit, addressKey } from '../accounts/attempt-limit.ts'
import { hashToken, newSessionToken } from '../accounts/session-token.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { calendarEntries } from '../schedules/calendar-entries.ts'
import { calendarFeed } from '../schedules/calendar-feed.ts'
import { loadWorkingDays } from '../schedules/working-days.ts'
import { actorOf, api, refusal } from './base.ts'
import type { ExtraRoute } from './http-server.ts'

export interface CalendarDeps {
  db: Db
  clock: { nowMs(): number }
  /** The hospital's; IANA name. */
  timeZone: string
  /** Of a page of the dashboard; undefined while the server does not know its own address. */
  pageUrl?(path: string): string | undefined
  definitions?: readonly RegisterDefinition[]
}

const DAY_MS = 86_400_000
const LONGEST_MS = 400 * DAY_MS
/** What a calendar program is given: the past quarter and the coming half year. */
const FEED_BACK_MS = 92 * DAY_MS
const FEED_AHEAD_MS = 183 * DAY_MS
const FEED_PATH = '/api/calendar.ics'
/** Writing down each use would be a write per look. */
const USED_EVERY_MS = 60_000
const TOO_LONG = '至多 400 天 / 400 days at most'
const A_PERSON = '须以人员账号登录 / sign in as a person'

/** The calendar, and its feeds for phones and mail programs. */
export function createCalendarHandlers(deps: CalendarDeps) {
  const { db, clock, timeZone, definitions = DEFINITIONS } = deps
  const { schedules } = api
  return {
    calendar: schedules.calendar.handler(async ({ input, context, errors }) => {
      const { fromMs, toMs } = input
      if (toMs <= fromMs || toMs - fromMs > LONGEST_MS)
        throw errors.INVALID({ message: TOO_LONG, data: { field: 'toMs', allowed: TOO_LONG } })
      const days = await loadWorkingDays(db, timeZone)
      return calendarEntries(db, definitions, days, { fromMs, toMs, nowMs: clock.nowMs(), roles: actorOf(context).roles })
    }),

    feeds: schedules.feeds.handler(async ({ context }) => {
      return db
        .selectFrom('calendarFeed')
        .select(['id', 'name', 'createdAtMs', 'lastUsedMs'])
        .where('accountId', '=', actorOf(context).accountId ?? 0)
        .where('removedAtMs', 'is', null)
        .orderBy('id')
        .execute()
    }),

    addFeed: schedules.addFeed.handler(async ({ input, context, errors }) => {
      const { accountId, username } = actorOf(context)
      if (accountId === null) throw errors.INVALID({ message: A_PERSON, data: { field: 'name', allowed: A_PERSON } })
      const nowMs = clock.nowMs()
      const token = newSessionToken()
      const id = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const row = { accountId, name: input.name, tokenHash: hashToken(token), createdAtMs: nowMs, lastUsedMs: null, removedAtMs: null }
        const added = await transaction.insertInto('calendarFeed').values(row).returning('id').executeTakeFirstOrThrow()
        const entry = { actor: username, action: 'calendar-feed.create', entity: `calendar-feed:${added.id}`, after: { name: input.name } }
        await appendAudit(transaction, entry, nowMs)
        return added.id
      })
      const path = `${FEED_PATH}?token=${token}`
      return { id, url: deps.pageUrl?.(path) ?? path }
    }),

    removeFeed: schedules.removeFeed.handler(async ({ input, context, errors }) => {
      const { accountId, username } = actorOf(context)
      const nowMs = clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const removed = await transaction
          .updateTable('calendarFeed')
          .set({ removedAtMs: nowMs })
          .where('id', '=', input.feedId)
          .where('accountId', '=', accountId ?? 0)
          .where('removedAtMs', 'is', null)
          .returning('name')
          .executeTakeFirst()
        if (!removed) throw errors.NOT_FOUND()
        const entry = { actor: username, action: 'calendar-feed.remove', entity: `calendar-feed:${input.feedId}`, before: removed }
        await appendAudit(transaction, entry, nowMs)
      })
      return { ok: true as const }
    }),
  }
}

/**
 * `GET /api/calendar.ics?token=…`: calendar programs cannot sign in, so the address itself is the secret. It shows what the account of the
 * feed may read now, and nothing once that account is disabled.
 */
export function calendarFeedRoute(deps: CalendarDeps): ExtraRoute {
  // Tokens have 256 random bits; the limit keeps a stranger's guessing off the database.
  const limit = new AttemptLimit({ clock: deps.clock, freeAttempts: 20, maxDelayMs: 60_000, forgetAfterMs: 10 * 60_000 })
  return {
    method: 'GET',
    path: FEED_PATH,
    permission: 'public',
    summary: 'The calendar for phones and mail programs (iCal), by the secret token of a feed',
    handler: (request, response) => sendFeed(deps, limit, request, response),
  }
}

async function sendFeed(deps: CalendarDeps, limit: AttemptLimit, request: Request, response: Response): Promise<void> {
  const { db, clock, timeZone, definitions = DEFINITIONS } = deps
  const key = addressKey(request.ip ?? '')
  const waitMs = limit.begin(key)
  if (waitMs > 0) {
    const retryAfterSeconds = Math.ceil(waitMs / 1000)
    response.setHeader('retry-after', String(retryAfterSeconds))
    throw new ORPCError('TOO_MANY_REQUESTS', { message: '尝试次数过多，请稍后再试 / Too many attempts', data: { retryAfterSeconds } })
  }
  const nowMs = clock.nowMs()
  const feed = await feedOf(db, request.query.token)
  if (!feed) throw new ORPCError('NOT_FOUND', { message: '没有这个日历地址，或已停用 / No such calendar address, or it was removed' })
  limit.succeeded(key)
  if (feed.lastUsedMs === null || Math.abs(nowMs - feed.lastUsedMs) > USED_EVERY_MS)
    await db.updateTable('calendarFeed').set({ lastUsedMs: nowMs }).where('id', '=', feed.id).execute()
  const days = await loadWorkingDays(db, timeZone)
  const span = { fromMs: nowMs - FEED_BACK_MS, toMs: nowMs + FEED_AHEAD_MS, nowMs, roles: feed.roles }
  const entries = await calendarEntries(db, definitions, days, span)
  const rows = await db.selectFrom('schedule').select(['id', 'remindHours']).execute()
  const remindHours = new Map(rows.map((row) => [row.id, row.remindHours]))
  const text = calendarFeed(entries, {
    language: await languageOf(db, feed.accountId),
    nowMs,
    definitions,
    remindHoursOf: (scheduleId) => remindHours.get(scheduleId) ?? 0,
    pageUrl: (path) => deps.pageUrl?.(path),
  })
  response.setHeader('content-type', 'text/calendar; charset=utf-8')
  response.setHeader('content-disposition', 'attachment; filename="roomkeeper.ics"')
  response.setHeader('cache-control', 'private, no-cache')
  response.setHeader('x-content-type-options', 'nosniff')
  response.send(text)
}

/** A feed that is in use, of an account that may still read the calendar. */
async function feedOf(db: Db, token: unknown) {
  if (typeof token !== 'string' || !/^[\w-]{43}$/.test(token)) return undefined
  const row = await db
    .selectFrom('calendarFeed')
    .innerJoin('account', 'account.id', 'calendarFeed.accountId')
    .select([
      'calendarFeed.id',
      'calendarFeed.accountId',
      'calendarFeed.lastUsedMs',
      'account.rolesJson',
      'account.username',
      'account.name',
    ])
    .where('calendarFeed.tokenHash', '=', hashToken(token))
    .where('calendarFeed.removedAtMs', 'is', null)
    .where('account.disabled', '=', 0)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, accountId, lastUsedMs, username, name } = row
  const roles = JSON.parse(row.rolesJson) as Role[]
  const actor = { accountId, username, name, roles, sessionHash: null, mustChangePassword: false }
  return refusal(actor, 'schedules.read') === null ? { id, accountId, lastUsedMs, roles } : undefined
}

/** As the person's contacts have it; Chinese where there is none. */
async function languageOf(db: Db, accountId: number): Promise<'zh' | 'en'> {
  const contacts = await db.selectFrom('contact').select('language').where('accountId', '=', accountId).where('enabled', '=', 1).execute()
  return contacts.length > 0 && contacts.every(({ language }) => language === 'en') ? 'en' : 'zh'
}
