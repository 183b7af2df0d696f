import { randomUUID } from 'node:crypto'
import type { LimitTarget, Rehearsal } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { Directory } from '../../ingest/directory.ts'
import { LocalDays } from '../../readings/history/local-days.ts'
import { type ReadingStore, StoreUnavailableError } from '../../readings/reading-store.ts'
import { pointLabel } from '../limit-targets.ts'
import type { PointJudge } from '../point-judge.ts'
import { Comparison, type RehearsedAlarm } from './compare.ts'
import { rehearsePoint } from './rehearse-point.ts'
import { type RehearsedPoint, rehearsedPoints } from './rehearsed-points.ts'
import { TimeSlices } from './time-slices.ts'

const DAY_MS = 86_400_000
/** 200 points × 90 days × a reading every 10 s are 155 million readings: some minutes. */
const MOST_POINTS = 200
/** A result is kept this long after its end. */
const KEPT_MS = 30 * 60_000
/** Rehearsals that may wait behind the one that runs. */
const MOST_WAITING = 4

export interface RehearsalsDeps {
  clock: { nowMs(): number }
  log: Logger
  directory: Pick<Directory, 'rooms' | 'devices' | 'points' | 'limitSets'>
  live: { get(pointId: number): { timeMs: number } | undefined }
  readings: Pick<ReadingStore, 'stream'>
  newJudge(limits: readonly Limit[]): PointJudge
  timeZone: string
}

export interface RehearsalRequest {
  target: LimitTarget
  limits: readonly Limit[]
  days: number
  /** Who asks: a further rehearsal by the same person of the same target takes the place of the one before. */
  username: string
}

interface Task {
  id: string
  request: RehearsalRequest
  fromMs: number
  toMs: number
  points: number
  pointsLeftOut: number
  readings: number
  /** Of all the points, in parts of a point. */
  pointsDone: number
  comparison: Comparison
  /** Found once, with its first view: it takes milliseconds. */
  dayStarts: readonly number[] | undefined
  abort: AbortController
}

/** Too many wait already. */
export class RehearsalsFullError extends Error {
  override readonly name = 'RehearsalsFullError'
}

/**
 * Drafts of limits replayed over the stored readings, one at a time in the order they were asked for, beside ingest and in short slices. Kept
 * in memory only: after a restart it is asked for again.
 */
export class Rehearsals {
  readonly #deps: RehearsalsDeps
  /** The first one runs. */
  #queue: Task[] = []
  readonly #ended = new Map<string, { rehearsal: Rehearsal; endedAtMs: number }>()
  #running: Promise<void> | undefined

  constructor(deps: RehearsalsDeps) {
    this.#deps = deps
  }

  /**
   * Answers at once; `get` has the progress.
   * @throws RehearsalsFullError when too many wait already.
   */
  start(request: RehearsalRequest): Rehearsal {
    this.#forgetOld()
    const isSame = (one: RehearsalRequest) =>
      one.username === request.username && JSON.stringify(one.target) === JSON.stringify(request.target)
    for (const task of this.#queue) if (isSame(task.request)) this.#cancel(task)
    if (this.#queue.length > MOST_WAITING)
      throw new RehearsalsFullError('已有多个演练在排队，请稍后再试 / Several rehearsals are waiting already, try again later')
    const toMs = this.#deps.clock.nowMs()
    const fromMs = Math.max(0, toMs - request.days * DAY_MS)
    const task: Task = {
      id: randomUUID(),
      request,
      fromMs,
      toMs,
      points: 0,
      pointsLeftOut: 0,
      readings: 0,
      pointsDone: 0,
      comparison: new Comparison({ fromMs, toMs }),
      dayStarts: undefined,
      abort: new AbortController(),
    }
    this.#queue.push(task)
    this.#running ??= this.#runAll()
    return this.#view(task)
  }

  get(id: string): Rehearsal | undefined {
    this.#forgetOld()
    const task = this.#queue.find((one) => one.id === id)
    return task ? this.#view(task) : this.#ended.get(id)?.rehearsal
  }

  /** Returns whether there is one; what has ended stays as it is. */
  cancel(id: string): boolean {
    const task = this.#queue.find((one) => one.id === id)
    if (task) this.#cancel(task)
    return task !== undefined || this.#ended.has(id)
  }

  /** Cancels all. What the store still answers to a page under way is dropped. */
  stop(): void {
    for (const task of this.#queue) this.#cancel(task)
  }

  #cancel(task: Task): void {
    task.abort.abort()
    this.#end(task, 'cancelled', '已取消 / Cancelled')
  }

  #end(task: Task, state: 'done' | 'failed' | 'cancelled', message: string): void {
    this.#ended.set(task.id, {
      rehearsal: { ...this.#view(task), state, message, ...(state === 'done' && { progress: 1 }) },
      endedAtMs: this.#deps.clock.nowMs(),
    })
    this.#queue = this.#queue.filter((one) => one !== task)
  }

  #forgetOld(): void {
    const beforeMs = this.#deps.clock.nowMs() - KEPT_MS
    for (const [id, { endedAtMs }] of this.#ended) if (endedAtMs < beforeMs) this.#ended.delete(id)
  }

  async #runAll(): Promise<void> {
    // The answer to who asked goes first.
    await Promise.resolve()
    for (let [task] = this.#queue; task; [task] = this.#queue) await this.#run(task)
    this.#running = undefined
  }

  async #run(task: Task): Promise<void> {
    try {
      await this.#rehearse(task)
      if (!task.abort.signal.aborted) this.#end(task, 'done', '')
    } catch (error) {
      if (task.abort.signal.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      const [zh, en] = error instanceof StoreUnavailableError ? ['读数库不可用', 'The readings store is away'] : ['演练出错', 'It failed']
      this.#deps.log.warn({ module: 'limits', err: error, rehearsal: task.id }, 'a rehearsal of limits failed')
      this.#end(task, 'failed', `${zh}：${reason} / ${en}: ${reason}`)
    }
  }

  async #rehearse(task: Task): Promise<void> {
    const { directory, readings, newJudge } = this.#deps
    const { target, limits } = task.request
    const all = rehearsedPoints(directory, target, limits)
    const chosen = this.#newestActive(all)
    task.points = chosen.length
    task.pointsLeftOut = all.length - chosen.length
    const slices = new TimeSlices()
    for (const [index, { point, now, draft }] of chosen.entries()) {
      await rehearsePoint({
        point,
        limits: { now, draft },
        range: { fromMs: task.fromMs, toMs: task.toMs },
        comparison: task.comparison,
        readings,
        newJudge,
        slices,
        signal: task.abort.signal,
        onProgress: (count, timeMs) => {
          task.readings += count
          task.pointsDone = index + (timeMs - task.fromMs) / (task.toMs - task.fromMs)
        },
      })
      task.pointsDone = index + 1
      if (slices.isOver) await slices.pause()
    }
  }

  /** Those that spoke last: of points that are long silent nothing is left to compare. */
  #newestActive(all: readonly RehearsedPoint[]): RehearsedPoint[] {
    const heardMs = ({ point }: RehearsedPoint): number => this.#deps.live.get(point.id)?.timeMs ?? point.live.timeMs
    return [...all].sort((a, b) => heardMs(b) - heardMs(a) || a.point.id - b.point.id).slice(0, MOST_POINTS)
  }

  #view(task: Task): Rehearsal {
    const { id, fromMs, toMs, points, pointsLeftOut, readings, comparison } = task
    const before = this.#queue.indexOf(task)
    task.dayStarts ??= new LocalDays(this.#deps.timeZone).startsIn({ fromMs, toMs })
    return {
      id,
      state: 'running',
      message: before > 0 ? `等待前面的 ${before} 个演练 / Waiting behind ${before}` : '',
      progress: points === 0 ? 0 : Math.min(1, task.pointsDone / points),
      fromMs,
      toMs,
      points,
      pointsLeftOut,
      readings,
      now: comparison.figures('now'),
      draft: comparison.figures('draft'),
      gained: this.#named(comparison.only('draft')),
      lost: this.#named(comparison.only('now')),
      byDay: comparison.byDay(task.dayStarts),
    }
  }

  #named({ count, newest }: { count: number; newest: readonly RehearsedAlarm[] }): Rehearsal['gained'] {
    const nameOf = (pointId: number) => {
      const point = this.#deps.directory.points.get(pointId)
      const { label, labelEn } = point ? pointLabel(point) : { label: '', labelEn: '' }
      return { pointName: label, pointNameEn: labelEn }
    }
    return { count, newest: newest.map((alarm) => ({ ...alarm, ...nameOf(alarm.pointId) })) }
  }
}
