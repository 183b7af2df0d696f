import type { HistoryComputing, PointHours, PointOutcome } from '../history/history-computing.ts'
import type { HistorySlots } from '../history/history-reading.ts'
import type { HistorySettings } from '../history/history-settings.ts'
import { MAX_HOLD_MS } from '../history/minute-slots.ts'
import type { DueHour, DueQuery, PointBlock, RolledUp, RollupUpkeep } from '../history/rollup-storage.ts'
import { HOUR_MS } from '../hours.ts'
import type { HistoryQuery, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { MarkedHour } from './maintenance.ts'
import type { ReaderRequests, SeriesSettings, WriterRequests } from './worker-requests.ts'

type Ask<R extends { [K in keyof R]: { ask: unknown; answer: unknown } }> = <K extends keyof R & string>(
  kind: K,
  ask: R[K]['ask'],
) => Promise<R[K]['answer']>

/** Marked hours asked for at once: finding the oldest looks at all. */
const DUE_AT_ONCE = 2000
/** Blocks per transaction: a few milliseconds, so that a write never waits long behind it. */
const BLOCKS_PER_PUT = 100
const PAUSE_MS = 5

export interface EmbeddedHistoryDependencies {
  settings: HistorySettings
  nowMs(): number
  /** The thread that writes, the one that answers questions, and the one that computes what is rolled up. */
  writer: Ask<WriterRequests>
  reader: Ask<ReaderRequests>
  roller: Ask<ReaderRequests>
}

/** The embedded store's side of the history engine: everything happens in workers, and limits travel with each request. */
export class EmbeddedHistory implements RollupUpkeep, HistoryComputing {
  readonly #dependencies: EmbeddedHistoryDependencies
  #rawSinceMs = 0
  #startedMs: number | undefined
  #due: DueHour[] = []

  constructor(dependencies: EmbeddedHistoryDependencies) {
    this.#dependencies = dependencies
  }

  /** As the file says when it is opened. */
  opened(rawSinceMs: number): void {
    this.#rawSinceMs = rawSinceMs
    this.#due = []
  }

  async rawSinceMs(): Promise<number> {
    return this.#rawSinceMs
  }

  async history({ point, fromMs, toMs, maxBuckets }: HistoryQuery): Promise<HistorySlots> {
    // Older readings are not there to be judged.
    const settings = await this.#settingsOf(point, { fromMs: Math.max(fromMs, this.#rawSinceMs), toMs })
    return this.#dependencies.reader('history', { ...settings, fromMs, toMs, maxBuckets, zone: this.#dependencies.settings.zone() })
  }

  async blocksOf(points: readonly PointHours[]): Promise<PointOutcome[]> {
    const asked = await Promise.all(
      points.map(async ({ point, hours }) => {
        const range = { fromMs: Math.min(...hours), toMs: Math.max(...hours) + HOUR_MS + MAX_HOLD_MS }
        return { ...(await this.#settingsOf(point, range)), hours }
      }),
    )
    const outcomes = await this.#dependencies.roller('blocksOf', { zone: this.#dependencies.settings.zone(), points: asked })
    const handles = new Map(points.map(({ point }) => [point.id, point]))
    return outcomes.map((outcome) => {
      const point = handles.get(outcome.series) as PointHandle
      return 'error' in outcome ? { point, error: new Error(outcome.error) } : { point, blocks: outcome.blocks }
    })
  }

  /** Marks that were handed out stay good: an hour written to meanwhile keeps its mark when its blocks are put. */
  async dueHours(query: DueQuery): Promise<DueHour[]> {
    if (this.#due.length === 0) await this.#findDue(query)
    const hours = this.#due.splice(0, query.limit)
    return hours.filter(({ points }) => !points.some(({ id }) => query.withoutPoints.has(id)))
  }

  async #findDue(query: DueQuery): Promise<void> {
    const { settings, writer, roller, nowMs } = this.#dependencies
    this.#startedMs ??= nowMs()
    // After a restart what is on its way may not have come yet.
    const quiet = query.quiet.sinceMs < this.#startedMs ? { ...query.quiet, sinceMs: 0 } : query.quiet
    const turn = await writer('beginTurn', { nowMs: nowMs(), endedByMs: query.endedByMs })
    const marked = await roller('due', { ...query, quiet, turn, limit: DUE_AT_ONCE })
    this.#due = marked.map(({ series, hourMs, mark }) => ({ points: [settings.pointById(series) ?? unknownPoint(series)], hourMs, mark }))
  }

  async rolledUp({ due, blocks }: RolledUp): Promise<void> {
    const marks: MarkedHour[] = due.flatMap(({ points, hourMs, mark }) => points.map(({ id }) => ({ series: id, hourMs, mark })))
    const all = blocks.map(({ point, ...block }: PointBlock) => ({ ...block, series: point.id }))
    for (let at = 0; at < all.length; at += BLOCKS_PER_PUT) {
      await this.#dependencies.writer('put', { blocks: all.slice(at, at + BLOCKS_PER_PUT), marks: [] })
    }
    await this.#dependencies.writer('put', { blocks: [], marks })
  }

  async purgeRaw(beforeMs: number): Promise<void> {
    await this.#purge('raw', beforeMs)
  }

  async purgeMinutes(beforeMs: number): Promise<void> {
    await this.#purge('minutes', beforeMs)
  }

  async #purge(kind: 'raw' | 'minutes', beforeMs: number): Promise<void> {
    const { writer } = this.#dependencies
    await writer('moveKept', { kind, beforeMs })
    if (kind === 'raw') this.#rawSinceMs = Math.max(this.#rawSinceMs, beforeMs)
    let afterSeries: number | undefined = Number.MIN_SAFE_INTEGER
    while (afterSeries !== undefined) {
      afterSeries = (await writer('purge', { kind, beforeMs, afterSeries })).nextSeries
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  async #settingsOf(point: PointHandle, range: TimeRange): Promise<SeriesSettings> {
    const { settings } = this.#dependencies
    const bands = range.fromMs < range.toMs ? await settings.bandsOf(point, range) : []
    return { series: point.id, holdMs: settings.holdMs(point), bands }
  }
}

/** Of a point that the database does not know any more. */
function unknownPoint(series: number): PointHandle {
  return { id: series, key: '', deviceId: 0, device: { id: 0, site: '', node: '', device: '', nodeId: 0 } }
}
