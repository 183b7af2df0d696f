// Worker thread with a connection of its own that only reads: a long export never holds up writing (WAL) nor the event loop. One answers
// questions, another computes what is rolled up.
import type { DatabaseSync } from 'node:sqlite'
import { LocalComputing } from '../history/history-computing.ts'
import type { PointHandle } from '../scan.ts'
import { BlockReads } from './block-reads.ts'
import { lastTextBeforeOf, rawReadingsOf, storedOffsetsOf } from './queries.ts'
import { openForReading } from './schema.ts'
import type { ReaderRequests, SeriesSettings } from './worker-requests.ts'
import { opened, serveRequests, sqliteErrorOf } from './worker-server.ts'

// SQLite primary result code (https://www.sqlite.org/rescode.html): the low byte.
const SQLITE_CORRUPT = 11

let open: { database: DatabaseSync; reads: BlockReads; computing: LocalComputing } | undefined
/** Of the request under way. */
let zone = 'UTC'
let settings = new Map<number, SeriesSettings>()

function use(request: { zone: string }, points: readonly SeriesSettings[]): LocalComputing {
  zone = request.zone
  settings = new Map(points.map((point) => [point.series, point]))
  return opened(open).computing
}

function handleOf(series: number): PointHandle {
  return { id: series, key: '', deviceId: 0, device: { id: 0, site: '', node: '', device: '', nodeId: 0 } }
}

/** A damaged page is the matter of the point it belongs to; the others go on. */
function isAway(error: unknown): boolean {
  const code = sqliteErrorOf(error)
  return code !== undefined && (code & 0xff) !== SQLITE_CORRUPT
}

serveRequests<ReaderRequests>({
  open: async ({ path }) => {
    open?.database.close()
    open = undefined
    const database = openForReading(path)
    const reads = new BlockReads(database)
    const ofPoints = {
      zone: () => zone,
      holdMs: ({ id }: PointHandle) => settings.get(id)?.holdMs ?? 0,
      bandsOf: async ({ id }: PointHandle) => settings.get(id)?.bands ?? [],
    }
    open = { database, reads, computing: new LocalComputing(reads, ofPoints, isAway) }
    return { rawSinceMs: await reads.rawSinceMs() }
  },
  history: (query) => use(query, [query]).history({ ...query, point: handleOf(query.series) }),
  due: ({ turn, ...query }) => opened(open).reads.due(turn, query),
  blocksOf: async ({ points, ...request }) => {
    const outcomes = await use(request, points).blocksOf(points.map(({ series, hours }) => ({ point: handleOf(series), hours })))
    return outcomes.map((outcome) =>
      'error' in outcome
        ? { series: outcome.point.id, error: outcome.error.message }
        : // Copies: a message would take along the whole pool that small buffers lie in.
          { series: outcome.point.id, blocks: outcome.blocks.map((block) => ({ ...block, bytes: new Uint8Array(block.bytes) })) },
    )
  },
  raw: (query) => rawReadingsOf(opened(open).database, query),
  lastTextBefore: (range) => lastTextBeforeOf(opened(open).database, range),
  storedOffsets: (log) => storedOffsetsOf(opened(open).database, log),
  close: () => {
    open?.database.close()
    open = undefined
    return undefined
  },
})
