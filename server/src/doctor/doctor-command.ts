import type { Command } from 'commander'
import { ConfigError, loadConfig } from '../config/load-config.ts'
import type { ServerConfig } from '../config/settings.ts'
import { checkInstallation, type Finding } from './check-installation.ts'
import { type ClauseReport, type ClauseRow, clauseReport } from './clause-report.ts'

interface DoctorOptions {
  clauses?: true
  json?: true
}

/** `roomkeeper doctor`. Exit codes: 0 all is well, 1 something is wrong (or a clause is served by nothing), 2 the configuration is wrong. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      '检查配置、数据目录、数据库、审计链、磁盘、字体；--clauses 列出规章的每一条由什么落实 / checks configuration, data, disk and fonts; --clauses lists what serves each clause of the regulation',
    )
    .option('--clauses', '规章条款 E1…S4 由什么落实，近一年的记录数与缺口 / what serves each clause, its records of a year, and gaps')
    .option('--json', 'JSON')
    .action(async ({ clauses, json }: DoctorOptions) => {
      const config = configOf(json === true)
      process.exitCode =
        config === undefined ? 2 : clauses ? await tellClauses(config, json === true) : await tellFindings(config, json === true)
    })
}

function configOf(asJson: boolean): ServerConfig | undefined {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (asJson) console.log(JSON.stringify({ ok: false, configuration: error.problems }, null, 2))
    else console.error(`设置有误 / The configuration is wrong:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`)
    return undefined
  }
}

const MARKS: Readonly<Record<Finding['state'], string>> = { good: '✓', note: '·', bad: '✗' }

async function tellFindings(config: ServerConfig, asJson: boolean): Promise<number> {
  const findings = await checkInstallation(config)
  const ok = findings.every(({ state }) => state !== 'bad')
  if (asJson) console.log(JSON.stringify({ ok, findings }, null, 2))
  else {
    for (const { state, title, text } of findings) console.log(`${MARKS[state]} ${title.zh} / ${title.en}: ${text}`)
    console.log(ok ? '\n一切正常 / All is well' : '\n有问题，见 ✗ / Something is wrong: see ✗')
  }
  return ok ? 0 : 1
}

async function tellClauses(config: ServerConfig, asJson: boolean): Promise<number> {
  const report = await clauseReport(config, Date.now())
  if (asJson) console.log(JSON.stringify(report, null, 2))
  else console.log(clauseLines(report).join('\n'))
  return report.ok ? 0 : 1
}

function clauseLines({ clauses, note, ok }: ClauseReport): string[] {
  const lines = clauses.flatMap((row) => [`${row.served ? '✓' : '✗'} ${row.clause}  ${row.duty.zh} / ${row.duty.en}`, ...servedBy(row)])
  const end = ok
    ? `${clauses.length} 条全部落实 / All ${clauses.length} clauses are served`
    : `未落实 / Served by nothing: ${clauses.flatMap(({ clause, served }) => (served ? [] : [clause])).join(', ')}`
  return [...lines, '', ...(note === null ? [] : [note]), end]
}

function servedBy({ services }: ClauseRow): string[] {
  return services.map(({ title, page, records, missed, openGaps }) => {
    const where = page === null ? '' : `  ${page}`
    const count = records === null ? '' : `  近一年 ${records} 条 / ${records} in a year`
    const gaps = missed ? `  缺 ${missed} 次，未补 ${openGaps} 次 / missed ${missed}, still open ${openGaps}` : ''
    return `     ${title.zh} / ${title.en}${where}${count}${gaps}`
  })
}
