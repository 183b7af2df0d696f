import { ALARM_CONDITIONS, type AlarmCondition, type AlarmPriority, type ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { AlarmStore } from '../../alarms/alarm-store.ts'
import type { AlarmSignal } from '../../alarms/alarm-types.ts'
import { ownSignal } from '../../alarms/own-signal.ts'
import type { Db } from '../../database/schema.ts'
import { STALE_MIN_MS } from '../../live/live-values.ts'
import { staleAfterMs } from '../../live/silence-watch.ts'
import type { JudgeEvent } from '../point-judge.ts'
import { CombinationJudge, type CombinationState, FRESH_STATE, type NewJudge } from './combination-judge.ts'
import { type CombinationRow, combinationRows } from './combination-rows.ts'
import { combineNow, type MemberDeps } from './member-values.ts'

const TICK_MS = 1000
/** A tick that comes later than this (a busy machine, a clock set forward) counts as this long. */
const MAX_STEP_MS = 5000

export interface CombinationWatchDeps extends MemberDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  alarms: Pick<AlarmStore, 'submit' | 'flush'>
  newJudge: NewJudge
}

interface Watched {
  row: CombinationRow
  judge: CombinationJudge
  /** As it is in the database. */
  stateJson: string
}

/** Judges the limits over several points, each second and beside ingest: a reading that comes in waits for none of it. */
export class CombinationWatch {
  readonly #deps: CombinationWatchDeps
  readonly #watched = new Map<number, Watched>()
  #timer: NodeJS.Timeout | undefined
  #lastTickMs: number
  #saving: Promise<void> | undefined

  constructor(deps: CombinationWatchDeps) {
    this.#deps = deps
    this.#lastTickMs = deps.clock.nowMs()
  }

  /** Goes on where the alarms in the database stand; those of combinations that are gone clear. */
  async start(): Promise<void> {
    const standing = Map.groupBy(await this.#standing(), ({ sourceId }) => sourceId)
    for (const row of await combinationRows(this.#deps.db)) {
      if (!row.enabled) continue
      const judge = this.#judgeOf(row, stateOf(row))
      const alarms = (standing.get(row.id) ?? []).map(({ condition, raisedAtMs, valueJson, priority }) => {
        const value = JSON.parse(valueJson) as ReadingValue
        return [condition, { raisedAtMs, value, priority: priority as AlarmPriority }] as const
      })
      judge.alignWith(new Map(alarms))
      this.#watched.set(row.id, { row, judge, stateJson: row.stateJson })
    }
    await this.#clearWithoutLimit()
    this.#lastTickMs = this.#deps.clock.nowMs()
    this.#timer = setInterval(() => this.tick(), TICK_MS)
  }

  /** Waits until what is known is kept. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#saving
    await this.#save()
  }

  /** After people added, changed or removed it: judged by its new limits from now on; alarms whose limit is gone have cleared when it resolves. */
  async reload(id: number): Promise<void> {
    const [row] = await combinationRows(this.#deps.db, id)
    const before = this.#watched.get(id)
    if (row?.enabled) {
      // What was kept while it was not in force is of alarms that have cleared since.
      const state = before?.judge.state() ?? FRESH_STATE
      const witnesses = state.witnesses.filter((pointId) => row.pointIds.includes(pointId))
      this.#watched.set(id, { row, judge: this.#judgeOf(row, { ...state, witnesses }), stateJson: row.stateJson })
    } else this.#watched.delete(id)
    await this.#clearWithoutLimit()
  }

  /** One look at every combination; called every second. */
  tick(): void {
    const nowMs = this.#deps.clock.nowMs()
    const stepMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - this.#lastTickMs))
    this.#lastTickMs = nowMs
    for (const { row, judge } of this.#watched.values()) {
      const events = judge.step(combineNow(this.#deps, row.combination, row.pointIds, nowMs), nowMs, stepMs)
      for (const event of events)
        if (event.kind !== 'excursion') this.#deps.alarms.submit({ kind: event.kind, signal: signalOf(row, event) })
    }
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined
    })
  }

  #judgeOf(row: CombinationRow, state: CombinationState): CombinationJudge {
    const points = row.pointIds.flatMap((id) => this.#deps.directory.points.get(id) ?? [])
    const staleMs = Math.max(STALE_MIN_MS, ...points.map(({ intervalMs }) => staleAfterMs(intervalMs)))
    return new CombinationJudge({ limits: row.limits, staleAfterMs: staleMs }, state, this.#deps.newJudge)
  }

  /** What changed since it was kept. A failure is told and tried again with the next tick; until then an alarm's own row says that it stands. */
  async #save(): Promise<void> {
    for (const [id, watched] of this.#watched) {
      const stateJson = JSON.stringify(watched.judge.state())
      if (stateJson === watched.stateJson) continue
      try {
        await this.#deps.db.updateTable('combination').set({ stateJson }).where('id', '=', id).execute()
        watched.stateJson = stateJson
      } catch (error) {
        this.#deps.log.warn({ module: 'limits', err: error, combination: id }, 'the state of a combination could not be kept')
        return
      }
    }
  }

  #standing() {
    return this.#deps.db.selectFrom('alarm').selectAll().where('source', '=', 'combination').where('active', '=', 1).execute()
  }

  /** An alarm whose limit is gone has nothing left that could clear it. */
  async #clearWithoutLimit(): Promise<void> {
    const { alarms, clock } = this.#deps
    await alarms.flush()
    for (const alarm of await this.#standing()) {
      const limits = this.#watched.get(alarm.sourceId)?.row.limits ?? []
      const condition = ALARM_CONDITIONS.find((one) => one === alarm.condition)
      if (!condition || limits.some((limit) => limit.enabled && limit.condition === condition)) continue
      const atMs = Math.max(clock.nowMs(), alarm.lastEventAtMs)
      const signal = signalFor(alarm.sourceId, alarm.roomId, condition, alarm.priority as AlarmPriority)
      alarms.submit({ kind: 'clear', signal: { ...signal, atMs } })
    }
    await alarms.flush()
  }
}

function stateOf({ stateJson }: CombinationRow): CombinationState {
  return { ...FRESH_STATE, ...(JSON.parse(stateJson) as Partial<CombinationState>) }
}

function signalOf(row: CombinationRow, { limit, atMs, value }: JudgeEvent): AlarmSignal {
  const signal = signalFor(row.id, row.roomId, limit.condition, limit.priority)
  return { ...signal, atMs, value, limit: limit.value ?? limit.tokens?.join(' ') ?? null, ...(limit.latching && { latching: true }) }
}

function signalFor(sourceId: number, roomId: number | null, condition: AlarmCondition, priority: AlarmPriority): AlarmSignal {
  return ownSignal({ source: 'combination', sourceId, roomId, condition, priority, atMs: 0 })
}
