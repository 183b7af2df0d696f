import type { Command } from 'commander'
import type { ServerConfig } from '../../config/settings.ts'
import type { Db } from '../../database/schema.ts'
import { withDatabase, withReadings, writeReport } from '../beside-server.ts'
import { renderReport } from '../render-report.ts'
import { reportHead } from '../report-head.ts'
import { checkOptions, orWrongOption, type ReportOptions, WrongOptionError } from '../report-options.ts'
import { reportWords } from '../words.ts'
import { type ChainAnswer, checkChainText } from './chain-heads.ts'
import { packBlocks } from './pack-blocks.ts'
import { periodProblem } from './pack-period.ts'
import { dayStart, nextDayStart } from './period.ts'

interface PackOptions extends ReportOptions {
  from: string
  to: string
}

/** `roomkeeper pack` and `roomkeeper verify-chain`: both read the database beside a running server. Exit codes: 0 done, 1 not so, 2 wrong input. */
export function addPackCommands(program: Command): void {
  program
    .command('pack')
    .description('生成检查资料包（PDF 或 Excel） / write the inspection pack of a period as PDF or Excel')
    .requiredOption('--from <date>', '首日 / first day, 2026-01-01')
    .requiredOption('--to <date>', '末日 / last day, 2026-12-31')
    .requiredOption('--out <file>', '输出文件，.pdf 或 .xlsx / file to write')
    .option('--room <name>', '只含此机房 / of this room only')
    .option('--language <language>', 'zh | en', 'zh')
    .action(async (options: PackOptions) => {
      process.exitCode = await withDatabase((db, config) => orWrongOption(() => writePack(db, config, options)))
    })
  program
    .command('verify-chain')
    .description('核对纸上的二维码与当前审计链 / tell whether the present audit trail still contains what a printed code says')
    .argument('<text>', '二维码文字 / text of the code: "ROOMKEEPER-CHAIN v1 …"')
    .action(async (text: string) => {
      process.exitCode = await withDatabase(async (db) => {
        const answer = await checkChainText(db, text)
        console.log(chainSentence(answer))
        if (answer.kind === 'unreadable') return 2
        return answer.kind === 'contained' && answer.brokenAtSeq === null ? 0 : 1
      })
    })
}

async function writePack(db: Db, config: ServerConfig, options: PackOptions): Promise<number> {
  const { timeZone } = config
  const fromMs = dayStart(options.from, timeZone)
  const lastMs = dayStart(options.to, timeZone)
  if (fromMs === undefined)
    throw new WrongOptionError(`--from ${options.from}：须为 2026-01-01 这样的日期 / must be a date like 2026-01-01`)
  if (lastMs === undefined) throw new WrongOptionError(`--to ${options.to}：须为 2026-12-31 这样的日期 / must be a date like 2026-12-31`)
  const period = { fromMs, toMs: nextDayStart(lastMs, timeZone) }
  const problem = periodProblem(period)
  if (period.toMs <= fromMs) throw new WrongOptionError(`--to ${options.to}：不能早于 --from / must not be before --from ${options.from}`)
  if (problem) throw new WrongOptionError(`--from ${options.from} --to ${options.to}：${problem.allowed}`)
  const { format, language, room } = await checkOptions(db, options)
  const nowMs = Date.now()
  const words = reportWords(language, timeZone)
  const title = words.of({ zh: '机房管理检查资料包', en: 'Machine room inspection pack' })
  const titled = { title: `${title} ${options.from} — ${options.to}`, words, by: 'roomkeeper pack', nowMs, layout: 'portrait' as const }
  const head = await reportHead(db, titled)
  const about = { db, period, roomId: room?.id ?? null, nowMs, timeZone, words, format } as const
  return await withReadings(db, config, (store, points) =>
    writeReport(options.out, renderReport({ format, head, blocks: packBlocks({ ...about, store, points }) })),
  )
}

function chainSentence(answer: ChainAnswer): string {
  switch (answer.kind) {
    case 'contained':
      if (answer.brokenAtSeq !== null)
        return `✗ 第 ${answer.seq} 条及以前与纸面一致；其后第 ${answer.brokenAtSeq} 条起不符，记录被改过 / All up to entry ${answer.seq} is as printed, but the audit trail is broken later, at entry ${answer.brokenAtSeq}: it was changed`
      return `✓ 当前审计链含有第 ${answer.seq} 条，与纸面一致；全部 ${answer.rows} 条逐条核对无误 / The audit trail contains entry ${answer.seq} as printed; all ${answer.rows} entries fit`
    case 'unreadable':
      return '读不懂：应为 / Not readable, it should be: ROOMKEEPER-CHAIN v1 <seq> <hash> <from>/<to>'
    case 'missing':
      return `✗ 没有第 ${answer.seq} 条，只有 ${answer.rows} 条：记录少了，或这不是同一个数据库 / Entry ${answer.seq} is missing, there are ${answer.rows}: entries were lost, or this is another database`
    case 'different':
      return `✗ 第 ${answer.seq} 条的哈希与纸面不同：${answer.found}，此前的记录被改过，或这不是同一个数据库 / The hash of entry ${answer.seq} differs from the paper: something before it was changed, or this is another database`
    case 'broken':
      return `✗ 审计链自第 ${answer.brokenAtSeq} 条起不符，记录被改过 / The audit trail is broken at entry ${answer.brokenAtSeq}: it was changed`
  }
}
