import { journalLine, startWatchdog, writesToJournal } from '@roomkeeper/shared/systemd'
import { Command } from 'commander'
import pino, { type Logger } from 'pino'
import { spawnAgent } from './agent-program.ts'
import { ConfigError, loadConfig } from './config/load-config.ts'
import { SETTINGS, type ServerConfig } from './config/settings.ts'
import { startDemoAgent } from './demo.ts'
import { addDoctorCommand } from './doctor/doctor-command.ts'
import { type RunningServer, startServer } from './main.ts'
import { provisionAgents } from './provision-agents.ts'
import { addReadingsCommand } from './readings/copy/copy-command.ts'
import { addPackCommands } from './reports/pack/pack-commands.ts'
import { addReportCommand } from './reports/period/period-commands.ts'
import type { TailOptions } from './tail/tail-command.ts'
import { VERSION } from './version.ts'
import { addWatchdogCommand } from './watchdog/watchdog-command.ts'

const program = new Command('roomkeeper').version(VERSION).description('机房管家：机房监控 / machine-room monitoring')

program
  .command('server')
  .description('启动服务器 / start the server')
  .addHelpText('after', settingsHelp())
  .action(() => run(false))

program
  .command('demo')
  .description('启动服务器、模拟机房和本机采集 / start the server with a simulated room and this machine’s own sensors')
  .addHelpText('after', settingsHelp())
  .action(() => run(true))

program
  .command('tail')
  .description('显示服务器实时收到的 Sparkplug 消息（已解码） / show, decoded, what the running server hears')
  .option('--site <site>', '院区 / site')
  .option('--node <node>', '采集器 / agent')
  .option('--device <device>', '设备 / device')
  .option('--point <point>', '测点 / point')
  .option('--births', '列出上线消息中的每个测点 / list every point of a birth')
  .option('--rebirth', '先请采集器重新发送上线消息 / ask the agents for their births first')
  .option('--json', 'JSON')
  .action(async (options: TailOptions) => {
    const { tailCommand } = await import('./tail/tail-command.ts')
    process.exit(await tailCommand(configOrExit().dataDir, options))
  })

program
  .command('agent')
  .description('启动采集器，见 roomkeeper agent --help / start an agent')
  .allowUnknownOption()
  .helpOption(false)
  .argument('[arguments...]')
  .action((_arguments: string[], _options: unknown, command: Command) => {
    const child = spawnAgent(command.args)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
    child.once('exit', (code) => process.exit(code ?? 1))
  })

addWatchdogCommand(program)
addDoctorCommand(program)
addPackCommands(program)
addReportCommand(program)
addReadingsCommand(program)

/** Exit codes: 0 stopped as asked, 1 could not run, 2 the configuration is wrong. */
async function run(withAgent: boolean): Promise<void> {
  const config = configOrExit()
  const log = createLog(config)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected error; the process ends and must be started again by its supervisor')
    process.exit(1)
  })
  const server = await startServer({ config, log }).catch((error: unknown) => {
    console.error(explain(error, config))
    process.exit(1)
  })
  await provisionAgents(config.agentCredentials, server.credentials, log)
  const agent = withAgent ? await startDemoAgent({ config, server, log }) : undefined
  welcome(server, withAgent && config.demo)
  const stopWatchdog = startWatchdog({
    stuck: server.stuck,
    status: server.statusText,
    onStuck: (what) => log.fatal({ what }, 'part of the server does not turn any more; systemd will start it anew'),
  })
  let isStopping = false
  const stop = (): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    void stopWatchdog()
    Promise.resolve(agent?.stop())
      .then(() => server.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the server did not stop cleanly')
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function configOrExit(): ServerConfig {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`设置有误 / The configuration is wrong:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`)
    process.exit(2)
  }
}

/** Readable lines for a person at a terminal and for systemd's journal, JSON for any other log. */
function createLog(config: ServerConfig): Logger {
  const transport = process.stdout.isTTY ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}
  const options = { name: 'server', level: config.logLevel }
  if (writesToJournal()) {
    const output = pino.destination({ dest: 1, sync: true })
    return pino(options, { write: (line: string) => void output.write(`${journalLine(line)}\n`) })
  }
  return pino({ ...options, ...transport })
}

/** SQLITE_FULL, and SQLITE_IOERR, which a full disk gives too when the shared memory file cannot grow (https://sqlite.org/rescode.html). */
const DISK_CODES: ReadonlySet<number> = new Set([13, 10])

function explain(error: unknown, config: ServerConfig): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    const setting = port === config.mqttPort ? SETTINGS.mqttPort.env : SETTINGS.httpPort.env
    return `端口 ${port} 已被占用，请用 ${setting} 换一个 / Port ${port} is in use; choose another with ${setting}`
  }
  if (code === 'ENOSPC' || DISK_CODES.has(((error as { errcode?: number }).errcode ?? 0) & 0xff))
    return `磁盘已满或有故障：${message}。数据目录由 ${SETTINGS.dataDir.env} 指定 / The disk is full or failing; the data folder is set by ${SETTINGS.dataDir.env}`
  if (code === 'EACCES' || code === 'EROFS')
    return `没有权限：${message}。数据目录由 ${SETTINGS.dataDir.env} 指定 / Not permitted; the data folder is set by ${SETTINGS.dataDir.env}`
  return `无法启动 / Cannot start: ${(error as Error).stack ?? message}`
}

function welcome(server: RunningServer, isDemo: boolean): void {
  const lines = [`  机房管家 Roomkeeper ${VERSION}`, `  网页 / dashboard:  http://localhost:${server.httpPort}`]
  if (isDemo) lines.push('  模拟机房正在运行；用 ROOMKEEPER_DEMO=0 关闭 / a simulated room is running; ROOMKEEPER_DEMO=0 turns it off')
  if (server.firstAccount) {
    lines.push(`  用户名 / user:      ${server.firstAccount.username}`)
    lines.push(`  密码 / password:    ${server.firstAccount.password}   （只显示这一次 / shown this once）`)
  } else lines.push('  用首次启动时的用户名和密码登录 / sign in with the account made at the first start (user admin)')
  console.log(`\n${lines.join('\n')}\n`)
}

function settingsHelp(): string {
  const rows = Object.values(SETTINGS).map(({ env, about }) => `  ${env.padEnd(30)} ${about.zh} / ${about.en}`)
  return `\n设置（环境变量或 roomkeeper.yaml）/ Settings (environment or roomkeeper.yaml):\n${rows.join('\n')}`
}

await program.parseAsync()
