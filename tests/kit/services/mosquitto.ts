import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'

const MOSQUITTO_PATH = '/usr/sbin/mosquitto'
const MOSQUITTO_CTRL_PATH = '/usr/bin/mosquitto_ctrl'
/** What `missingProgram` must find before `startMosquitto` is called; Debian's package is `mosquitto`. */
export const MOSQUITTO_PROGRAMS: readonly string[] = [MOSQUITTO_PATH, MOSQUITTO_CTRL_PATH]

export interface MosquittoOptions {
  /** With the plugin nobody comes in without a credential; without it everybody may do everything. True by default. */
  dynamicSecurity?: boolean
  /** Further lines of mosquitto.conf. */
  config?: readonly string[]
}

/** A real mosquitto on 127.0.0.1 with its own files. */
export interface Mosquitto {
  readonly port: number
  /** `mqtt://127.0.0.1:port`. */
  readonly url: string
  /** The same with the credential of the plugin's administrator. */
  readonly adminUrl: string
  readonly dir: string
  pid(): number | undefined
  output(): string
  /** Freezes it (SIGSTOP): connections stay open and nothing is answered. */
  pause(): void
  /** Ends the process and keeps its files. SIGKILL for a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and files. */
  start(): Promise<void>
  dispose(): Promise<void>
}

/** Starts mosquitto on a free port; resolves when it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const dynamicSecurity = options.dynamicSecurity ?? true
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-mosquitto-'))
  const port = await freeTcpPort()
  const password = randomBytes(16).toString('hex')
  const configPath = join(dir, 'mosquitto.conf')
  const securityFile = join(dir, 'dynamic-security.json')
  if (dynamicSecurity) execFileSync(MOSQUITTO_CTRL_PATH, ['dynsec', 'init', securityFile, 'admin', password], { stdio: 'ignore' })
  const lines = [
    `listener ${port} 127.0.0.1`,
    `allow_anonymous ${!dynamicSecurity}`,
    ...(dynamicSecurity ? [`plugin ${pluginPath()}`, `plugin_opt_config_file ${securityFile}`] : []),
    // It would give up root for an unprivileged user; the files here belong to the caller.
    `user ${userInfo().username}`,
    'log_dest stderr',
    // As in deploy/mosquitto.conf.
    'max_queued_messages 20000',
    'max_queued_bytes 67108864',
    'set_tcp_nodelay true',
    ...(options.config ?? []),
    '',
  ]
  await writeFile(configPath, lines.join('\n'))

  let program: ChildProgram | undefined
  const start = async (): Promise<void> => {
    const started = startChildProgram(MOSQUITTO_PATH, ['-c', configPath])
    program = started
    await waitFor(`mosquitto listens on ${port} (${started.output()})`, 30_000, async () => {
      if (started.process.exitCode !== null) throw new Error(`mosquitto ended: ${started.output()}`)
      return (await listens(port)) ? true : undefined
    })
  }
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    await program?.stop(signal)
    program = undefined
  }
  const dispose = async (): Promise<void> => {
    await stop()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    adminUrl: `mqtt://admin:${password}@127.0.0.1:${port}`,
    dir,
    pid: () => program?.process.pid,
    output: () => program?.output() ?? '',
    pause: () => {
      program?.process.kill('SIGSTOP')
    },
    stop,
    start,
    dispose,
  }
}

function pluginPath(): string {
  const [path] = globSync('/usr/lib/*/mosquitto_dynamic_security.so')
  if (path === undefined) throw new Error('mosquitto_dynamic_security.so is not installed (Debian: apt-get install mosquitto)')
  return path
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
