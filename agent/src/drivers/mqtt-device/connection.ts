import { setTimeout as delay } from 'node:timers/promises'
import { type DeviceConnection, type DeviceDescription, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { readOwnFile, readSecret } from '../secret.ts'
import { type BrokerAddress, type BrokerSubscription, listenAt } from './broker-session.ts'
import { DeviceMemory } from './device-memory.ts'
import { createFormat } from './formats/index.ts'
import type { MqttDeviceOptions } from './options.ts'

/** Kept messages come right after the subscription; when none came for so long, there are no more. */
const SETTLE_MS = 300
/** A device that keeps sending new nonsense shall not fill memory and log. */
const MAX_NAMED_PROBLEMS = 50

/** Where the broker is, with the secrets read. Rejects with a DriverError `configuration`. */
export async function brokerAddress(
  options: Pick<MqttDeviceOptions, 'url' | 'username' | 'password' | 'passwordFile' | 'passwordEnv' | 'ca'>,
): Promise<BrokerAddress> {
  const { url, username, password: text, passwordFile: file, passwordEnv: env } = options
  const password = await readSecret('password', { text, file, env })
  const ca = options.ca === undefined ? undefined : await readOwnFile('ca', options.ca)
  return { url, ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(ca !== undefined && { ca }) }
}

/** Opens a device of a broker. Rejects with a DriverError `configuration` when a secret cannot be read; the broker is not waited for. */
export async function openMqttDevice(options: MqttDeviceOptions, context: DriverContext): Promise<DeviceConnection> {
  return new MqttDevice(options, await brokerAddress(options), context)
}

class MqttDevice implements DeviceConnection {
  /** What the device sends while nothing is known of it would be lost otherwise. */
  readonly listensWhileUnread = true
  readonly #url: string
  readonly #expected: string
  readonly #context: DriverContext
  readonly #memory: DeviceMemory
  readonly #subscription: BrokerSubscription
  readonly #namedProblems = new Set<string>()
  #lastKeptMs = 0
  #isSettled = false
  #isClosed = false

  constructor(options: MqttDeviceOptions, address: BrokerAddress, context: DriverContext) {
    const format = createFormat(options)
    this.#url = options.url
    this.#expected = format.expected
    this.#context = context
    this.#memory = new DeviceMemory(format)
    this.#subscription = listenAt(address, format.topics, {
      onMessage: (topic, payload, isRetained) => this.#hear(topic, payload, isRetained),
      onLost: () => {
        this.#memory.lost()
        this.#isSettled = false
        context.wake()
      },
    })
  }

  get isDescriptionStale(): boolean {
    return this.#memory.isDescriptionStale
  }

  /** Waits until the kept messages are in, and then for a first message as long as the time-out allows. */
  async describe(): Promise<DeviceDescription> {
    const endMs = performance.now() + this.#context.timeoutMs
    await this.#connected(this.#context.timeoutMs)
    this.#lastKeptMs = performance.now()
    for (;;) {
      const nowMs = performance.now()
      this.#isSettled ||= nowMs - this.#lastKeptMs >= SETTLE_MS
      if (this.#isSettled) this.#checkOnline()
      if ((this.#isSettled || nowMs >= endMs) && this.#memory.hasPoints) return this.#memory.describe()
      if (this.#isClosed) throw this.#closed()
      if (nowMs >= endMs) throw new DriverError('unreachable', `${this.#url}: no message yet on ${this.#expected}`)
      await delay(Math.min(50, Math.max(1, endMs - nowMs)))
    }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    await this.#connected(this.#context.timeoutMs, signal)
    this.#checkOnline()
    if (!this.#memory.hasPoints) throw new DriverError('unreachable', `${this.#url}: no message yet on ${this.#expected}`)
    const readings = this.#memory.takeFresh()
    if (this.#memory.hasFresh) this.#context.wake()
    return readings
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#subscription.release()
  }

  async #connected(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#isClosed) throw this.#closed()
    await this.#subscription.ready(timeoutMs, signal)
  }

  #checkOnline(): void {
    if (this.#memory.isOffline)
      throw new DriverError('unreachable', `${this.#url}: the device is offline, says the broker (${this.#expected})`)
  }

  #closed(): DriverError {
    return new DriverError('unreachable', `${this.#url}: the connection was closed`)
  }

  #hear(topic: string, payload: Buffer, isRetained: boolean): void {
    if (isRetained) this.#lastKeptMs = performance.now()
    const { isNews, topics, problems } = this.#memory.hear(topic, payload.toString('utf8'), isRetained)
    for (const problem of problems) this.#name(topic, problem)
    if (topics.length > 0) {
      this.#subscription.add(topics)
    }
    if (isNews) this.#context.wake()
  }

  #name(topic: string, problem: string): void {
    const said = `${topic} ${problem.split(':')[0]}`
    if (this.#namedProblems.has(said) || this.#namedProblems.size >= MAX_NAMED_PROBLEMS) return
    this.#namedProblems.add(said)
    this.#context.log.warn({ topic, problem }, 'a message of the device cannot be used; this is told once')
  }
}
