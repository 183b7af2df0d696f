import type { AlarmState } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { onDutyAt } from '../notify/roster.ts'
import type { AlarmTransitionNotice } from './alarm-types.ts'

/** ISA-18.2: a flood is 10 or more annunciated alarms for each operator in 10 minutes; it is over below 5. */
const FLOOD_WINDOW_MS = 10 * 60_000
const BEGINS_AT = 10
const ENDS_BELOW = 5

export interface Flood {
  sinceMs: number
  inTenMinutes: number
  operators: number
}

/** Events that call for an operator's eyes when they lead to UNACK; one that was learnt of afterwards is told, but is nothing to act on now. */
export const ANNUNCIATIONS = ['raise', 're-alarm', 'release'] as const

export function isAnnunciation({ event, state, drill }: { event: string; state: AlarmState; drill: boolean }): boolean {
  return !drill && state === 'UNACK' && (ANNUNCIATIONS as readonly string[]).includes(event)
}

/** Whether it is a flood now, from whether it was one. */
export function isFlood(wasFlood: boolean, inTenMinutes: number, operators: number): boolean {
  return inTenMinutes >= Math.max(1, operators) * (wasFlood ? ENDS_BELOW : BEGINS_AT)
}

export interface FloodWatchDeps {
  db: Db
  clock: { nowMs(): number }
}

/** Notices when more alarms come than people can take in, and keeps when it was. What it needs after a restart is in the database. */
export class FloodWatch {
  private readonly deps: FloodWatchDeps
  private times: number[] = []
  private open: { id: number; fromMs: number; peak: number } | undefined
  private operators = 1

  constructor(deps: FloodWatchDeps) {
    this.deps = deps
  }

  async start(): Promise<void> {
    const { db, clock } = this.deps
    const rows = await db
      .selectFrom('alarmTransition')
      .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
      .select('alarmTransition.recordedAtMs')
      .where('alarmTransition.recordedAtMs', '>', clock.nowMs() - FLOOD_WINDOW_MS)
      .where('alarmTransition.toState', '=', 'UNACK')
      .where('alarmTransition.event', 'in', ANNUNCIATIONS)
      .where('alarm.drill', '=', 0)
      .orderBy('alarmTransition.id')
      .execute()
    this.times = rows.map(({ recordedAtMs }) => recordedAtMs)
    this.open = await db
      .selectFrom('alarmFlood')
      .select(['id', 'fromMs', 'peak'])
      .where('toMs', 'is', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  }

  note(notice: Pick<AlarmTransitionNotice, 'event' | 'state' | 'drill'>): void {
    if (isAnnunciation(notice)) this.times.push(this.deps.clock.nowMs())
  }

  /** The flood that is going on. */
  current(): Flood | null {
    return this.open ? { sinceMs: this.open.fromMs, inTenMinutes: this.times.length, operators: this.operators } : null
  }

  /** Looks whether it begins or ends. Returns whether it did. */
  async tick(): Promise<boolean> {
    const { db, clock } = this.deps
    const nowMs = clock.nowMs()
    // Times ahead of the clock are from before it was set back: of these nobody knows how long ago they were.
    this.times = this.times.filter((atMs) => atMs > nowMs - FLOOD_WINDOW_MS && atMs <= nowMs)
    const count = this.times.length
    if (!this.open && count < BEGINS_AT) return false
    this.operators = Math.max(1, (await onDutyAt(db, nowMs)).length)
    const isNow = isFlood(this.open !== undefined, count, this.operators)
    if (!this.open && isNow) {
      const { id } = await db
        .insertInto('alarmFlood')
        .values({ fromMs: nowMs, toMs: null, peak: count })
        .returning('id')
        .executeTakeFirstOrThrow()
      this.open = { id, fromMs: nowMs, peak: count }
      return true
    }
    if (!this.open) return false
    if (!isNow) {
      await db.updateTable('alarmFlood').set({ toMs: nowMs }).where('id', '=', this.open.id).execute()
      this.open = undefined
      return true
    }
    if (count > this.open.peak) {
      this.open.peak = count
      await db.updateTable('alarmFlood').set({ peak: count }).where('id', '=', this.open.id).execute()
    }
    return false
  }
}
