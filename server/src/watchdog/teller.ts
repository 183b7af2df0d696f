import type { Logger } from 'pino'
import { backOffMs } from '../notify/back-off.ts'
import type { ChannelConnection, Notice } from '../notify/channels/channel.ts'
import { NO_FACTS } from '../notify/summaries.ts'
import type { QueuedMessage } from './watch-state.ts'
import type { WatchdogConfig } from './watchdog-config.ts'

export interface TellerDeps {
  config: Pick<WatchdogConfig, 'targets'>
  clock: { nowMs(): number }
  log: Logger
  /** The messages that wait. */
  take(): readonly QueuedMessage[]
  /** What waits now; kept before this returns. */
  put(queue: QueuedMessage[]): void
}

const ATTEMPT_MS = 30_000
/** Later than this the news is no news. */
const GIVE_UP_MS = 24 * 3_600_000

const AS: Record<QueuedMessage['kind'], Pick<Notice, 'kind' | 'priority'>> = {
  silent: { kind: 'system', priority: 'critical' },
  ill: { kind: 'system', priority: 'high' },
  back: { kind: 'system', priority: 'low' },
  well: { kind: 'system', priority: 'low' },
  weekly: { kind: 'system', priority: 'low' },
}

/** Sends the messages that wait, one at a time by each way, again and again until they are taken. */
export class Teller {
  private readonly deps: TellerDeps
  private readonly connections = new Map<number, Promise<ChannelConnection>>()
  private readonly underWay = new Map<number, Promise<void>>()
  private readonly stopping = new AbortController()

  constructor(deps: TellerDeps) {
    this.deps = deps
  }

  /** Begins what is due. */
  run(): void {
    const nowMs = this.deps.clock.nowMs()
    for (const message of this.deps.take()) {
      if (this.stopping.signal.aborted || this.underWay.has(message.target) || message.nextAttemptAtMs > nowMs) continue
      const sending = this.send(message).finally(() => {
        this.underWay.delete(message.target)
        this.run()
      })
      this.underWay.set(message.target, sending)
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await Promise.all(this.underWay.values())
    for (const connection of this.connections.values()) await connection.then((one) => one.close()).catch(() => undefined)
  }

  /** Never rejects. */
  private async send(message: QueuedMessage): Promise<void> {
    const { clock, log } = this.deps
    const { id, target, address, title, text, atMs, attempts } = message
    const without = (): QueuedMessage[] => this.deps.take().filter((one) => one.id !== id)
    const way = this.deps.config.targets[target]
    if (!way || clock.nowMs() - atMs > GIVE_UP_MS) {
      log.error({ title, address }, 'a message was given up')
      this.deps.put(without())
      return
    }
    const { language, channel } = way
    const notice: Notice = { ...AS[message.kind], id, language, title, text, atMs, facts: NO_FACTS }
    try {
      const connection = await this.connected(target)
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ATTEMPT_MS)])
      const { answer } = await connection.send(notice, { name: '', address }, signal)
      log.info({ channel: channel.name, address, answer, title }, 'told')
      this.deps.put(without())
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ channel: channel.name, address, reason, title }, 'a message was not taken; tried again')
      // Also what was refused: settings may be mended meanwhile, and nobody else would tell.
      const nextAttemptAtMs = clock.nowMs() + backOffMs(attempts + 1, Math.random())
      this.deps.put(this.deps.take().map((one) => (one.id === id ? { ...one, attempts: attempts + 1, nextAttemptAtMs } : one)))
    }
  }

  private connected(target: number): Promise<ChannelConnection> {
    const { config, clock, log } = this.deps
    const way = config.targets[target]
    if (!way) return Promise.reject(new Error(`no way to tell people number ${target}`))
    const known = this.connections.get(target)
    if (known) return known
    const opened = way.channel.open(way.settings, { log, clock, onReply: () => undefined })
    this.connections.set(target, opened)
    opened.catch(() => this.connections.delete(target))
    return opened
  }
}
