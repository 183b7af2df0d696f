import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeTcpPort } from './free-port.ts'

/** Debian's package `influxdb` (1.6.7). */
export const INFLUXD_PATH = '/usr/bin/influxd'

/** Why influxd cannot be used here, or undefined when it can. With `CI=true` the caller must fail instead of skip. */
export function influxdMissing(): string | undefined {
  return existsSync(INFLUXD_PATH) ? undefined : `${INFLUXD_PATH} is not installed (Debian: apt-get install influxdb)`
}

/** A real influxd, with its own files and ports. */
export interface Influxd {
  readonly url: string
  readonly port: number
  readonly dir: string
  pid(): number | undefined
  /** Stops the process (SIGTERM by default) and keeps its files. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and files. */
  start(): Promise<void>
  /** Stops it and deletes its files. */
  dispose(): Promise<void>
}

export interface InfluxdOptions {
  /** Sections of influxd.conf to add keys to, e.g. `{ data: { 'max-values-per-tag': 10 } }`. */
  config?: Record<string, Record<string, string | number | boolean>>
  /** Parent of the data directory; the system's temporary directory by default. */
  parentDir?: string
  /** A folder that may hold files of an earlier run and is kept by `dispose`; instead of a temporary one. */
  keptDir?: string
  startTimeoutMs?: number
}

/** Starts a real influxd on free ports with its files under a temporary directory; resolves when `/ping` answers. */
export async function startInfluxd(options: InfluxdOptions = {}): Promise<Influxd> {
  const dir = options.keptDir ?? (await mkdtemp(join(options.parentDir ?? tmpdir(), 'roomkeeper-influxd-')))
  await mkdir(dir, { recursive: true })
  const [port, rpcPort] = [await freeTcpPort(), await freeTcpPort()]
  const url = `http://127.0.0.1:${port}`
  const configPath = join(dir, 'influxd.conf')
  await writeFile(configPath, configText(dir, port, rpcPort, options.config ?? {}))
  let child: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const started = spawn(INFLUXD_PATH, ['-config', configPath], { stdio: ['ignore', 'ignore', 'pipe'] })
    child = started
    let log = ''
    started.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000)
    })
    const deadline = Date.now() + (options.startTimeoutMs ?? 20_000)
    while (Date.now() < deadline) {
      if (started.exitCode !== null) throw new Error(`influxd ended with ${started.exitCode}: ${log}`)
      const answer = await fetch(`${url}/ping`).catch(() => undefined)
      if (answer?.status === 204) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    started.kill('SIGKILL')
    throw new Error(`influxd did not answer ${url}/ping: ${log}`)
  }

  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()))
    running.kill(signal)
    const killer = setTimeout(() => running.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(killer)
  }

  await start()
  return {
    url,
    port,
    dir,
    pid: () => child?.pid,
    stop,
    start,
    dispose: async () => {
      await stop()
      if (options.keptDir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}

/** CPU seconds (user + system) a process has used so far, from /proc. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Fields 14 and 15 of proc(5), counted from the state field; clock ticks are 100 per second on Linux.
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function configText(dir: string, port: number, rpcPort: number, extra: NonNullable<InfluxdOptions['config']>): string {
  const sections: Record<string, Record<string, string | number | boolean>> = {
    '': { 'reporting-disabled': true, 'bind-address': `127.0.0.1:${rpcPort}` },
    meta: { dir: join(dir, 'meta') },
    data: { dir: join(dir, 'data'), 'wal-dir': join(dir, 'wal'), 'query-log-enabled': false },
    monitor: { 'store-enabled': false },
    http: { 'bind-address': `127.0.0.1:${port}`, 'log-enabled': false },
    logging: { level: 'warn' },
  }
  for (const [name, keys] of Object.entries(extra)) sections[name] = { ...sections[name], ...keys }
  return Object.entries(sections)
    .map(([name, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
      return [...(name === '' ? [] : [`[${name}]`]), ...lines, ''].join('\n')
    })
    .join('\n')
}
