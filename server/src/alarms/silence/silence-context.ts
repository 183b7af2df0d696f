import type { Recurrence } from '@roomkeeper/shared/http'
import type { AlarmCondition, AlarmPriority, AlarmState, ReadingValue } from '@roomkeeper/shared/model'
import { SILENT_STATES } from '@roomkeeper/shared/model'
import { PAPER_EVENTS } from '@roomkeeper/shared/registers'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../../database/schema.ts'
import { loadPapers } from '../../paper/load-papers.ts'
import { isMoment, isPaperEvent, PAPER_MARGIN_MS, type PaperFact } from '../../paper/paper-cover.ts'
import { type WindowTimes, windowTimes } from '../windows/window-times.ts'
import { isMainsLost, mayBePower, POWER_KINDS } from './suppression-rules.ts'
import {
  type CauseFact,
  type HoldFact,
  type Silence,
  type SilenceFacts,
  type SilenceSubject,
  type WindowFact,
  wantedSilence,
} from './wanted-silence.ts'

type AlarmRow = Selectable<Database['alarm']>
type WindowRow = Selectable<Database['maintenanceWindow']>

/** Times of windows, kept until they change: asking the wall clock anew for each alarm of a flood would take longer than writing it. */
export class WindowClock {
  private readonly known = new Map<string, { askedMs: number; untilMs: number; times: WindowTimes }>()

  timesOf(row: Pick<WindowRow, 'id' | 'revision' | 'recurrenceJson' | 'timeZone'>, nowMs: number): WindowTimes {
    const key = `${row.id}/${row.revision}`
    const known = this.known.get(key)
    if (known && nowMs >= known.askedMs && nowMs < known.untilMs) return known.times
    const times = windowTimes(JSON.parse(row.recurrenceJson) as Recurrence, row.timeZone, nowMs)
    const untilMs = Math.min(
      times.current?.toMs ?? Number.POSITIVE_INFINITY,
      times.next?.fromMs ?? Number.POSITIVE_INFINITY,
      nowMs + DAY_MS,
    )
    this.known.set(key, { askedMs: nowMs, untilMs, times })
    return times
  }
}

const DAY_MS = 86_400_000
/** The condition holds, and people know. */
const TOLD_STATES: AlarmState[] = ['UNACK', 'ACKED']
/** A record that began this shortly after something happened may still be its paper; the rest is for agents that were away. */
const YOUNG_MS = 2 * PAPER_MARGIN_MS

/** What silences alarms, as it is at one time; loaded once in a transaction, when it is first asked for. */
export class SilenceContext {
  readonly nowMs: number
  private readonly db: Db
  private readonly windowClock: WindowClock
  private loaded: Promise<{ holds: HoldFact[]; windows: WindowFact[] }> | undefined
  private causes: Promise<CauseFact[]> | undefined
  private papers: Promise<PaperFact[]> | undefined
  /** A mains failure began, ended or was silenced in this transaction, or a folded alarm became more severe: others have to be looked at. */
  hasNewCause = false

  constructor(db: Db, windowClock: WindowClock, nowMs: number) {
    this.db = db
    this.windowClock = windowClock
    this.nowMs = nowMs
  }

  async facts(): Promise<SilenceFacts> {
    return { ...(await this.holdsAndWindows()), causes: await this.allCauses(), papers: await this.standingPapers() }
  }

  /** Alarms whose paper may come or go. */
  awaiting() {
    return this.db
      .selectFrom('alarm')
      .select(['raisedAtMs', 'recordId'])
      .where('condition', 'in', PAPER_EVENTS)
      .where((where) =>
        where.or([
          where('state', 'in', SILENT_STATES),
          where.and([where('state', '=', 'UNACK'), where('recordedAtMs', '>', this.nowMs - YOUNG_MS)]),
        ]),
      )
  }

  async holdsAndWindows(): Promise<{ holds: HoldFact[]; windows: WindowFact[] }> {
    this.loaded ??= this.load()
    return this.loaded
  }

  /** What keeps it silent now. */
  async wanted(subject: SilenceSubject): Promise<Silence | null> {
    const { holds, windows } = await this.holdsAndWindows()
    const causes = subject.kind !== null && POWER_KINDS.includes(subject.kind) ? await this.allCauses() : []
    const sinceMs = Math.min(subject.beganAtMs, this.nowMs)
    const papers = isPaperEvent(subject.condition) ? await loadPapers(this.db, { sinceMs }) : []
    return wantedSilence(subject, { holds, windows, causes, papers }, this.nowMs)
  }

  /** What kept it silent at a time that is over: an excursion learnt of afterwards is judged by its own time. */
  async wantedAt(subject: SilenceSubject, atMs: number): Promise<Silence | null> {
    const holds = await this.db
      .selectFrom('alarmHold')
      .selectAll()
      .where('fromMs', '<=', atMs)
      .where((where) => where.or([where('untilMs', 'is', null), where('untilMs', '>', atMs)]))
      .where((where) => where.or([where('endedAtMs', 'is', null), where('endedAtMs', '>', atMs)]))
      .orderBy('id')
      .execute()
    // A window says nothing about the time before it was set up.
    const rows = (await this.windowRows()).filter(({ changedAtMs }) => changedAtMs <= atMs)
    const windows = rows.filter((row) => windowTimes(JSON.parse(row.recurrenceJson) as Recurrence, row.timeZone, atMs).current !== null)
    const papers = isPaperEvent(subject.condition) ? await loadPapers(this.db, { sinceMs: atMs }) : []
    const silence = wantedSilence(subject, { holds, windows, causes: [], papers }, atMs)
    // The time in which somebody could have checked in is over.
    return silence?.why === 'awaiting-paper' ? null : silence
  }

  /** After a transition: what it says of the mains may have changed, or the alarm may be too severe now to stay folded. */
  noteChange(subject: SilenceSubject, from: AlarmState, to: AlarmState): void {
    const wasCause = TOLD_STATES.includes(from)
    const isChange = wasCause !== TOLD_STATES.includes(to)
    if (isChange && isMainsLost(subject)) this.causes = undefined
    if ((isChange && isMainsLost(subject)) || (from === 'DSUPR' && to === 'DSUPR')) this.hasNewCause = true
  }

  /** Kind and key of the point, where they matter. */
  async subjectOf(alarm: SubjectColumns): Promise<SilenceSubject> {
    const point =
      alarm.pointId !== null && mayBePower(alarm.condition)
        ? await this.db.selectFrom('point').select(['kind', 'key']).where('id', '=', alarm.pointId).executeTakeFirst()
        : undefined
    return subjectFrom(alarm, point)
  }

  private standingPapers(): Promise<PaperFact[]> {
    this.papers ??= this.loadStandingPapers()
    return this.papers
  }

  private async loadStandingPapers(): Promise<PaperFact[]> {
    const rows = await this.awaiting().execute()
    if (rows.length === 0) return []
    const recordIds = rows.flatMap(({ recordId }) => recordId ?? [])
    const open = rows.filter(({ recordId }) => recordId === null).map(({ raisedAtMs }) => raisedAtMs)
    return loadPapers(this.db, { sinceMs: Math.min(this.nowMs, ...open), recordIds: [...new Set(recordIds)] })
  }

  private async load(): Promise<{ holds: HoldFact[]; windows: WindowFact[] }> {
    const holds = await this.db
      .selectFrom('alarmHold')
      .selectAll()
      .where('endedAtMs', 'is', null)
      .where((where) => where.or([where('untilMs', 'is', null), where('untilMs', '>', this.nowMs)]))
      .orderBy('id')
      .execute()
    const windows = (await this.windowRows()).filter((row) => this.windowClock.timesOf(row, this.nowMs).current !== null)
    return { holds, windows }
  }

  private windowRows(): Promise<WindowRow[]> {
    return this.db.selectFrom('maintenanceWindow').selectAll().where('removedAtMs', 'is', null).orderBy('id').execute()
  }

  private allCauses(): Promise<CauseFact[]> {
    this.causes ??= this.loadCauses()
    return this.causes
  }

  private async loadCauses(): Promise<CauseFact[]> {
    const rows = await this.db
      .selectFrom('alarm')
      .innerJoin('point', 'point.id', 'alarm.pointId')
      .selectAll('alarm')
      .select(['point.kind', 'point.key'])
      .where('alarm.active', '=', 1)
      .where('alarm.state', 'in', TOLD_STATES)
      .where('point.kind', 'in', POWER_KINDS)
      .execute()
    const standing = rows.flatMap((row) => {
      const { roomId, id, lastEventAtMs } = row
      return roomId !== null && isMainsLost(subjectFrom(row, row))
        ? [{ alarmId: id, roomId, beganAtMs: lastEventAtMs, goneAtMs: null }]
        : []
    })
    return [...standing, ...(await this.goneCauses(new Set(standing.map(({ alarmId }) => alarmId))))]
  }

  /** Causes under which alarms are folded still, and which tell of nothing any more. */
  private async goneCauses(standing: ReadonlySet<number>): Promise<CauseFact[]> {
    const rows = await this.db
      .selectFrom('alarm')
      .innerJoin('alarm as folded', 'folded.causeId', 'alarm.id')
      .select(['alarm.id', 'alarm.roomId', 'alarm.lastEventAtMs'])
      .distinct()
      .where('folded.state', '=', 'DSUPR')
      .execute()
    const gone: CauseFact[] = []
    for (const { id, roomId, lastEventAtMs } of rows) {
      if (standing.has(id) || roomId === null) continue
      const last = await this.db
        .selectFrom('alarmTransition')
        .select('recordedAtMs')
        .where('alarmId', '=', id)
        .where('fromState', 'in', TOLD_STATES)
        .where('toState', 'not in', TOLD_STATES)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      gone.push({ alarmId: id, roomId, beganAtMs: lastEventAtMs, goneAtMs: last?.recordedAtMs ?? 0 })
    }
    return gone
  }
}

type SubjectColumns = Pick<
  AlarmRow,
  | 'id'
  | 'source'
  | 'sourceId'
  | 'condition'
  | 'priority'
  | 'state'
  | 'active'
  | 'roomId'
  | 'deviceId'
  | 'pointId'
  | 'lastEventAtMs'
  | 'valueJson'
  | 'causeId'
  | 'recordId'
  | 'raisedAtMs'
  | 'recordedAtMs'
>

export function subjectFrom(alarm: SubjectColumns, point: { kind: string; key: string } | undefined): SilenceSubject {
  return {
    alarmId: alarm.id,
    source: alarm.source,
    sourceId: alarm.sourceId,
    condition: alarm.condition as AlarmCondition,
    priority: alarm.priority as AlarmPriority,
    state: alarm.state as AlarmState,
    active: alarm.active === 1,
    roomId: alarm.roomId,
    deviceId: alarm.deviceId,
    pointId: alarm.pointId,
    // Its end counts for the others as a later beginning; what happens in a moment happened when it was raised.
    beganAtMs: isMoment(alarm.condition) ? alarm.raisedAtMs : alarm.lastEventAtMs,
    recordedAtMs: alarm.recordedAtMs,
    value: JSON.parse(alarm.valueJson) as ReadingValue,
    causeId: alarm.causeId,
    recordId: alarm.recordId,
    kind: point?.kind ?? null,
    key: point?.key ?? null,
  }
}
