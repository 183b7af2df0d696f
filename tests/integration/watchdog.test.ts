import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type ChildProgram, startChildProgram, waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { missingProgram, PYTHON_PATH } from '../kit/services/require-program.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const SYSTEMD = fileURLToPath(new URL('../kit/services/notify-socket.py', import.meta.url))
/** Blocks the event loop for ever, as a bug would, when told to. */
const BLOCKABLE = "--import=data:text/javascript,process.on('SIGUSR2',()=>{for(;;);})"
const missing = missingProgram(['/usr/bin/systemd-notify', PYTHON_PATH], 'systemd python3')
/** systemd would wait so long for a sign of life; one comes every third of it. */
const WATCHDOG_MS = 900

describe.skipIf(missing)(`signs of life for systemd ${missing ?? ''}`, () => {
  let dir: string
  let systemd: ChildProgram
  let service: ChildProgram | undefined
  let env: Record<string, string>

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-watchdog-'))
    const socket = join(dir, 'notify')
    systemd = startChildProgram(PYTHON_PATH, [SYSTEMD, socket])
    await waitFor('the socket is there', 20_000, async () => (systemd.output().includes('ready') ? true : undefined))
    env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(WATCHDOG_MS * 1000), NODE_OPTIONS: BLOCKABLE }
  })
  afterEach(async () => {
    await service?.stop('SIGKILL')
    service = undefined
    await systemd.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const heard = (): string[] =>
    systemd
      .output()
      .trim()
      .split('\n')
      .slice(1)
      .filter((line) => /^(READY|WATCHDOG|STOPPING)=1/.test(line))
  const signs = (): number => heard().filter((line) => line.startsWith('WATCHDOG=1')).length
  const hears = (what: string, count: number): Promise<true> =>
    waitFor(
      () => `systemd hears ${count} × ${what}, it heard ${heard()}; the service said ${service?.output()}`,
      20_000,
      async () => (heard().filter((line) => line.startsWith(what)).length >= count ? true : undefined),
    )
  /** Signs stop, and stay stopped for longer than systemd would wait. */
  const fallsSilent = async (): Promise<void> => {
    let last = -1
    await waitFor('the signs stop', 20_000, async () => {
      const now = signs()
      if (now === last) return true
      last = now
      await delay(WATCHDOG_MS)
      return undefined
    })
    await delay(2 * WATCHDOG_MS)
    expect(signs()).toBe(last)
  }

  const startAgent = async (devices: Record<string, unknown>[]): Promise<void> => {
    const file = join(dir, 'agent.yaml')
    const mqtt = { url: `mqtt://127.0.0.1:${await freeTcpPort()}` }
    await writeFile(file, stringify({ site: 's', node: 'n', mqtt, dataDir: 'data', devices }))
    service = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', file], env)
  }

  it('the agent is ready, gives signs, also without broker and devices, and says that it stops', async () => {
    await startAgent([{ id: 'gone', driver: 'nut', host: '127.0.0.1', port: await freeTcpPort(), intervalMs: 200, timeoutMs: 200 }])
    await hears('READY=1', 1)
    await hears('WATCHDOG=1', 5)
    // Each is told by a process of its own: on a busy machine the first sign may overtake it.
    expect(heard().find((line) => line.startsWith('READY=1'))).toMatch(/^READY=1 STATUS=disconnected; 0 of 1 devices answer/)
    await service?.stop('SIGTERM')
    await hears('STOPPING=1', 1)
  })

  it('an agent whose event loop is blocked gives none', async () => {
    await startAgent([{ id: 'env', driver: 'simulator', role: 'environment', intervalMs: 200 }])
    await hears('WATCHDOG=1', 2)
    service?.process.kill('SIGUSR2')
    await fallsSilent()
  })

  it('the server is ready when it answers, gives signs, and none when its event loop is blocked', async () => {
    const [httpPort, mqttPort] = [await freeTcpPort(), await freeTcpPort()]
    service = startChildProgram(process.execPath, [SERVER_CLI, 'server'], {
      ...env,
      ROOMKEEPER_HTTP_PORT: String(httpPort),
      ROOMKEEPER_MQTT_PORT: String(mqttPort),
      ROOMKEEPER_DATA_DIR: join(dir, 'data'),
      ROOMKEEPER_ADMIN_PASSWORD: 'a-password-for-the-test',
    })
    await hears('READY=1', 1)
    expect((await fetch(`http://127.0.0.1:${httpPort}/healthz`)).status).toBe(200)
    await hears('WATCHDOG=1', 2)
    expect(heard()[1]).toContain('0 agents online')
    service.process.kill('SIGUSR2')
    await fallsSilent()
  })
})
