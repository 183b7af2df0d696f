import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import { spawnAgent } from './agent-program.ts'
import type { ServerConfig } from './config/settings.ts'
import type { RunningServer } from './main.ts'

/** The trial agent's place in Sparkplug's namespace; the same as in its own configuration. */
const DEMO_SITE = 'demo'
const DEMO_NODE = 'this-machine'
const RESTART_MS = 2000
/** How often it is looked whether the simulated devices are there, and for how long. */
const PLAN_EVERY_MS = 500
const PLAN_TRIES = 240

/** Starts the trial agent beside the server, as a process of its own with its own credential, and again whenever it ends. */
export async function startDemoAgent(options: {
  config: ServerConfig
  server: RunningServer
  log: Logger
}): Promise<{ stop(): Promise<void> }> {
  const { config, server, log } = options
  const password = keptPassword(join(config.dataDir, 'demo-agent-password'))
  const { username } = await server.credentials.ensure(DEMO_SITE, DEMO_NODE, password, 'system')
  const folder = resolve(config.dataDir, 'agent')
  const url = config.mqttUrl ? withoutCredential(config.mqttUrl) : `mqtt://127.0.0.1:${server.mqttPort}`
  const env = {
    ...process.env,
    // The password printed at the first start must not scroll away under the agent's own news.
    ROOMKEEPER_LOG_LEVEL: process.env.ROOMKEEPER_LOG_LEVEL ?? 'warn',
    ROOMKEEPER_AGENT_MQTT_URL: url,
    ROOMKEEPER_AGENT_MQTT_USERNAME: username,
    ROOMKEEPER_AGENT_MQTT_PASSWORD: password,
    ROOMKEEPER_AGENT_PRIMARY_HOST: config.hostId,
  }
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopping = false
  const start = (): void => {
    child = spawnAgent(['demo', '--folder', folder, ...(config.demo ? [] : ['--no-room'])], env)
    child.once('exit', (code, signal) => {
      child = undefined
      if (isStopping) return
      log.error({ module: 'demo', code, signal }, 'the trial agent ended; starting it again')
      timer = setTimeout(start, RESTART_MS)
    })
  }
  start()
  let planTimer: NodeJS.Timeout | undefined
  const drawPlan = (triesLeft: number): void => {
    planTimer = setTimeout(() => {
      server
        .drawDemoPlan({ site: DEMO_SITE, node: DEMO_NODE })
        .then((isDone) => {
          if (!isDone && !isStopping && triesLeft > 0) drawPlan(triesLeft - 1)
        })
        .catch((error: unknown) => log.warn({ module: 'demo', err: error }, "the plan of the demonstration's room could not be drawn"))
    }, PLAN_EVERY_MS)
  }
  if (config.demo) drawPlan(PLAN_TRIES)
  return {
    stop: () => {
      isStopping = true
      clearTimeout(timer)
      clearTimeout(planTimer)
      const running = child
      if (!running) return Promise.resolve()
      return new Promise((done) => {
        running.once('exit', () => done())
        running.kill('SIGTERM')
      })
    },
  }
}

function keptPassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = randomBytes(32).toString('base64url')
  writeFileSync(file, password, { mode: 0o600 })
  return password
}

function withoutCredential(address: string): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  return url.toString()
}
