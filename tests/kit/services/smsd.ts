import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'

export const SMSD_PATH = '/usr/sbin/smsd'
const SETSID_PATH = '/usr/bin/setsid'
const SAMPLE = fileURLToPath(new URL('../../../deploy/smsd.conf', import.meta.url))

/** The daemon of smstools under deploy/smsd.conf, in folders of its own. */
export interface Smsd {
  readonly spoolPath: string
  readonly logPath: string
  log(): string
  start(): Promise<void>
  /** Kills all of its processes at once, as a power cut does. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** `device`: the modem's port. Not started yet. */
export function prepareSmsd(device: string, change: Record<string, string> = {}): Smsd {
  const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-smsd-'))
  const [spoolPath, logPath, configPath] = [join(folder, 'spool'), join(folder, 'smsd.log'), join(folder, 'smsd.conf')]
  for (const name of ['outgoing', 'checked', 'sent', 'failed', 'incoming', '../smsd_stats'])
    mkdirSync(join(spoolPath, name), { recursive: true })
  let config = readFileSync(SAMPLE, 'utf8')
    .replaceAll('/var/spool/sms', spoolPath)
    .replaceAll('/var/log/smstools', folder)
    .replaceAll('/run/smstools', folder)
  // Shorter waits than a real modem and its network need.
  for (const [key, value] of Object.entries({ delaytime: '1', errorsleeptime: '1', blocktime: '3', device, ...change })) {
    const line = new RegExp(`^${key} = .*$`, 'm')
    if (!line.test(config)) throw new Error(`deploy/smsd.conf has no line ${key}`)
    config = config.replace(line, `${key} = ${value}`)
  }
  // It asks the modem for an answer each 1 ms instead of 20.
  writeFileSync(configPath, `${config}poll_faster = 100\n`)

  let program: ChildProgram | undefined
  const log = (): string => {
    try {
      return readFileSync(logPath, 'utf8')
    } catch {
      return ''
    }
  }
  const kill = async (): Promise<void> => {
    const pid = program?.process.pid
    if (program === undefined || pid === undefined) return
    // A session of its own, so its group holds the handlers of the modems too.
    if (program.process.exitCode === null && program.process.signalCode === null) process.kill(-pid, 'SIGKILL')
    await program.stop()
    program = undefined
  }
  return {
    spoolPath,
    logPath,
    log,
    async start() {
      const before = log().length
      const user = process.getuid?.() === 0 ? ['-uroot', '-groot'] : []
      program = startChildProgram(SETSID_PATH, [SMSD_PATH, '-t', `-c${configPath}`, ...user])
      await waitFor(
        () => `smsd did not start: ${program?.output()}\n${log()}`,
        10_000,
        async () => (log().slice(before).includes('Modem handler 0 has started') ? true : undefined),
      )
    },
    kill,
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
