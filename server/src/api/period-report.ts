import { REPORT_KINDS, type ReportKind } from '@roomkeeper/shared/http'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import type { ReportFormat } from '../reports/document.ts'
import type { PeriodPoint } from '../reports/period/load-period.ts'
import { periodBlocks, periodTitle } from '../reports/period/period-blocks.ts'
import { PeriodTextError, periodOf, type ReportSpan } from '../reports/period/period-of.ts'
import { renderReport } from '../reports/render-report.ts'
import { languageOf, reportHead } from '../reports/report-head.ts'
import { sendReport } from '../reports/send-report.ts'
import { reportWords } from '../reports/words.ts'
import type { Actor } from './base.ts'
import type { ExtraRoute } from './http-server.ts'
import { invalid, roomOf } from './report-query.ts'

interface PeriodReportDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  directory: { points: ReadonlyMap<number, PeriodPoint> }
  readings: Pick<ReadingStore, 'history' | 'textChanges'>
}

/** Daily, weekly, monthly and yearly reports of a room or the whole hospital. */
export function periodReportRoutes(deps: PeriodReportDeps): ExtraRoute[] {
  return (['pdf', 'xlsx'] as const).map(
    (format): ExtraRoute => ({
      method: 'GET',
      path: `/api/report.${format}`,
      permission: 'readings.read',
      summary: `A report as ${format === 'pdf' ? 'PDF' : 'Excel'} (?kind=daily|weekly|monthly|yearly&period=2026-03&roomId=&language=zh|en)`,
      handler: (request, response, actor) => sendPeriodReport(deps, format, request, response, actor),
    }),
  )
}

async function sendPeriodReport(
  deps: PeriodReportDeps,
  format: ReportFormat,
  { query }: Request,
  response: Response,
  actor: Actor,
): Promise<void> {
  const { db, clock, log, timeZone, readings: store, directory } = deps
  const nowMs = clock.nowMs()
  const kind = REPORT_KINDS.find((one) => one === query.kind)
  if (!kind) throw invalid('kind', REPORT_KINDS.join(' | '))
  const span = checkSpan(kind, query.period, timeZone)
  if (span.fromMs > nowMs) throw invalid('period', `${span.text}：期间尚未开始 / the period has not begun`)
  const room = await roomOf(db, query.roomId)
  const words = reportWords(languageOf(query.language), timeZone)
  const title = periodTitle(kind, span.text, room?.name ?? null, words)
  const head = await reportHead(db, { title, words, by: actor.name, nowMs, layout: 'portrait' })
  const blocks = periodBlocks({ db, store, points: directory.points.values(), span, roomId: room?.id ?? null, nowMs, timeZone }, words)
  const chunks = renderReport({ format, head, blocks })
  await sendReport(response, log, { format, name: title, ascii: `${kind}-report-${span.text}`, chunks })
}

function checkSpan(kind: ReportKind, text: unknown, timeZone: string): ReportSpan {
  try {
    return periodOf(kind, typeof text === 'string' ? text : '', timeZone)
  } catch (error) {
    if (!(error instanceof PeriodTextError)) throw error
    throw invalid('period', error.message)
  }
}
