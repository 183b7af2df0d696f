import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pointKindInfo } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { PointEntry } from '../ingest/entries.ts'
import { type ReadingStore, type StoredReading, StoreUnavailableError } from '../readings/reading-store.ts'
import { csvLine, localTimeCell, textCell, UTF8_BOM, valueCell } from './csv-cells.ts'
import { checkRange, parsePointIds, type QueryProblem, STORE_AWAY } from './history-query.ts'
import type { ExtraRoute } from './http-server.ts'

export type CsvPoint = Pick<PointEntry, 'id' | 'key' | 'deviceId' | 'name' | 'kind' | 'unit'> & {
  device: Pick<PointEntry['device'], 'id' | 'site' | 'node' | 'device' | 'nodeId' | 'name'> & { room: { name: string } }
}

export interface HistoryCsvDeps {
  readings: Pick<ReadingStore, 'stream'>
  directory: { points: ReadonlyMap<number, CsvPoint> }
  log: Logger
}

const HEADER = [
  '时间 / Local time',
  'UTC',
  '机房 / Room',
  '设备 / Device',
  '测点 / Point',
  '数值 / Value',
  '单位 / Unit',
  '质量 / Quality',
  '原因 / Reason',
]

/** `GET /api/history.csv?pointIds=1,2&fromMs=&toMs=`: every reading of the range, point after point, streamed as fast as it is taken. */
export function historyCsvRoute(deps: HistoryCsvDeps): ExtraRoute {
  return {
    method: 'GET',
    path: '/api/history.csv',
    permission: 'readings.read',
    summary: 'Every reading of points and a range as CSV (UTF-8, for spreadsheets)',
    handler: (request, response) => historyCsvHandler(deps, request, response),
  }
}

/** Permissions are checked before this runs. */
export async function historyCsvHandler(deps: HistoryCsvDeps, request: Request, response: Response): Promise<void> {
  const range = { fromMs: numberParameter(request.query.fromMs), toMs: numberParameter(request.query.toMs) }
  const ids = typeof request.query.pointIds === 'string' ? request.query.pointIds : ''
  const { points, problem } = parsePointIds(ids, deps.directory.points)
  const wrong = problem ?? checkRange(range)
  if (wrong || !points) return refuse(response, wrong)

  const lines = csvLines(deps, points, range)
  try {
    // The first chunk is read before anything is sent: a store that is away becomes an answer instead of a broken file.
    const first = await lines.next()
    response.status(200)
    response.setHeader('content-type', 'text/csv; charset=utf-8')
    response.setHeader('content-disposition', `attachment; filename="${fileName(range)}"`)
    response.setHeader('cache-control', 'no-store')
    const rest = (async function* () {
      if (!first.done) yield first.value
      yield* lines
    })()
    // pipeline waits for a slow reader, and ends the query when the reader has gone.
    await pipeline(Readable.from(rest), response)
  } catch (error) {
    await lines.return(undefined)
    if (isGone(error)) return
    if (!response.headersSent && !(error instanceof StoreUnavailableError)) throw error
    deps.log.warn({ module: 'history', err: error, pointIds: ids }, 'The CSV export broke off')
    // A file that ends early must not look complete.
    if (response.headersSent) response.destroy()
    else response.status(503).json({ defined: true, code: 'UNAVAILABLE', status: 503, message: STORE_AWAY })
  }
}

async function* csvLines(
  deps: HistoryCsvDeps,
  points: readonly CsvPoint[],
  range: { fromMs: number; toMs: number },
): AsyncGenerator<string, void, undefined> {
  let head = UTF8_BOM + csvLine(HEADER)
  for (const point of points) {
    const about = [point.device.room.name, point.device.name, point.name || pointKindInfo(point.kind).zh].map(textCell).join(',')
    const unit = textCell(unitSymbol(point.unit))
    for await (const chunk of deps.readings.stream({ point, ...range })) {
      yield head + chunk.map((reading) => readingLine(reading, point, about, unit)).join('')
      head = ''
    }
  }
  if (head !== '') yield head
}

function readingLine({ timeMs, value, bad }: StoredReading, point: CsvPoint, about: string, unit: string): string {
  // Stores keep contacts as 0/1.
  const shown = pointKindInfo(point.kind).valueType === 'boolean' && typeof value === 'number' ? value !== 0 : value
  return csvLine([
    localTimeCell(timeMs),
    new Date(timeMs).toISOString(),
    about,
    valueCell(shown),
    unit,
    bad === undefined ? 'good' : 'bad',
    bad ?? '',
  ])
}

function refuse(response: Response, problem: QueryProblem | undefined): void {
  response.status(422).json({ defined: true, code: 'INVALID', status: 422, ...problem })
}

function numberParameter(value: unknown): number {
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
}

function fileName({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
  const day = (timeMs: number): string => localTimeCell(timeMs).slice(0, 10).replaceAll('-', '')
  return `readings-${day(fromMs)}-${day(toMs - 1)}.csv`
}

/** The reader closed the connection: nothing is wrong here. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET')
}
