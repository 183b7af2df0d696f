import { ORPCError } from '@orpc/server'
import { historyFigures, pointKindInfo } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { type HistoryBucket, type ReadingStore, StoreUnavailableError } from '../readings/reading-store.ts'
import type { Block, Cell } from '../reports/document.ts'
import { renderReport } from '../reports/render-report.ts'
import { languageOf, reportHead } from '../reports/report-head.ts'
import { sendReport } from '../reports/send-report.ts'
import { numberText, type ReportWords, reportWords } from '../reports/words.ts'
import type { Actor } from './base.ts'
import type { CsvPoint } from './history-csv.ts'
import { checkRange, parsePointIds, type QueryProblem, STORE_AWAY } from './history-query.ts'
import type { ExtraRoute } from './http-server.ts'

type XlsxPoint = CsvPoint & { nameEn: string; device: { nameEn: string } }

interface HistoryXlsxDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  readings: Pick<ReadingStore, 'history'>
  directory: { points: ReadonlyMap<number, XlsxPoint> }
}

/** Rows that a spreadsheet opens without waiting; shared by the points. */
const MOST_ROWS = 40_000
const MOST_BUCKETS = 2000

/** `GET /api/history.xlsx?pointIds=1,2&fromMs=&toMs=&language=`: what the history page shows, figures and buckets. Every reading: history.csv. */
export function historyXlsxRoute(deps: HistoryXlsxDeps): ExtraRoute {
  return {
    method: 'GET',
    path: '/api/history.xlsx',
    permission: 'readings.read',
    summary: 'Figures and buckets of points and a range as Excel (?pointIds=1,2&fromMs=&toMs=&language=zh|en)',
    handler: (request, response, actor) => sendHistory(deps, request, response, actor),
  }
}

async function sendHistory(deps: HistoryXlsxDeps, { query }: Request, response: Response, actor: Actor): Promise<void> {
  const { db, clock, log, timeZone } = deps
  const range = { fromMs: Number(query.fromMs), toMs: Number(query.toMs) }
  const { points, problem } = parsePointIds(typeof query.pointIds === 'string' ? query.pointIds : '', deps.directory.points)
  const wrong = problem ?? checkRange(range)
  if (wrong || !points) throw invalid(wrong)
  const words = reportWords(languageOf(query.language), timeZone)
  const title = words.of({ zh: '历史数据', en: 'History' })
  const head = await reportHead(db, { title, words, by: actor.name, nowMs: clock.nowMs(), layout: 'landscape' })
  const maxBuckets = Math.min(MOST_BUCKETS, Math.max(1, Math.floor(MOST_ROWS / points.length)))
  const read = async (point: XlsxPoint) => ({ point, ...(await deps.readings.history({ point, ...range, maxBuckets })) })
  const all = await Promise.all(points.map(read)).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailableError)) throw error
    throw new ORPCError('UNAVAILABLE', { status: 503, message: STORE_AWAY })
  })
  const day = (atMs: number): string => words.date(atMs).replaceAll('-', '')
  const name = `${title} ${day(range.fromMs)}-${day(range.toMs - 1)}`
  const ascii = `history-${day(range.fromMs)}-${day(range.toMs - 1)}`
  await sendReport(response, log, {
    format: 'xlsx',
    name,
    ascii,
    chunks: renderReport({ format: 'xlsx', head, blocks: blocksOf(all, range, words) }),
  })
}

interface PointHistory {
  point: XlsxPoint
  bucketMs: number
  buckets: HistoryBucket[]
}

async function* blocksOf(
  all: readonly PointHistory[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  words: ReportWords,
): AsyncGenerator<Block, void, undefined> {
  yield { kind: 'sheet', name: words.of({ zh: '统计', en: 'Figures' }) }
  yield { kind: 'heading', level: 1, text: words.of({ zh: '历史数据', en: 'History' }) }
  yield {
    kind: 'facts',
    facts: [
      [words.of({ zh: '期间', en: 'Period' }), `${words.time(fromMs)} — ${words.time(toMs)}（${words.timeZone}）`],
      [words.of({ zh: '每行时长', en: 'Each row spans' }), words.duration(Math.max(0, ...all.map(({ bucketMs }) => bucketMs)))],
    ],
  }
  yield {
    kind: 'table',
    columns: [
      { zh: '机房', en: 'Room' },
      { zh: '设备', en: 'Device' },
      { zh: '测点', en: 'Point' },
      { zh: '单位', en: 'Unit' },
      { zh: '最低', en: 'Lowest' },
      { zh: '最低时间', en: 'Lowest at' },
      { zh: '平均', en: 'Mean' },
      { zh: '最高', en: 'Highest' },
      { zh: '最高时间', en: 'Highest at' },
      { zh: '限值内时间占比（当时的限值）', en: 'Share of time within limits (of then)' },
      { zh: '超限小时', en: 'Hours outside' },
      { zh: '无数据小时', en: 'Hours without data' },
      { zh: '读数', en: 'Readings' },
      { zh: '不可信读数', en: 'Not believed' },
    ].map((column) => ({ title: words.of(column), width: 1 })),
    rows: all.map(({ point, buckets }) => {
      const figures = historyFigures(buckets.map(({ badCount, ...bucket }) => ({ ...bucket, bad: badCount })))
      const { lowest, highest, limitedMs, outsideMs } = figures
      return [
        ...nameCells(point, words),
        unitSymbol(point.unit),
        number(lowest?.value),
        moment(lowest?.timeMs, words),
        number(figures.mean),
        number(highest?.value),
        moment(highest?.timeMs, words),
        number(limitedMs === 0 ? null : 1 - outsideMs / limitedMs, 4),
        number(limitedMs === 0 ? null : outsideMs / 3_600_000),
        number(Math.max(0, toMs - fromMs - figures.goodMs) / 3_600_000),
        number(figures.count),
        number(figures.bad),
      ]
    }),
  }
  yield { kind: 'sheet', name: words.of({ zh: '数据', en: 'Data' }), frozenRows: 1 }
  const columns = [
    { zh: '时间', en: 'Time' },
    { zh: '机房', en: 'Room' },
    { zh: '设备', en: 'Device' },
    { zh: '测点', en: 'Point' },
    { zh: '最小', en: 'Min' },
    { zh: '平均', en: 'Mean' },
    { zh: '最大', en: 'Max' },
    { zh: '单位', en: 'Unit' },
    { zh: '读数', en: 'Readings' },
    { zh: '不可信读数', en: 'Not believed' },
    { zh: '超限分钟', en: 'Minutes outside' },
  ].map((column) => ({ title: words.of(column), width: 1 }))
  for (const [index, { point, buckets }] of all.entries()) {
    const rows = buckets.map((bucket): Cell[] => [
      moment(bucket.timeMs, words),
      ...nameCells(point, words),
      number(bucket.min),
      number(bucket.mean),
      number(bucket.max),
      unitSymbol(point.unit),
      number(bucket.count),
      number(bucket.badCount),
      number(bucket.limitedMs === 0 ? null : (bucket.limitedMs - bucket.insideMs) / 60_000),
    ])
    yield { kind: 'table', columns, rows, ...(index > 0 ? { continues: true } : {}) }
  }
}

function nameCells({ kind, device, name, nameEn }: XlsxPoint, words: ReportWords): Cell[] {
  const named = (zh: string, en: string): string => (words.language === 'en' && en ? en : zh)
  return [device.room.name, named(device.name, device.nameEn), named(name, nameEn) || words.of(pointKindInfo(kind))]
}

function number(value: number | null | undefined, digits = 3): Cell {
  return value === null || value === undefined ? '' : { text: numberText(value, digits), number: Number(value.toFixed(digits)) }
}

function moment(atMs: number | undefined, words: ReportWords): Cell {
  return atMs === undefined ? '' : { text: words.time(atMs), atMs }
}

function invalid(problem: QueryProblem | undefined): ORPCError<string, unknown> {
  return new ORPCError('INVALID', { status: 422, ...problem })
}
