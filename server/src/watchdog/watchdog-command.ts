import { journalLine, startWatchdog, writesToJournal } from '@roomkeeper/shared/systemd'
import type { Command } from 'commander'
import pino, { type Logger } from 'pino'
import { ConfigError } from '../config/load-config.ts'
import { WATCHDOG_SAMPLE } from './sample.ts'
import { Watchdog } from './watchdog.ts'
import { loadWatchdogConfig, type WatchdogConfig } from './watchdog-config.ts'

interface WatchdogOptions {
  config: string
  init?: true
}

/** `roomkeeper watchdog`. Exit codes: 0 stopped as asked, 1 could not run, 2 the configuration is wrong. */
export function addWatchdogCommand(program: Command): void {
  program
    .command('watchdog')
    .description(
      '外部看门狗：在另一台机器上接收服务器的心跳，中断时通知人员 / on another machine: hears the server’s heartbeats and tells people when they stop',
    )
    .option('--config <file>', '设置文件 / settings', 'watchdog.yaml')
    .option('--init', '打印一份带说明的设置文件 / print a settings file with comments')
    .addHelpText(
      'after',
      '\n先运行 / first: roomkeeper watchdog --init > watchdog.yaml && chmod 600 watchdog.yaml\n说明 / more: docs/recipes/watch-from-outside.md',
    )
    .action(async ({ config, init }: WatchdogOptions) => {
      if (init) process.stdout.write(WATCHDOG_SAMPLE)
      else await run(configOrExit(config))
    })
}

async function run(config: WatchdogConfig): Promise<void> {
  const log = createLog()
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected error; the process ends and must be started again by its supervisor')
    process.exit(1)
  })
  const watchdog = new Watchdog({ config, clock: { nowMs: () => Date.now() }, log })
  const port = await watchdog.start().catch((error: unknown) => {
    console.error(explain(error, config))
    process.exit(1)
  })
  log.info({ port, silentAfterMinutes: config.silentAfterMinutes }, 'the watchdog is ready')
  const stopSigns = startWatchdog({
    stuck: () => watchdog.stuck(),
    status: () => watchdog.statusText(),
    onStuck: (what) => log.fatal({ what }, 'part of the watchdog does not turn any more; systemd will start it anew'),
  })
  const stop = (): void => {
    void stopSigns()
    watchdog.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the watchdog did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function configOrExit(file: string): WatchdogConfig {
  try {
    return loadWatchdogConfig(file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`设置有误 / The configuration is wrong:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`)
    process.exit(2)
  }
}

function explain(error: unknown, { port, stateFile }: WatchdogConfig): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `端口 ${port} 已被占用，请改 port / Port ${port} is in use; change port`
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOENT' || code === 'ENOSPC')
    return `无法写入状态文件 ${stateFile}：${message}，请改 stateFile / The state file cannot be written; change stateFile`
  return `无法启动 / Cannot start: ${message}`
}

/** Readable for systemd's journal, JSON for any other log. */
function createLog(): Logger {
  if (!writesToJournal()) return pino({ name: 'watchdog' })
  const output = pino.destination({ dest: 1, sync: true })
  return pino({ name: 'watchdog' }, { write: (line: string) => void output.write(`${journalLine(line)}\n`) })
}
