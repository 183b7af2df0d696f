import type { Schedule, ScheduleInput } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { cronProblem } from '../schedules/cron-times.ts'
import { dueTimesAfter } from '../schedules/due-times.ts'
import { loadSchedules } from '../schedules/load-schedules.ts'
import type { ScheduleRunner } from '../schedules/schedule-runner.ts'
import { loadWorkingDays } from '../schedules/working-days.ts'
import { actorOf, api } from './base.ts'
import { type CalendarDeps, createCalendarHandlers } from './calendar.ts'
import { changedByOther } from './form-revision.ts'

export interface SchedulesDeps extends CalendarDeps {
  db: Db
  clock: { nowMs(): number }
  /** The hospital's; IANA name. */
  timeZone: string
  log: Logger
  /** Told to look again after a change, so that alarms follow at once. */
  schedules: ScheduleRunner
  change(change: Change): void
  definitions?: readonly RegisterDefinition[]
}

/** What the preview shows. */
const PREVIEWED = 5
const YEAR_MS = 366 * 86_400_000

/** Schedules, holidays, the calendar and its feeds. */
export function createScheduleHandlers(deps: SchedulesDeps) {
  const { db, clock, timeZone, definitions = DEFINITIONS } = deps
  const { schedules } = api

  const find = async (scheduleId: number): Promise<Schedule | undefined> =>
    (await loadSchedules(db, { nowMs: clock.nowMs(), timeZone, scheduleId }))[0]

  /** The change itself is durable; what the run cannot do now, the next minute does. */
  const lookAgain = async (): Promise<void> => {
    await deps.schedules
      .run()
      .catch((error: unknown) => deps.log.warn({ module: 'schedules', err: error }, 'schedules are looked at later'))
    deps.change({ topic: 'schedules' })
  }

  return {
    ...createCalendarHandlers(deps),

    list: schedules.list.handler(() => loadSchedules(db, { nowMs: clock.nowMs(), timeZone })),

    preview: schedules.preview.handler(async ({ input }) => {
      const nowMs = clock.nowMs()
      const problem = input.cadence.kind === 'cron' ? cronProblem(input.cadence.expression, timeZone, nowMs) : undefined
      const days = await loadWorkingDays(db, timeZone)
      const timesMs = problem ? [] : dueTimesAfter(input, days, nowMs, nowMs + 10 * YEAR_MS, PREVIEWED)
      return { problem: problem ?? null, timesMs, timeZone }
    }),

    add: schedules.add.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const wrong = await problemOf(db, definitions, input, timeZone, nowMs)
      if (wrong) throw errors.INVALID(wrong)
      const { id } = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const created = await transaction
          .insertInto('schedule')
          .values({
            ...columnsOf(input),
            register: input.register,
            roomId: input.roomId,
            startsAtMs: nowMs,
            lastDoneAtMs: null,
            countsFromMs: null,
            remindedForMs: null,
            headToldForMs: null,
            pausedReason: null,
            revision: 1,
            changedBy: actor.name,
            changedAtMs: nowMs,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        const entry = { actor: actor.username, action: 'schedule.create', entity: `schedule:${created.id}`, after: input }
        await appendAudit(transaction, entry, nowMs)
        return created
      })
      await lookAgain()
      const schedule = await find(id)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    change: schedules.change.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const { scheduleId, revision, ...wanted } = input
      const before = await find(scheduleId)
      if (!before) throw errors.NOT_FOUND()
      if (before.register !== wanted.register || before.roomId !== wanted.roomId) throw errors.INVALID(sentence('register', MOVED))
      const wrong = await problemOf(db, definitions, wanted, timeZone, nowMs)
      if (wrong) throw errors.INVALID(wrong)
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const changed = await transaction
          .updateTable('schedule')
          .set({ ...columnsOf(wanted), revision: revision + 1, changedBy: actor.name, changedAtMs: nowMs })
          .where('id', '=', scheduleId)
          .where('revision', '=', revision)
          .returning('id')
          .executeTakeFirst()
        if (!changed) {
          const row = await transaction.selectFrom('schedule').selectAll().where('id', '=', scheduleId).executeTakeFirstOrThrow()
          throw errors.CONFLICT(changedByOther(row.changedBy, row.changedAtMs))
        }
        const { title, cadence, outerDays, remindHours, headAfterHours, avoidHolidays, personIds } = before
        const old = { title, cadence, outerDays, remindHours, headAfterHours, avoidHolidays, personIds }
        const entry = { actor: actor.username, action: 'schedule.update', entity: `schedule:${scheduleId}`, before: old, after: wanted }
        await appendAudit(transaction, entry, nowMs)
      })
      await lookAgain()
      const schedule = await find(scheduleId)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    pause: schedules.pause.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      const actor = actorOf(context)
      const before = await find(input.scheduleId)
      if (!before) throw errors.NOT_FOUND()
      const pausedReason = input.reason === '' ? null : input.reason
      if (pausedReason !== null && before.required) throw errors.INVALID(sentence('reason', REQUIRED))
      if (pausedReason !== before.pausedReason) {
        await db.transaction().execute(async (transaction) => {
          await lockChain(transaction)
          // The time of the pause is nobody's miss: afterwards it is counted from now.
          const counted = pausedReason === null ? { countsFromMs: nowMs } : {}
          await transaction
            .updateTable('schedule')
            .set({ ...counted, pausedReason, revision: before.revision + 1, changedBy: actor.name, changedAtMs: nowMs })
            .where('id', '=', input.scheduleId)
            .execute()
          const action = pausedReason === null ? 'schedule.resume' : 'schedule.pause'
          const entry = { actor: actor.username, action, entity: `schedule:${input.scheduleId}` }
          await appendAudit(transaction, { ...entry, before: { pausedReason: before.pausedReason }, after: { pausedReason } }, nowMs)
        })
        await lookAgain()
      }
      const schedule = await find(input.scheduleId)
      if (!schedule) throw errors.NOT_FOUND()
      return schedule
    }),

    holidays: schedules.holidays.handler(({ input }) => holidaysOf(db, input.year)),

    setHolidays: schedules.setHolidays.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      const { year, holidays } = input
      const foreign = holidays.find(({ date }) => !date.startsWith(`${year}-`) || !isDate(date))
      if (foreign) throw errors.INVALID(sentence('holidays', `${foreign.date}：须为 ${year} 年中存在的日期 / must be a day of ${year}`))
      const twice = holidays.find(({ date }, index) => holidays.findIndex((other) => other.date === date) !== index)
      if (twice) throw errors.INVALID(sentence('holidays', `${twice.date} 出现了两次 / ${twice.date} is there twice`))
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const before = await holidaysOf(transaction, year)
        await transaction.deleteFrom('holiday').where('date', 'like', `${year}-%`).execute()
        const rows = holidays.map(({ date, name, working }) => ({ date, name, working: working ? 1 : 0 }))
        if (rows.length > 0) await transaction.insertInto('holiday').values(rows).execute()
        const entry = { actor: actorOf(context).username, action: 'holidays.set', entity: `holidays:${year}`, before, after: holidays }
        await appendAudit(transaction, entry, nowMs)
      })
      await lookAgain()
      return holidaysOf(db, year)
    }),
  }
}

const MOVED = '台账和机房不能更改，请另建一个计划 / register and room cannot be changed: add another schedule'
const REQUIRED = '制度要求的计划不能暂停 / what the regulation asks for cannot be paused'

async function problemOf(
  db: Db,
  definitions: readonly RegisterDefinition[],
  input: ScheduleInput,
  timeZone: string,
  nowMs: number,
): Promise<ReturnType<typeof sentence> | undefined> {
  const { register, roomId, cadence, outerDays, personIds } = input
  const definition = definitions.find(({ name }) => name === register)
  if (!definition) return sentence('register', `没有这个台账 / no such register: ${register}`)
  if (definition.byRoom && roomId === null) return sentence('roomId', '请选择机房 / choose a room')
  if (!definition.byRoom && roomId !== null) return sentence('roomId', '这个台账不分机房 / this register is not kept by room')
  const widest = definition.schedule?.outerDays
  if (widest !== undefined && outerDays > widest)
    return sentence('outerDays', `制度要求至多间隔 ${widest} 天 / the regulation allows ${widest} days at most`)
  if (cadence.kind === 'interval' && cadence.everyDays > outerDays)
    return sentence('cadence', `间隔不能超过上限 ${outerDays} 天 / the interval is longer than the outer limit of ${outerDays} days`)
  const problem = cadence.kind === 'cron' ? cronProblem(cadence.expression, timeZone, nowMs) : undefined
  if (problem) return sentence('cadence', `${problem.zh} / ${problem.en}`)
  if (roomId !== null && !(await db.selectFrom('room').select('id').where('id', '=', roomId).executeTakeFirst()))
    return sentence('roomId', '没有这个机房 / no such room')
  const known = await db
    .selectFrom('account')
    .select('id')
    .where('disabled', '=', 0)
    .where('id', 'in', [0, ...personIds])
    .execute()
  const unknown = personIds.some((personId) => !known.some(({ id }) => id === personId))
  return unknown ? sentence('personIds', '有人员不存在或已停用 / somebody is unknown or disabled') : undefined
}

function columnsOf(input: ScheduleInput) {
  const { title, cadence, outerDays, remindHours, headAfterHours, avoidHolidays, personIds } = input
  return {
    title,
    cadenceJson: JSON.stringify(cadence),
    outerDays,
    remindHours,
    headAfterHours,
    avoidHolidays: avoidHolidays ? 1 : 0,
    personIdsJson: JSON.stringify([...new Set(personIds)]),
  }
}

function sentence(field: string, message: string) {
  return { message, data: { field, allowed: message } }
}

async function holidaysOf(db: Db, year: number) {
  const rows = await db.selectFrom('holiday').selectAll().where('date', 'like', `${year}-%`).orderBy('date').execute()
  return rows.map(({ date, name, working }) => ({ date, name, working: working === 1 }))
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
