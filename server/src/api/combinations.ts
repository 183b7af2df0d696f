import type { Combination, combinationBodySchema } from '@roomkeeper/shared/http'
import { type Limit, limitSchema, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { z } from 'zod'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { PointEntry, RoomEntry } from '../ingest/entries.ts'
import { type CombinationRow, combinationRows } from '../limits/combinations/combination-rows.ts'
import type { CombinationWatch } from '../limits/combinations/combination-watch.ts'
import { combineNow, type MemberDeps } from '../limits/combinations/member-values.ts'
import { checkLimitSet } from '../limits/limit-check.ts'
import { actorOf, api } from './base.ts'

export interface CombinationsDeps extends MemberDeps {
  db: Db
  clock: { nowMs(): number }
  directory: { points: ReadonlyMap<number, PointEntry>; rooms: ReadonlyMap<number, RoomEntry> }
  combinations: Pick<CombinationWatch, 'reload'>
  change(change: Change): void
}

type Body = z.output<typeof combinationBodySchema>
interface Problem {
  field: string
  message: string
  allowed: string
}

/** Silence is never OK: a combination that cannot be judged any more is told, unless people switch it off. */
const NO_DATA: Limit = limitSchema.parse({ condition: 'no-data', priority: 'medium' })
/** The members of an average change as sensors come and go, so its rate of change would be no change of the room. */
const CONDITIONS = ['low-low', 'low', 'high', 'high-high', 'state-notice', 'state', 'state-critical', 'no-data']

/** Limits over several points. Every change is a new version; none is ever changed. */
export function createCombinationHandlers(deps: CombinationsDeps) {
  const { db, clock, directory } = deps

  const shown = ({ stateJson: _, ...row }: CombinationRow): Combination => {
    const { value, missing } = combineNow(deps, row.combination, row.pointIds, clock.nowMs())
    return { ...row, value, missing }
  }
  const find = async (id: number): Promise<CombinationRow | undefined> => (await combinationRows(db, id))[0]

  /** In a transaction: the version's row and its audit row. */
  const insertVersion = async (transaction: Db, id: number, version: number, body: Body, by: { name: string; username: string }) => {
    const { name, combination, pointIds, enabled, reason } = body
    const limits = body.limits.some(({ condition }) => condition === 'no-data') ? body.limits : [...body.limits, NO_DATA]
    const { kind, unit } = measureOf(membersOf(directory, body))
    const atMs = clock.nowMs()
    const before = version === 1 ? undefined : auditText((await combinationRows(transaction, id))[0])
    await transaction
      .insertInto('combinationVersion')
      .values({
        combinationId: id,
        version,
        name,
        combination,
        pointIdsJson: JSON.stringify(pointIds),
        kind,
        unit,
        limitsJson: JSON.stringify(limits),
        enabled: enabled ? 1 : 0,
        author: by.name,
        reason,
        atMs,
      })
      .execute()
    const after = auditText({ ...body, limits, version })
    const action = version === 1 ? 'combination.create' : 'combination.update'
    await appendAudit(transaction, { actor: by.username, action, entity: `combination:${id}`, before, after }, atMs)
  }

  /** Judged by what was written, from now on. */
  const follow = async (id: number): Promise<void> => {
    await deps.combinations.reload(id)
    deps.change({ topic: 'limits', id })
  }

  return {
    combinations: api.limits.combinations.handler(async () => (await combinationRows(db)).map(shown)),

    createCombination: api.limits.createCombination.handler(async ({ input, context, errors }) => {
      const problem = problemOf(directory, input)
      if (problem) throw errors.INVALID({ message: problem.message, data: { field: problem.field, allowed: problem.allowed } })
      const by = actorOf(context)
      const id = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const row = await transaction
          .insertInto('combination')
          .values({ roomId: input.roomId, version: 1, removedAtMs: null, stateJson: '{}' })
          .returning('id')
          .executeTakeFirstOrThrow()
        await insertVersion(transaction, row.id, 1, input, by)
        return row.id
      })
      await follow(id)
      const created = await find(id)
      if (!created) throw errors.NOT_FOUND()
      return shown(created)
    }),

    updateCombination: api.limits.updateCombination.handler(async ({ input, context, errors }) => {
      const { combinationId: id, version, ...body } = input
      if (!(await find(id))) throw errors.NOT_FOUND()
      const problem = problemOf(directory, body)
      if (problem) throw errors.INVALID({ message: problem.message, data: { field: problem.field, allowed: problem.allowed } })
      const by = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const [current] = await combinationRows(transaction, id)
        if (!current) throw errors.NOT_FOUND()
        if (current.version !== version) throw errors.CONFLICT({ data: { by: current.author, atMs: current.atMs } })
        await insertVersion(transaction, id, version + 1, body, by)
        await transaction
          .updateTable('combination')
          .set({ version: version + 1, roomId: body.roomId })
          .where('id', '=', id)
          .execute()
      })
      await follow(id)
      const updated = await find(id)
      if (!updated) throw errors.NOT_FOUND()
      return shown(updated)
    }),

    removeCombination: api.limits.removeCombination.handler(async ({ input, context, errors }) => {
      const { combinationId: id, reason } = input
      const { username } = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        const [current] = await combinationRows(transaction, id)
        if (!current) throw errors.NOT_FOUND()
        const nowMs = clock.nowMs()
        await transaction.updateTable('combination').set({ removedAtMs: nowMs }).where('id', '=', id).execute()
        const entry = { actor: username, action: 'combination.remove', entity: `combination:${id}` }
        await appendAudit(transaction, { ...entry, before: auditText(current), after: { reason } }, nowMs)
      })
      await follow(id)
      return { ok: true as const }
    }),
  }
}

function auditText(row: (Body & { version: number }) | CombinationRow | undefined) {
  if (!row) return undefined
  const { version, roomId, name, combination, pointIds, limits, enabled, reason } = row
  return { version, roomId, name, combination, pointIds, limits, enabled, reason }
}

function membersOf(directory: { points: ReadonlyMap<number, PointEntry> }, { pointIds }: Pick<Body, 'pointIds'>): PointEntry[] {
  return pointIds.flatMap((id) => directory.points.get(id) ?? [])
}

/** What the combined value is of: the kind and unit of its points. */
function measureOf(members: readonly PointEntry[]): { kind: PointKind; unit: string } {
  const [first] = members
  if (!first) return { kind: 'number', unit: '1' }
  const other = pointKindInfo(first.kind).valueType === 'boolean' ? 'contact' : 'number'
  return { kind: members.every(({ kind }) => kind === first.kind) ? first.kind : other, unit: first.unit }
}

function problemOf(directory: CombinationsDeps['directory'], body: Body): Problem | undefined {
  if (!directory.rooms.has(body.roomId)) return problem('roomId', '没有这个机房 / There is no such room', '')
  return membersProblem(directory, body) ?? limitsProblem(membersOf(directory, body), body)
}

function membersProblem(directory: CombinationsDeps['directory'], { pointIds, combination }: Body): Problem | undefined {
  const first = directory.points.get(pointIds[0] ?? 0)
  for (const [index, pointId] of pointIds.entries()) {
    const field = `pointIds[${index}]`
    const point = directory.points.get(pointId)
    if (!point || point.device.retired) return problem(field, `没有测点 ${pointId} / There is no point ${pointId}`, '')
    if (pointIds.indexOf(pointId) !== index)
      return problem(field, `${nameOf(point)} 出现了两次 / is there twice`, '每个测点一次 / each point once')
    const { valueType } = pointKindInfo(point.kind)
    if (valueType === 'text')
      return problem(
        field,
        `${nameOf(point)} 是文字状态，不能组合 / is a text and cannot be combined`,
        '数值或干接点 / numbers or contacts',
      )
    const isLikeFirst = first && valueType === pointKindInfo(first.kind).valueType && (valueType === 'boolean' || point.unit === first.unit)
    if (!isLikeFirst)
      return problem(field, `${nameOf(point)} 与其他测点的单位不同 / has another unit than the others`, `${first?.unit ?? ''}`)
    if (valueType === 'boolean' && combination !== 'any' && combination !== 'all')
      return problem('combination', '干接点只能用“任一”或“全部” / Contacts can only be any or all', 'any, all')
  }
  return undefined
}

function limitsProblem(members: readonly PointEntry[], { limits, combination }: Body): Problem | undefined {
  const wrong = limits.findIndex(({ condition }) => !CONDITIONS.includes(condition))
  if (wrong >= 0)
    return problem(
      `limits[${wrong}].condition`,
      `组合限值不能用 ${limits[wrong]?.condition} / ${limits[wrong]?.condition} is not for limits over several points`,
      CONDITIONS.join(', '),
    )
  const { kind } = measureOf(members)
  const range = pointKindInfo(kind).range
  const spread = { kind, low: 0, high: range ? range.high - range.low : null }
  return checkLimitSet(limits, combination === 'difference' ? spread : { kind, low: null, high: null })
}

function nameOf({ name, key, device }: PointEntry): string {
  return `${device.name} ${name || key}`
}

function problem(field: string, message: string, allowed: string): Problem {
  return { field, message, allowed }
}
