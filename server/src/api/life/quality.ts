import type { AlarmQuality, Nuisance } from '@roomkeeper/shared/http'
import type { FloodWatch } from '../../alarms/flood-watch.ts'
import {
  type AlarmHistory,
  countAnnunciated,
  gapsOf,
  historiesOf,
  lengthsOf,
  mostInAMinute,
  nuisancesOf,
  quantile,
} from '../../alarms/quality/nuisances.ts'
import { proposeLimit } from '../../alarms/quality/propose-limit.ts'
import type { Db } from '../../database/schema.ts'
import type { Directory } from '../../ingest/directory.ts'
import { onDutyAt } from '../../notify/roster.ts'
import { alarmRows, toAlarm } from '../alarm-rows.ts'
import { staleAlarms } from '../alarm-silence.ts'
import { api } from '../base.ts'

export interface QualityDeps {
  db: Db
  clock: { nowMs(): number }
  life: { flood(): ReturnType<FloodWatch['current']> }
  directory: Pick<Directory, 'points'>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** ISA-18.2: fewer than one in ten minutes. */
const ACCEPTABLE_PER_OPERATOR_HOUR = 6
/** More are not read; the worst come first. */
const SHOWN = 50

/** The alarms at a glance, and how good they are (ISA-18.2). */
export function createQualityHandlers({ db, clock, life, directory }: QualityDeps) {
  return {
    summary: api.life.summary.handler(async () => {
      const rows = await db
        .selectFrom('alarm')
        .select(['state', db.fn.countAll<number>().as('count')])
        .where('state', '<>', 'NORM')
        .groupBy('state')
        .execute()
      const of = (state: string): number => Number(rows.find((row) => row.state === state)?.count ?? 0)
      return {
        unacknowledged: of('UNACK'),
        acknowledged: of('ACKED'),
        returned: of('RTNUN'),
        shelved: of('SHLVD'),
        suppressed: of('DSUPR'),
        outOfService: of('OOSRV'),
        stale: (await staleAlarms(db, clock.nowMs()).execute()).length,
        flood: life.flood(),
      }
    }),

    quality: api.life.quality.handler(async ({ input }): Promise<AlarmQuality> => {
      const toMs = clock.nowMs()
      const fromMs = toMs - input.days * DAY_MS
      const rows = await db
        .selectFrom('alarmTransition')
        .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
        .select(['alarmTransition.alarmId', 'alarm.source', 'alarm.sourceId', 'alarm.condition', 'alarm.priority'])
        .select(['event', 'fromState', 'toState', 'atMs', 'alarmTransition.recordedAtMs'])
        .where('alarmTransition.recordedAtMs', '>=', fromMs)
        .where('alarmTransition.recordedAtMs', '<=', toMs)
        .where('alarm.drill', '=', 0)
        .orderBy('alarmTransition.id')
        .execute()
      const byPriority = countAnnunciated(rows)
      const annunciated = Object.values(byPriority).reduce((sum, count) => sum + count, 0)
      const operators = Math.max(1, (await onDutyAt(db, toMs)).length)
      const floods = await db
        .selectFrom('alarmFlood')
        .select(['fromMs', 'toMs', 'peak'])
        .where((where) => where.or([where('toMs', 'is', null), where('toMs', '>=', fromMs)]))
        .orderBy('id', 'desc')
        .execute()
      return {
        ...{ fromMs, toMs, annunciated, operators, byPriority, floods },
        perOperatorHour: annunciated / ((operators * (toMs - fromMs)) / HOUR_MS),
        acceptablePerOperatorHour: ACCEPTABLE_PER_OPERATOR_HOUR,
        nuisances: await nuisances(historiesOf(rows), toMs),
      }
    }),
  }

  async function nuisances(histories: AlarmHistory[], nowMs: number): Promise<Nuisance[]> {
    const stale = await alarmRows(db)
      .where('alarm.id', 'in', staleAlarms(db, nowMs))
      .where('alarm.drill', '=', 0)
      .where('alarm.state', 'in', ['UNACK', 'ACKED'])
      .execute()
    const staleKeys = new Map(stale.map((row) => [keyOf(row), row]))
    // One that began before the period and did nothing since.
    const known = new Set(histories.map(keyOf))
    for (const [key, row] of staleKeys) {
      const { source, sourceId, condition, priority, lastEventAtMs } = row
      if (!known.has(key)) histories.push({ source, sourceId, condition, priority, raisesMs: [], stretches: [], lastAtMs: lastEventAtMs })
    }
    const total = histories.reduce((sum, { raisesMs }) => sum + raisesMs.length, 0)
    const found = nuisancesOf(histories, (history) => staleKeys.has(keyOf(history)))
      .sort((a, b) => b.history.raisesMs.length - a.history.raisesMs.length)
      .slice(0, SHOWN)
    const list: Nuisance[] = []
    for (const { history, kinds } of found) {
      const row = await alarmRows(db)
        .where('alarm.source', '=', history.source)
        .where('alarm.sourceId', '=', history.sourceId)
        .where('alarm.condition', '=', history.condition)
        .orderBy('alarm.id', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (!row) continue
      const alarm = toAlarm(row)
      const point = alarm.pointId === null ? undefined : directory.points.get(alarm.pointId)
      const limit = alarm.source === 'point' ? point?.limits.find(({ condition }) => condition === alarm.condition) : undefined
      const {
        source,
        sourceId,
        condition,
        priority,
        roomName,
        deviceName,
        deviceNameEn,
        pointId,
        pointName,
        pointNameEn,
        pointKind,
        unit,
      } = alarm
      const raised = history.raisesMs.length
      const lengthsMs = lengthsOf(history)
      list.push({
        ...{ source, sourceId, condition, priority, roomName, deviceName, deviceNameEn, pointId, pointName, pointNameEn, pointKind, unit },
        ...{ kinds, raised },
        share: total === 0 ? 0 : raised / total,
        mostInAMinute: mostInAMinute(history.raisesMs),
        medianMs: quantile(lengthsMs, 0.5),
        lastAtMs: history.lastAtMs,
        proposal: point && limit ? proposeLimit(limit, { pointKind: point.kind, kinds, lengthsMs, gapsMs: gapsOf(history) }) : null,
      })
    }
    return list
  }
}

function keyOf({ source, sourceId, condition }: { source: string; sourceId: number; condition: string }): string {
  return `${source}/${sourceId}/${condition}`
}
