import type { ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { isMainsVoltage } from '../api/leading-points.ts'
import type { Db } from '../database/schema.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import type { PointHandle } from '../readings/scan.ts'
import type { IncidentCurve } from './incident-rows.ts'

export interface IncidentCurvesDeps {
  db: Db
  readings: Pick<ReadingStore, 'history'>
  directory: { points: ReadonlyMap<number, PointHandle> }
  clock: { nowMs(): number }
  log: Logger
}

/** Enough to see what led to the alarm, and how it went on. */
const BEFORE_MS = 60 * 60_000
const AFTER_MS = 10 * 60_000
/** 70 min in 600 buckets: 7 s each, which is more than a form can show. */
const MAX_POINTS = 600
/** Readings reach the store a little after their alarm; a replay's later still. Read after this long, the curve is complete. */
const SETTLE_MS = 2 * 60_000
/** One form shows a handful of curves; later alarms of the same incident are still listed with their values. */
const MAX_CURVES = 6
/** A person opening the form is not kept waiting for a slow store. */
const OPEN_FORM_WAIT_MS = 2000
const NUMBERS = ['temperature', 'humidity', 'voltage', 'battery-charge']

interface WantedCurve extends Omit<IncidentCurve, 'points' | 'readAtMs'> {
  aroundMs: number
  /** Read at this time or later, nothing more will come. */
  settledMs: number
}

/**
 * Keeps the curve around each alarm of an incident with the incident. Reads the store beside the alarm's path and never in it; a store
 * that is away is asked again when the form is next opened. A submitted incident keeps its curves as they were.
 */
export class IncidentCurves {
  private readonly deps: IncidentCurvesDeps
  private readonly running = new Map<number, Promise<void>>()
  /** The log was told that curves cannot be read; once, until one can be read again. */
  private isFailureTold = false

  constructor(deps: IncidentCurvesDeps) {
    this.deps = deps
  }

  /** Call after the commit of an alarm with an incident. Returns at once. */
  fetchSoon(incidentId: number): void {
    void this.fetch(incidentId)
  }

  /** Brings the curves up to date, waiting at most 2 s. Never throws: the form opens with what is kept. */
  async refresh(incidentId: number): Promise<void> {
    const { promise: timeout, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, OPEN_FORM_WAIT_MS)
    await Promise.race([this.fetch(incidentId), timeout])
    clearTimeout(timer)
  }

  /** When everything begun is done: for stopping, and for tests. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values())
  }

  private fetch(incidentId: number): Promise<void> {
    const running = this.running.get(incidentId)
    if (running) return running
    const started = this.fetchNow(incidentId)
      .then(() => {
        this.isFailureTold = false
      })
      .catch((error: unknown) => {
        if (this.isFailureTold) return
        this.isFailureTold = true
        this.deps.log.warn(
          { module: 'incidents', incidentId, err: error },
          'The curve of an incident could not be read; it is asked for again when the incident is opened',
        )
      })
      .finally(() => this.running.delete(incidentId))
    this.running.set(incidentId, started)
    return started
  }

  private async fetchNow(incidentId: number): Promise<void> {
    const { db, clock } = this.deps
    const incident = await db.selectFrom('incident').select(['state', 'curvesJson']).where('id', '=', incidentId).executeTakeFirst()
    if (incident?.state !== 'open') return
    const kept = new Map((JSON.parse(incident.curvesJson) as IncidentCurve[]).map((curve) => [curve.pointId, curve]))
    const nowMs = clock.nowMs()
    let hasChanged = false
    for (const wanted of await this.wantedCurves(incidentId)) {
      if ((kept.get(wanted.pointId)?.readAtMs ?? 0) >= wanted.settledMs) continue
      const curve = await this.readCurve(wanted, nowMs)
      if (!curve) continue
      kept.set(wanted.pointId, curve)
      hasChanged = true
    }
    if (!hasChanged) return
    // `state` again: it may have been submitted while the store was answering, and then nothing may change it.
    await db
      .updateTable('incident')
      .set({ curvesJson: JSON.stringify([...kept.values()]) })
      .where('id', '=', incidentId)
      .where('state', '=', 'open')
      .execute()
  }

  private async readCurve(wanted: WantedCurve, nowMs: number): Promise<IncidentCurve | undefined> {
    const point = this.deps.directory.points.get(wanted.pointId)
    if (!point) return undefined
    const fromMs = wanted.aroundMs - BEFORE_MS
    const toMs = Math.min(nowMs, wanted.aroundMs + AFTER_MS)
    if (toMs <= fromMs) return undefined
    const { buckets } = await this.deps.readings.history({ point, fromMs, toMs, maxBuckets: MAX_POINTS })
    const points = buckets.flatMap(({ timeMs, mean }): [number, number][] => (mean === null ? [] : [[timeMs, mean]]))
    const { aroundMs, settledMs, ...about } = wanted
    return { ...about, points, readAtMs: nowMs }
  }

  /** The points of the alarms, in the order they joined. A status has no curve: the numbers of its device stand for it. */
  private async wantedCurves(incidentId: number): Promise<WantedCurve[]> {
    const alarms = await this.deps.db
      .selectFrom('incidentAlarm')
      .innerJoin('alarm', 'alarm.id', 'incidentAlarm.alarmId')
      .innerJoin('point', 'point.id', 'alarm.pointId')
      .select([
        'point.id',
        'point.name',
        'point.nameEn',
        'point.unit',
        'point.kind',
        'point.deviceId',
        'alarm.limitJson',
        'alarm.raisedAtMs',
        'alarm.recordedAtMs',
      ])
      .where('incidentAlarm.incidentId', '=', incidentId)
      .orderBy('incidentAlarm.attachedAtMs')
      .orderBy('alarm.id')
      .execute()
    const wanted = new Map<number, WantedCurve>()
    for (const alarm of alarms) {
      const aroundMs = alarm.raisedAtMs
      const settledMs = Math.max(aroundMs + AFTER_MS, alarm.recordedAtMs) + SETTLE_MS
      const isText = alarm.kind === 'ups-status' || alarm.kind === 'text'
      const points = isText ? await this.numbersOfDevice(alarm.deviceId) : [alarm]
      const limit = isText ? null : (JSON.parse(alarm.limitJson) as ReadingValue)
      for (const { id: pointId, name: pointName, nameEn: pointNameEn, kind: pointKind, unit } of points) {
        if (wanted.has(pointId) || wanted.size >= MAX_CURVES) continue
        wanted.set(pointId, { pointId, pointName, pointNameEn, pointKind, unit, limit, aroundMs, settledMs })
      }
    }
    return [...wanted.values()]
  }

  private async numbersOfDevice(deviceId: number) {
    const points = await this.deps.db
      .selectFrom('point')
      .select(['id', 'name', 'nameEn', 'unit', 'kind', 'key'])
      .where('deviceId', '=', deviceId)
      .where('kind', 'in', NUMBERS)
      .orderBy('id')
      .execute()
    return points.filter((point) => point.kind !== 'voltage' || isMainsVoltage({ key: point.key, kind: 'voltage' }))
  }
}
