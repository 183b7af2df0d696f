import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { decideWatch, hear, type WatchNews } from './decide-watch.ts'
import { createReceiver, type Heartbeat } from './receiver.ts'
import { Teller } from './teller.ts'
import { loadState, saveState, type WatchState } from './watch-state.ts'
import { watchWords } from './watch-words.ts'
import type { WatchdogConfig } from './watchdog-config.ts'

export interface WatchdogDeps {
  config: WatchdogConfig
  clock: { nowMs(): number }
  log: Logger
}

/** As long as a signature is taken, and a clock that is a little off. */
const SEEN_MS = 11 * 60_000
const LOOK_EVERY_MS = 1000

/** Hears the server's heartbeats, and tells people when they stop. Everything it must not forget is in the state file before it acts on it. */
export class Watchdog {
  private readonly deps: WatchdogDeps
  private readonly teller: Teller
  private readonly server: Server
  private readonly startedAtMs: number
  private state: WatchState
  private refusal = ''
  private timer: NodeJS.Timeout | undefined
  private lookedAtMs = performance.now()

  constructor(deps: WatchdogDeps) {
    this.deps = deps
    const { config, clock, log } = deps
    this.startedAtMs = clock.nowMs()
    this.state = loadState(config.stateFile, (reason) =>
      log.error({ reason, file: config.stateFile }, 'the state could not be read; begun anew'),
    )
    this.teller = new Teller({ ...deps, take: () => this.state.queue, put: (queue) => this.set({ ...this.state, queue }) })
    this.server = createReceiver({
      secret: config.secret,
      clock,
      onHeartbeat: (heartbeat) => this.heard(heartbeat),
      onRefused: (reason) => {
        if (this.refusal !== reason) log.warn({ reason }, 'a heartbeat was refused')
        this.refusal = reason
      },
      isWell: () => this.state.silent === null,
    })
  }

  /** Resolves with the port when it listens; rejects when it cannot, or when the state cannot be kept. */
  async start(): Promise<number> {
    const { host, port, stateFile } = this.deps.config
    saveState(stateFile, this.state)
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, host, resolve)
    })
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    this.look()
    return (this.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
    await this.teller.stop()
  }

  /** One line for `systemctl status`. */
  statusText(): string {
    const { lastHeartbeatMs, silent } = this.state
    return `${silent === null ? 'watching' : 'NO HEARTBEAT'}; last heartbeat ${lastHeartbeatMs === null ? 'never' : new Date(lastHeartbeatMs).toISOString()}`
  }

  /** What does not turn any more. */
  stuck(): string | undefined {
    return performance.now() - this.lookedAtMs > 30 * LOOK_EVERY_MS ? 'the look at the heartbeats' : undefined
  }

  private heard({ id, parts }: Heartbeat): boolean {
    const nowMs = this.deps.clock.nowMs()
    const seen = this.state.seen.filter(([, atMs]) => Math.abs(nowMs - atMs) < SEEN_MS)
    // A copy of one that was heard proves nothing.
    if (seen.some(([known]) => known === id)) return false
    this.refusal = ''
    this.set(hear({ ...this.state, seen: [...seen, [id, nowMs]] }, parts, nowMs))
    this.look()
    return true
  }

  private look(): void {
    const { config, clock, log } = this.deps
    const nowMs = clock.nowMs()
    this.lookedAtMs = performance.now()
    const { state, news } = decideWatch(this.state, config, this.startedAtMs, nowMs)
    for (const one of news) log.warn({ news: one }, `told: ${one.kind}`)
    if (state !== this.state) this.set({ ...state, queue: [...state.queue, ...news.flatMap((one) => this.messagesOf(one, nowMs))] })
    this.teller.run()
  }

  private messagesOf(news: WatchNews, nowMs: number): WatchState['queue'] {
    const { targets, name } = this.deps.config
    return targets.flatMap(({ addresses, language }, target) =>
      addresses.map((address) => ({
        ...watchWords(news, name, language, nowMs, this.refusal),
        id: randomUUID(),
        target,
        address,
        kind: news.kind,
        atMs: nowMs,
        attempts: 0,
        nextAttemptAtMs: nowMs,
      })),
    )
  }

  /** A state that cannot be kept must not keep it from telling people. */
  private set(state: WatchState): void {
    this.state = state
    try {
      saveState(this.deps.config.stateFile, state)
    } catch (error) {
      this.deps.log.error({ err: error, file: this.deps.config.stateFile }, 'the state could not be kept')
    }
  }
}
