import { connect as createClient, type MqttClient } from 'mqtt'
import { DriverError } from '../driver.ts'
import { matchesTopic } from './topic-filter.ts'

export interface BrokerAddress {
  url: string
  username?: string
  password?: string
  /** PEM text. */
  ca?: string
}

export interface SubscriptionListener {
  /** `isRetained`: the broker had kept the message; how old it is, is not known. */
  onMessage(topic: string, payload: Buffer, isRetained: boolean): void
  /** The connection was lost: messages may be missing from now on. */
  onLost(): void
}

const CONNECT_TIMEOUT_MS = 10_000
const KEEPALIVE_SECONDS = 15
const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 30_000
/** No sensor sends so much; a picture on a wrong topic may. */
const MAX_PAYLOAD_BYTES = 1_048_576
/** SUBACK: failure (MQTT 3.1.1, 3.9.3). */
const REFUSED = 128

/** What one device listens to on a connection that it may share with others. */
export class BrokerSubscription {
  readonly filters: Set<string>
  readonly listener: SubscriptionListener
  readonly #session: BrokerSession
  readonly #waiting = new Set<(error?: DriverError) => void>()
  #isReady = false

  constructor(session: BrokerSession, filters: readonly string[], listener: SubscriptionListener) {
    this.#session = session
    this.filters = new Set(filters)
    this.listener = listener
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /**
   * Resolves when the broker has acknowledged the subscription, connecting now if need be. Rejects with a DriverError `unreachable` or
   * `denied`, after `timeoutMs` at the latest.
   */
  ready(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(cancelled(this.#session.url, signal))
    if (this.#isReady) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle = (error?: DriverError): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting.delete(settle)
        if (error === undefined) resolve()
        else reject(error)
      }
      const onAbort = (): void => settle(cancelled(this.#session.url, signal))
      const timer = setTimeout(
        () => settle(new DriverError('unreachable', `${this.#session.url}: no answer within ${timeoutMs} ms`)),
        timeoutMs,
      )
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(settle)
      this.#session.connectNow()
    })
  }

  /** Listens to more. */
  add(filters: readonly string[]): void {
    const added = filters.filter((filter) => !this.filters.has(filter))
    for (const filter of added) this.filters.add(filter)
    if (added.length > 0) this.#session.subscribe(this, added)
  }

  release(): void {
    this.settle(new DriverError('unreachable', `${this.#session.url}: the connection was closed`))
    this.#session.release(this)
  }

  /** For the session: acknowledged, or not. */
  settle(error?: DriverError): void {
    this.#isReady = error === undefined
    for (const settle of [...this.#waiting]) settle(error)
  }
}

function cancelled(url: string, signal?: AbortSignal): DriverError {
  return new DriverError('unreachable', `${url}: the read was cancelled`, { cause: signal?.reason })
}

/** One connection to a broker for all devices with the same credentials. It connects again by itself as long as someone listens. */
class BrokerSession {
  readonly url: string
  readonly #address: BrokerAddress
  readonly #onUnused: () => void
  readonly #subscriptions = new Set<BrokerSubscription>()
  #client: MqttClient | undefined
  #isConnected = false
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | undefined

  constructor(address: BrokerAddress, onUnused: () => void) {
    this.url = address.url
    this.#address = address
    this.#onUnused = onUnused
  }

  listen(filters: readonly string[], listener: SubscriptionListener): BrokerSubscription {
    const subscription = new BrokerSubscription(this, filters, listener)
    this.#subscriptions.add(subscription)
    if (this.#isConnected) this.subscribe(subscription, [...subscription.filters])
    else this.connectNow()
    return subscription
  }

  release(subscription: BrokerSubscription): void {
    if (!this.#subscriptions.delete(subscription)) return
    if (this.#subscriptions.size === 0) {
      clearTimeout(this.#timer)
      const client = this.#client
      this.#client = undefined
      this.#isConnected = false
      client?.end(true)
      this.#onUnused()
      return
    }
    const others = new Set([...this.#subscriptions].flatMap(({ filters }) => [...filters]))
    const unused = [...subscription.filters].filter((filter) => !others.has(filter))
    if (this.#isConnected && unused.length > 0) this.#client?.unsubscribe(unused, () => {})
  }

  connectNow(): void {
    if (this.#client !== undefined || this.#subscriptions.size === 0) return
    clearTimeout(this.#timer)
    const client = createClient(this.url, {
      ...this.#address,
      manualConnect: true,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_SECONDS,
    })
    this.#client = client
    client.on('connect', () => {
      if (this.#client !== client) return
      this.#isConnected = true
      this.#retryMs = FIRST_RETRY_MS
      for (const subscription of this.#subscriptions) this.subscribe(subscription, [...subscription.filters])
    })
    client.on('message', (topic, payload, { retain }) => {
      if (this.#client !== client || payload.length > MAX_PAYLOAD_BYTES) return
      for (const { filters, listener } of [...this.#subscriptions]) {
        if ([...filters].some((filter) => matchesTopic(filter, topic))) listener.onMessage(topic, payload, retain)
      }
    })
    client.on('error', (error: Error & { code?: string | number }) => this.#end(client, errorOf(this.url, error)))
    client.on('close', () => this.#end(client, new DriverError('unreachable', `${this.url}: the connection was closed`)))
    client.connect()
  }

  /** Retained messages of these filters come again, also when another device listens to them already (MQTT 3.1.1, 3.8.4). */
  subscribe(subscription: BrokerSubscription, filters: readonly string[]): void {
    const client = this.#client
    if (!this.#isConnected || client === undefined) return
    client.subscribe([...filters], { qos: 1 }, (error: (Error & { packet?: { granted?: readonly unknown[] } }) | null) => {
      if (this.#client !== client || !this.#subscriptions.has(subscription)) return
      if (!error) return subscription.settle()
      const refused = filters.filter((_, index) => Number(error.packet?.granted?.[index]) >= REFUSED)
      const isDenied = refused.length > 0
      const message = isDenied ? `the broker refuses ${refused.join(', ')} to this user` : error.message
      subscription.settle(new DriverError(isDenied ? 'denied' : 'unreachable', `${this.url}: ${message}`, { cause: error }))
    })
  }

  #end(client: MqttClient, error: DriverError): void {
    if (this.#client !== client) return
    this.#client = undefined
    const wasConnected = this.#isConnected
    this.#isConnected = false
    client.end(true)
    for (const subscription of [...this.#subscriptions]) {
      subscription.settle(error)
      if (wasConnected) subscription.listener.onLost()
    }
    // Jitter keeps many agents from coming back all in one moment.
    this.#timer = setTimeout(() => this.connectNow(), this.#retryMs * (0.5 + Math.random()))
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }
}

/** CONNACK 4: bad user name or password, 5: not authorized (MQTT 3.1.1, table 3.1). */
function errorOf(url: string, error: Error & { code?: string | number }): DriverError {
  const isDenied = error.code === 4 || error.code === 5
  return new DriverError(isDenied ? 'denied' : 'unreachable', `${url}: ${error.message || String(error.code)}`, { cause: error })
}

const sessions = new Map<string, BrokerSession>()

/** Listens to topics of a broker, over a connection that all devices with the same credentials share. */
export function listenAt(address: BrokerAddress, filters: readonly string[], listener: SubscriptionListener): BrokerSubscription {
  const key = JSON.stringify([address.url, address.username, address.password, address.ca])
  const session = sessions.get(key) ?? new BrokerSession(address, () => sessions.delete(key))
  sessions.set(key, session)
  return session.listen(filters, listener)
}

/** How many connections there are, for tests. */
export function openSessions(): number {
  return sessions.size
}
