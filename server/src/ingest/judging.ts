import type { Limit, ReadingValue } from '@roomkeeper/shared/model'
import type { AlarmChange, AlarmSignal } from '../alarms/alarm-types.ts'
import type { Db } from '../database/schema.ts'
import type { JudgeEvent } from '../limits/point-judge.ts'
import type { Directory } from './directory.ts'
import type { PointEntry } from './entries.ts'
import type { DecodedScan } from './scan-decoder.ts'

type Submit = (change: AlarmChange) => void

/** Judges the readings of a scan as they are now; alarms go out in order. */
export function judgeLive(scan: DecodedScan, submit: Submit): void {
  judgeScan(scan, (point) => point.judge, submit)
}

/** Judges the readings of a replayed scan by the judges forked for the replay. */
export function judgeHistory(scan: DecodedScan, submit: Submit): void {
  judgeScan(scan, (point) => point.history ?? point.judge, submit)
}

function judgeScan(scan: DecodedScan, judgeOf: (point: PointEntry) => PointEntry['judge'], submit: Submit): void {
  let point: PointEntry
  const sink = (event: JudgeEvent): void => submit(changeOf(point, event))
  for (let i = 0; i < scan.points.length; i++) {
    point = scan.points[i] as PointEntry
    const judge = judgeOf(point)
    const value = scan.values[i] as ReadingValue
    const timeMs = scan.timesMs[i] as number
    if (scan.reasons?.[i] === undefined) judge.good(value, timeMs, sink)
    else judge.bad(value, timeMs, sink)
  }
}

/** An event of a judge as the alarms understand it. */
export function changeOf(point: PointEntry, event: JudgeEvent): AlarmChange {
  const late = event.kind === 'excursion' || event.kind === 'began-earlier'
  const signal = pointSignal(point, event.limit, event.atMs, event.value, late)
  return event.kind === 'excursion' ? { kind: 'excursion', signal, endedAtMs: event.endedAtMs } : { kind: event.kind, signal }
}

/** The alarm of one limit of one point. */
export function pointSignal(point: PointEntry, limit: Limit, atMs: number, value: ReadingValue, late: boolean): AlarmSignal {
  return {
    source: 'point',
    sourceId: point.id,
    condition: limit.condition,
    priority: limit.priority,
    atMs,
    value,
    limit: limit.value ?? limit.tokens?.join(' ') ?? null,
    late,
    ...(limit.latching && { latching: true }),
    roomId: point.device.room.id,
    deviceId: point.deviceId,
    pointId: point.id,
    drill: point.device.isDrill,
  }
}

/** After a start: the live judges stand where the alarms in the database stand. */
export async function alignJudges(db: Db, directory: Pick<Directory, 'points'>): Promise<void> {
  const rows = await db
    .selectFrom('alarm')
    .select(['sourceId', 'condition', 'raisedAtMs', 'valueJson', 'priority'])
    .where('source', '=', 'point')
    .where('active', '=', 1)
    .execute()
  const byPoint = Map.groupBy(rows, (row) => row.sourceId)
  for (const point of directory.points.values()) {
    const alarms = (byPoint.get(point.id) ?? []).map(
      ({ condition, raisedAtMs, valueJson, priority }) =>
        [condition, { raisedAtMs, value: JSON.parse(valueJson) as ReadingValue, priority: priority as AlarmSignal['priority'] }] as const,
    )
    point.judge.alignWith(new Map(alarms))
  }
}
