import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'

const SERVER_CLI = fileURLToPath(new URL('../../../server/src/cli.ts', import.meta.url))
export const ADMIN_PASSWORD = 'test-admin-password'
/** It takes two seconds when nothing else runs, and a minute where several tests start theirs on two cores that are busy with much else. */
const START_WITHIN_MS = 90_000

export interface ServerProcessOptions {
  /** Further environment, e.g. ROOMKEEPER_MQTT_URL. */
  env?: Readonly<Record<string, string>>
  /** `demo` brings the trial agent along. */
  command?: 'server' | 'demo'
  /** Kept over restarts; a temporary folder by default. */
  dataDir?: string
  /** All output is appended there too. */
  logFile?: string
  /** How long a start may take; 90 s by default. */
  startWithinMs?: number
}

/** The real server as a process of its own, on free ports. */
export interface ServerProcess {
  readonly url: string
  readonly httpPort: number
  readonly mqttPort: number
  readonly dataDir: string
  pid(): number | undefined
  output(): string
  start(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
  /** A session cookie of the account admin. */
  signIn(): Promise<string>
  /** GET with the session of admin; JSON. */
  get<Answer>(path: string): Promise<Answer>
  /** Any method with a JSON body, with the session of admin. Rejects when the answer is no success. */
  send<Answer>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown): Promise<Answer>
  dispose(): Promise<void>
}

/** Starts the server and waits until it answers. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'roomkeeper-server-')))
  const [httpPort, mqttPort] = [await freeTcpPort(), await freeTcpPort()]
  const url = `http://127.0.0.1:${httpPort}`
  const env = {
    ROOMKEEPER_HTTP_HOST: '127.0.0.1',
    ROOMKEEPER_HTTP_PORT: String(httpPort),
    ROOMKEEPER_MQTT_HOST: '127.0.0.1',
    ROOMKEEPER_MQTT_PORT: String(mqttPort),
    ROOMKEEPER_DATA_DIR: dataDir,
    ROOMKEEPER_ADMIN_PASSWORD: ADMIN_PASSWORD,
    ...options.env,
  }
  let child: ChildProgram | undefined
  let output = ''
  let cookie: string | undefined

  const start = async (): Promise<void> => {
    const started = startChildProgram(
      process.execPath,
      ['--max-semi-space-size=8', SERVER_CLI, options.command ?? 'server'],
      env,
      options.logFile,
    )
    child = started
    await waitFor('the server answers', options.startWithinMs ?? START_WITHIN_MS, async () => {
      if (started.process.exitCode !== null || started.process.signalCode !== null)
        throw new Error(`the server ended:\n${started.output()}`)
      return fetch(`${url}/healthz`).then(
        () => true,
        () => undefined,
      )
    }).catch(async (error: unknown) => {
      // Nobody else can end it.
      await started.stop('SIGKILL')
      throw error
    })
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    await child?.stop(signal)
    output += child?.output() ?? ''
    child = undefined
  }
  const signIn = async (): Promise<string> => {
    if (cookie) return cookie
    const body = JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD })
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
    cookie = answer.headers
      .getSetCookie()
      .map((entry) => entry.split(';')[0])
      .join('; ')
    return cookie
  }
  const request = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers = { cookie: await signIn(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const answer = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const server: ServerProcess = {
    url,
    httpPort,
    mqttPort,
    dataDir,
    pid: () => child?.process.pid,
    output: () => output + (child?.output() ?? ''),
    start,
    stop,
    signIn,
    get: (path) => request('GET', path),
    send: (method, path, body) => request(method, path, body),
    dispose: async () => {
      await stop()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
  await start()
  return server
}
