import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUDGET_MS = 8000

/** `npm start` as a person types it, in a process group of its own like a terminal's. */
describe('npm start', () => {
  let dataDir: string
  let url: string
  let env: NodeJS.ProcessEnv
  let running: { process: ChildProcess; output: string; ended: Promise<number | null> } | undefined
  let password: string

  const start = (): void => {
    const child = spawn('npm', ['start'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const started = { process: child, output: '', ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) }
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        started.output += chunk.toString()
      })
    running = started
  }
  const output = (): string => running?.output ?? ''
  /** Ctrl+C: the signal goes to npm, its shell, the server and the agent alike. */
  const interrupt = async (): Promise<void> => {
    const pid = running?.process.pid
    if (pid === undefined) return
    process.kill(-pid, 'SIGINT')
    await running?.ended
    await waitFor('the whole group has ended', 30_000, async () => {
      try {
        process.kill(-pid, 0)
        return undefined
      } catch {
        return true
      }
    })
    running = undefined
  }
  const signIn = (secret: string): Promise<Response> =>
    fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: secret }),
    })
  const answers = (): Promise<true | undefined> =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => undefined,
    )

  beforeAll(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'roomkeeper-first-')), 'data')
    const httpPort = await freeTcpPort()
    url = `http://127.0.0.1:${httpPort}`
    env = {
      ...process.env,
      ROOMKEEPER_DATA_DIR: dataDir,
      ROOMKEEPER_HTTP_PORT: String(httpPort),
      ROOMKEEPER_MQTT_PORT: String(await freeTcpPort()),
    }
    delete env.ROOMKEEPER_ADMIN_PASSWORD
  })
  afterAll(async () => {
    if (running?.process.pid !== undefined) process.kill(-running.process.pid, 'SIGKILL')
    await rm(join(dataDir, '..'), { recursive: true, force: true })
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(output())
  })

  it(`prints where and how to sign in, and has a live reading within ${BUDGET_MS} ms`, async () => {
    const startedAtMs = Date.now()
    start()
    password = await waitFor('the password is printed', 40_000, async () => /password:\s+(\S+)/.exec(output())?.[1])
    expect(output()).toContain(`http://localhost:${new URL(url).port}`)
    const answer = await signIn(password)
    expect(answer.status).toBe(200)
    const cookie = answer.headers
      .getSetCookie()
      .map((entry) => entry.split(';')[0])
      .join('; ')
    const reading = await waitFor('a live reading', 40_000, async () => {
      const rooms = (await (await fetch(`${url}/api/rooms`, { headers: { cookie } })).json()) as RoomOverview[]
      return rooms.flatMap(({ leading }) => leading).find(({ timeMs, quality }) => quality === 'good' && (timeMs ?? 0) >= startedAtMs)
    })
    const tookMs = Date.now() - startedAtMs
    console.log(`npm start → first live reading at the API: ${tookMs} ms (${reading.kind} ${reading.value})`)
    expect(tookMs).toBeLessThanOrEqual(BUDGET_MS)
    expect(await (await fetch(url)).text()).toContain('<div id="root">')
  })

  it('keeps no password where others could read it', async () => {
    const files = await readdir(dataDir, { recursive: true, withFileTypes: true })
    expect((await stat(dataDir)).mode & 0o077).toBe(0)
    for (const file of files.filter((entry) => entry.isFile() && !entry.name.endsWith('-shm')))
      expect((await readFile(join(file.parentPath, file.name))).includes(password), file.name).toBe(false)
  })

  it('ends with Ctrl+C, agent included, and starts again with the same account', async () => {
    await interrupt()
    start()
    await waitFor('it answers again', 40_000, answers)
    expect((await signIn(password)).status).toBe(200)
    expect(output()).not.toMatch(/password:\s+\S+/)
    await interrupt()
    expect(await answers()).toBeUndefined()
  })
})
