import { isPointKind, POINT_KINDS } from '@roomkeeper/shared/model'
import type { ChangeCurve, ChangeSheet, Reference, RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import type { Db } from '../../database/schema.ts'
import type { PointEntry } from '../../ingest/entries.ts'
import { keepSheet, recentRecords, SETTLE_MS } from '../../paper/keep-sheet.ts'
import type { ReadingStore, TimeRange } from '../../readings/reading-store.ts'

export interface ChangeCurvesDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  readings: Pick<ReadingStore, 'history'>
  directory: { devices: ReadonlyMap<number, { points: ReadonlyMap<string, PointEntry> }> }
  changed(recordId: number): void
}

/** Long enough to see that a machine runs as before. */
const AROUND_MS = 60 * 60_000
const MAX_BUCKETS = 200
/** A sheet of paper has room for so many; a large UPS has 300 points. */
const MAX_CURVES = 12
/** While the hour after a change goes by, its curve is brought up to date so often. */
const EVERY_MS = 10 * 60_000
/** Time since the start only rises, and what has no unit of its own says little. */
const TELLS_NOTHING: readonly string[] = ['uptime', 'number']

/** Brings the curves of changes that are done up to date; a store that is away is asked again. */
export async function refreshChanges(deps: ChangeCurvesDeps, definition: RegisterDefinition, recordId?: number): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const field = definition.shelves?.deviceField ?? 'device'
  for (const { id, fields, sheet } of await recentRecords(deps.db, definition.name, nowMs, recordId)) {
    const { startedAtMs, endedAtMs, readAtMs } = sheet as ChangeSheet
    const device = deps.directory.devices.get((fields[field] as Partial<Reference> | null | undefined)?.id ?? 0)
    if (!device || startedAtMs === undefined || endedAtMs === undefined) continue
    if (readAtMs !== undefined && !isStale(readAtMs, endedAtMs + AROUND_MS + SETTLE_MS, nowMs)) continue
    const before = { fromMs: startedAtMs - AROUND_MS, toMs: startedAtMs }
    const after = { fromMs: endedAtMs, toMs: Math.min(nowMs, endedAtMs + AROUND_MS) }
    try {
      const curves: ChangeCurve[] = []
      for (const point of tellingPoints(device.points.values())) {
        const curve = { before: await curveOf(deps, point, before), after: await curveOf(deps, point, after) }
        if (curve.before.length > 0 || curve.after.length > 0)
          curves.push({ pointId: point.id, name: nameOf(point), unit: point.unit, ...curve })
      }
      await keepSheet(deps.db, id, { curves, readAtMs: nowMs })
      deps.changed(id)
    } catch (error) {
      deps.log.warn({ module: 'registers', recordId: id, err: error }, 'the curves of a change could not be read; they are asked for again')
    }
  }
}

function isStale(readAtMs: number, settledMs: number, nowMs: number): boolean {
  if (readAtMs >= settledMs) return false
  return nowMs >= settledMs || nowMs - readAtMs >= EVERY_MS
}

/** Numbers only; those with limits first. */
function tellingPoints(points: Iterable<PointEntry>): PointEntry[] {
  const numbers = [...points].filter(({ kind }) => POINT_KINDS[kind].valueType === 'number')
  const said = numbers.filter(({ kind }) => !TELLS_NOTHING.includes(kind))
  const chosen = said.length > 0 ? said : numbers
  return chosen.sort((a, b) => judgedBy(b) - judgedBy(a) || a.id - b.id).slice(0, MAX_CURVES)
}

function judgedBy({ limits }: PointEntry): number {
  return limits.some(({ condition, enabled }) => enabled && condition !== 'no-data' && condition !== 'sensor-suspect') ? 1 : 0
}

function nameOf({ name, kind, key }: PointEntry): string {
  return name || (isPointKind(kind) && kind !== 'number' ? POINT_KINDS[kind].zh : key)
}

async function curveOf({ readings }: ChangeCurvesDeps, point: PointEntry, range: TimeRange): Promise<[number, number | null][]> {
  if (range.toMs <= range.fromMs) return []
  const { buckets } = await readings.history({ point, ...range, maxBuckets: MAX_BUCKETS })
  // A bucket without any reading is none of a gap: the one before held on into it.
  return buckets.flatMap(({ timeMs, mean, badCount }): [number, number | null][] =>
    mean === null && badCount === 0 ? [] : [[timeMs, mean]],
  )
}
