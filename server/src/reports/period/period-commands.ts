import { REPORT_KINDS, type ReportKind } from '@roomkeeper/shared/http'
import type { Command } from 'commander'
import type { ServerConfig } from '../../config/settings.ts'
import type { Db } from '../../database/schema.ts'
import { withDatabase, withReadings, writeReport } from '../beside-server.ts'
import { renderReport } from '../render-report.ts'
import { reportHead } from '../report-head.ts'
import { checkOptions, orWrongOption, type ReportOptions, WrongOptionError } from '../report-options.ts'
import { reportWords } from '../words.ts'
import { periodBlocks, periodTitle } from './period-blocks.ts'
import { PeriodTextError, periodOf, type ReportSpan } from './period-of.ts'

const OPTIONS = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' } as const satisfies Record<ReportKind, string>

interface PeriodOptions extends ReportOptions {
  day?: string
  week?: string
  month?: string
  year?: string
}

/** `roomkeeper report`: reads the database beside a running server. Exit codes: 0 written, 1 could not be written, 2 wrong input. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('生成日报、周报、月报、年报（PDF 或 Excel） / write a daily, weekly, monthly or yearly report as PDF or Excel')
    .argument('<kind>', REPORT_KINDS.join(' | '))
    .option('--day <date>', '2026-03-08')
    .option('--week <week>', '2026-W10')
    .option('--month <month>', '2026-03')
    .option('--year <year>', '2026')
    .requiredOption('--out <file>', '输出文件，.pdf 或 .xlsx / file to write')
    .option('--room <name>', '只含此机房；不写则为全院 / of this room only; without it the whole hospital')
    .option('--language <language>', 'zh | en', 'zh')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (kind: string, options: PeriodOptions) => {
      process.exitCode = await withDatabase((db, config) => orWrongOption(() => writePeriodReport(db, config, kind, options)))
    })
}

async function writePeriodReport(db: Db, config: ServerConfig, given: string, options: PeriodOptions): Promise<number> {
  const { timeZone } = config
  const nowMs = Date.now()
  const kind = REPORT_KINDS.find((one) => one === given)
  if (!kind) throw new WrongOptionError(`${given}：只能是 / must be one of: ${REPORT_KINDS.join(' | ')}`)
  const option = OPTIONS[kind]
  const other = Object.values(OPTIONS).find((one) => one !== option && options[one] !== undefined)
  if (other) throw new WrongOptionError(`--${other}：${kind} 用 --${option} / ${kind} takes --${option}`)
  let span: ReportSpan
  try {
    span = periodOf(kind, options[option] ?? '', timeZone)
  } catch (error) {
    if (!(error instanceof PeriodTextError)) throw error
    throw new WrongOptionError(`--${option} ${error.message}`)
  }
  if (span.fromMs > nowMs) throw new WrongOptionError(`--${option} ${span.text}：期间尚未开始 / the period has not begun`)
  const { format, language, room } = await checkOptions(db, options)
  const words = reportWords(language, timeZone)
  const title = periodTitle(kind, span.text, room?.name ?? null, words)
  const head = await reportHead(db, { title, words, by: 'roomkeeper report', nowMs, layout: 'portrait' })
  return await withReadings(db, config, (store, points) => {
    const blocks = periodBlocks({ db, store, points, span, roomId: room?.id ?? null, nowMs, timeZone }, words)
    return writeReport(options.out, renderReport({ format, head, blocks }))
  })
}
