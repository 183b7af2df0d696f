import type { EffectiveLimit, LimitLevel, LimitSet, LimitTarget } from '@roomkeeper/shared/http'
import { isPointKind, limitSchema, POINT_KIND_NAMES } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import { type Directory, subjectOf } from '../ingest/directory.ts'
import type { PointEntry } from '../ingest/entries.ts'
import { type ClearWithoutLimitDeps, clearWithoutLimit } from '../limits/clear-without-limit.ts'
import { checkLimitSet, type LimitProblem } from '../limits/limit-check.ts'
import { builtInLimits, isDecidedBy, isOfTarget, isSet, limitsOf, type TargetKey, targetsOf } from '../limits/limit-registry.ts'
import { imaginedPoint, keyOf, type NamedTarget, nameTarget, pointLabel, pointsOfTarget, targetOf } from '../limits/limit-targets.ts'
import { putLimitSet } from '../limits/put-limit-set.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'

export interface LimitsDeps extends ClearWithoutLimitDeps {
  directory: Pick<Directory, 'rooms' | 'devices' | 'points' | 'limitSets' | 'reloadLimits'>
  change(change: Change): void
}

/** Half an hour is 2 windows of the trend; beyond a few of them a straight line says nothing about a room. */
const FORECAST_MS = 2 * 3_600_000

/** Limits: which are in force and why, and the sets that people make. Every set is a new version; none is ever changed. */
export function createLimitHandlers(deps: LimitsDeps) {
  const { db, directory } = deps
  const { limitSets } = directory

  const pointOf = (pointId: number): PointEntry | undefined => {
    const point = directory.points.get(pointId)
    return point?.device.isDrill ? undefined : point
  }

  return {
    forPoint: api.limits.forPoint.handler(({ input, errors }) => {
      const point = pointOf(input.pointId)
      if (!point) throw errors.NOT_FOUND()
      return [...limitsOf(limitSets, subjectOf(point))]
    }),

    levels: api.limits.levels.handler(({ input, errors }) => {
      const point = pointOf(input.pointId)
      if (!point) throw errors.NOT_FOUND()
      return levelsOf(directory, point)
    }),

    sets: api.limits.sets.handler(() => allSets(directory)),

    set: api.limits.set.handler(async ({ input, errors }) => {
      const { key, named } = findTarget(input, errors)
      const rows = await db
        .selectFrom('limitSet')
        .select(['version', 'limitsJson', 'author', 'reason', 'atMs'])
        .where('scope', '=', key.scope)
        .where('scopeKey', '=', key.scopeKey)
        .where('kind', '=', key.kind)
        .orderBy('version', 'desc')
        .execute()
      const points = decidedPoints(directory, key)
      const versions = rows.map(({ limitsJson, ...row }) => ({ ...row, limits: limitSchema.array().parse(JSON.parse(limitsJson)) }))
      return { versions, inherited: inheritedBy(directory, key, named, points), points: points.length, kind: named.kind, unit: named.unit }
    }),

    putSet: api.limits.putSet.handler(async ({ input, context, errors }) => {
      const { key, named } = findTarget(input.target, errors)
      const problem = problemOf(directory, key, named, input.limits)
      if (problem) throw errors.INVALID({ message: problem.message, data: { field: problem.field, allowed: problem.allowed } })
      const { limits, reason, basedOn } = input
      const done = await putLimitSet(db, { key, limits, reason, basedOn, author: actorOf(context) }, deps.clock.nowMs())
      if ('newer' in done) throw errors.CONFLICT(changedByOther(done.newer.by, done.newer.atMs))
      const reloaded = await directory.reloadLimits((point) => isOfTarget(subjectOf(point), key))
      await clearWithoutLimit(deps, reloaded)
      deps.change({ topic: 'limits' })
      for (const id of new Set(reloaded.map((point) => point.device.room.id))) deps.change({ topic: 'rooms', id })
      return { version: done.version, points: decidedPoints(directory, key).length }
    }),

    forecasts: api.limits.forecasts.handler(({ input, errors }) => {
      if (!directory.rooms.has(input.roomId)) throw errors.NOT_FOUND()
      return [...directory.points.values()].flatMap((point) => {
        const { device, live } = point
        if (device.room.id !== input.roomId || device.retired || device.isDrill || live.quality !== 'good') return []
        const forecast = point.judge.forecast(live.timeMs)
        if (!forecast || forecast.atMs - live.timeMs > FORECAST_MS) return []
        const { condition, limit, atMs, perHour } = forecast
        return [{ pointId: point.id, condition, limit, atMs: Math.round(atMs), perHour: Math.round(perHour * 100) / 100 }]
      })
    }),
  }

  /** @throws NOT_FOUND, or INVALID when there is no such kind of point. */
  function findTarget(
    target: LimitTarget,
    errors: { NOT_FOUND(): Error; INVALID(options: { message: string; data: { field: string; allowed: string } }): Error },
  ): { key: TargetKey; named: NamedTarget } {
    const key = keyOf(target)
    if (key.scope !== 'point' && !isPointKind(key.kind))
      throw errors.INVALID({
        message: `没有这种测点：${key.kind} / There is no such kind of point: ${key.kind}`,
        data: { field: 'target.kind', allowed: POINT_KIND_NAMES.join(', ') },
      })
    const named = nameTarget(directory, key)
    if (!named) throw errors.NOT_FOUND()
    return { key, named }
  }
}

type Known = LimitsDeps['directory']

/** Why a set cannot be one of this target; for a device and a room with the point that it does not fit. */
export function problemOf(
  directory: Known,
  key: TargetKey,
  named: NamedTarget,
  limits: Parameters<typeof checkLimitSet>[0],
): LimitProblem | undefined {
  if (key.scope === 'point') {
    const point = directory.points.get(Number(key.scopeKey))
    return checkLimitSet(limits, { ...named, low: point?.low ?? null, high: point?.high ?? null })
  }
  const ofKind = checkLimitSet(limits, { kind: named.kind, low: null, high: null })
  if (ofKind || key.scope === 'room-class' || key.scope === 'kind') return ofKind
  const points = pointsOfTarget(directory, key)
  if (key.scope === 'device' && points.length === 0 && limits.length > 0) {
    const device = directory.devices.get(Number(key.scopeKey))
    const kinds = new Set([...(device?.points.values() ?? [])].map(({ kind }) => kind))
    return {
      message: `${named.label} 没有这种测点：${key.kind} / ${named.labelEn} has no point of this kind: ${key.kind}`,
      field: 'target.kind',
      allowed: [...kinds].join(', '),
    }
  }
  for (const point of points) {
    const found = checkLimitSet(limits, point)
    const { label, labelEn } = pointLabel(point)
    if (found) return { ...found, message: `${label}：${found.message} (${labelEn})` }
  }
  return undefined
}

/** Points for which nothing more specific is set. */
function decidedPoints(directory: Known, key: TargetKey): PointEntry[] {
  return pointsOfTarget(directory, key).filter((point) => isDecidedBy(directory.limitSets, subjectOf(point), key))
}

/** What most of the points would have without this set. */
function inheritedBy(directory: Known, key: TargetKey, named: NamedTarget, points: readonly PointEntry[]): EffectiveLimit[] {
  const subjects = points.length > 0 ? points.map(subjectOf) : [imaginedPoint(directory, key, named.kind)]
  const alike = Map.groupBy(
    subjects.map((subject) => limitsOf(directory.limitSets, subject, key)),
    (limits) => JSON.stringify(limits),
  )
  const [most] = [...alike.values()].sort((a, b) => b.length - a.length)
  return [...(most?.[0] ?? [])]
}

function levelsOf(directory: Known, point: PointEntry): LimitLevel[] {
  const subject = subjectOf(point)
  const sets = targetsOf(subject).map((key) => ({ key, set: directory.limitSets.get(key) }))
  const winner = sets.find(({ set }) => isSet(set))?.key
  const levels: LimitLevel[] = sets.map(({ key, set }) => ({
    scope: key.scope,
    target: targetOf(key),
    label: nameTarget(directory, key)?.label ?? '',
    labelEn: nameTarget(directory, key)?.labelEn ?? '',
    isSet: isSet(set),
    wins: key === winner,
    version: set?.version ?? null,
    author: set?.author ?? null,
    atMs: set?.atMs ?? null,
    reason: set?.reason ?? null,
    limits: [...(set?.limits ?? [])],
  }))
  const none = { target: null, label: '', labelEn: '', version: null, author: null, atMs: null, reason: null }
  const limits = builtInLimits(subject).map(({ limit }) => limit)
  return [...levels, { ...none, scope: 'built-in', isSet: true, wins: winner === undefined, limits }]
}

function allSets(directory: Known): LimitSet[] {
  const decided = new Map<TargetKey, number>()
  for (const point of directory.points.values()) {
    if (point.device.retired || point.device.isDrill) continue
    const set = targetsOf(subjectOf(point))
      .map((key) => directory.limitSets.get(key))
      .find(isSet)
    if (set) decided.set(set, (decided.get(set) ?? 0) + 1)
  }
  return [...directory.limitSets.all()].filter(isSet).flatMap((set) => {
    const named = nameTarget(directory, set)
    if (!named) return []
    const { version, author, reason, atMs, limits } = set
    return [{ target: targetOf(set), ...named, version, author, reason, atMs, limits: [...limits], points: decided.get(set) ?? 0 }]
  })
}
