import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { encodePayload } from '@roomkeeper/shared/sparkplug'
import { connect as createClient, type MqttClient } from 'mqtt'
import { nodeDeath } from './payloads.ts'

export interface BrokerOptions {
  url: string
  username?: string
  password?: string
  /** PEM text. */
  ca?: string
  clientId: string
  /** Topic of the will, NDEATH. */
  deathTopic: string
  /** File that remembers bdSeq, so that the will of an earlier run does not match the births of this one. */
  bdSeqPath: string
  clock: { nowMs(): number }
}

/** One connection to the broker, from CONNECT to its end. */
export interface BrokerLink {
  client: MqttClient
  bdSeq: number
  /** Aborted when the connection is over. */
  signal: AbortSignal
}

export interface BrokerEvents {
  onConnect(link: BrokerLink): void
  onMessage(link: BrokerLink, topic: string, bytes: Buffer): void
  /** The connection ended, or could not be made; the next attempt follows after `retryMs`. */
  onEnd(reason: string, retryMs: number): void
}

const FIRST_RETRY_MS = 500
/** Short, since a machine room has few agents and every second without a connection is a second without alarms. */
const MAX_RETRY_MS = 10_000
/** A connection that held this long ends the back-off. */
const STABLE_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000
const KEEPALIVE_SECONDS = 15

/**
 * Keeps a connection to the broker. Every CONNECT gets a client of its own: the will must carry a new bdSeq, and nothing that was
 * queued in an old client may be sent by a new one.
 */
export class BrokerConnector {
  readonly #options: BrokerOptions
  readonly #events: BrokerEvents
  #bdSeq: number
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | undefined
  #isStopped = true
  #end: ((reason: string) => void) | undefined

  constructor(options: BrokerOptions, events: BrokerEvents) {
    this.#options = options
    this.#events = events
    this.#bdSeq = lastBdSeq(options.bdSeqPath)
  }

  start(): void {
    this.#isStopped = false
    this.#connect()
  }

  /** Makes no further connection; the one there is stays until `stop`. */
  stopRetrying(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  /** Ends the connection and makes no other. */
  stop(): void {
    this.stopRetrying()
    this.#end?.('stopped')
  }

  /** Ends the connection as broken and makes the next one. */
  reconnect(reason: string): void {
    this.#end?.(reason)
  }

  #connect(): void {
    const { url, username, password, ca, clientId, deathTopic, clock } = this.#options
    this.#bdSeq = (this.#bdSeq + 1) % 256
    const bdSeq = this.#bdSeq
    // Best effort: without the file a restart may repeat a bdSeq, which only matters when an old will is late.
    void writeFile(this.#options.bdSeqPath, String(bdSeq)).catch(() => {})
    const over = new AbortController()
    let connectedAtMs: number | undefined
    const client = createClient(url, {
      manualConnect: true,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // A cache of all 65,536 two-byte numbers as buffers: measured 8 MB, for nothing at the agent's rate.
      writeCache: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_SECONDS,
      clientId,
      username,
      password,
      ...(ca === undefined ? {} : { ca }),
      will: { topic: deathTopic, payload: Buffer.from(encodePayload(nodeDeath(bdSeq, clock.nowMs()))), qos: 1, retain: false },
    })
    const link: BrokerLink = { client, bdSeq, signal: over.signal }
    const end = (reason: string): void => {
      if (over.signal.aborted) return
      over.abort(new Error(reason))
      this.#end = undefined
      client.end(true)
      if (this.#isStopped) return
      const wasStable = connectedAtMs !== undefined && performance.now() - connectedAtMs > STABLE_MS
      this.#retryMs = wasStable ? FIRST_RETRY_MS : this.#retryMs
      // Jitter keeps a hospital's agents from coming back all in one moment.
      const retryMs = Math.round(this.#retryMs * (0.5 + Math.random()))
      this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
      this.#events.onEnd(reason, retryMs)
      this.#timer = setTimeout(() => this.#connect(), retryMs)
    }
    this.#end = end
    client.on('connect', () => {
      if (over.signal.aborted) return
      connectedAtMs = performance.now()
      // A scan is small: Nagle's algorithm would hold it back for up to 40 ms.
      if ('setNoDelay' in client.stream) (client.stream as Socket).setNoDelay(true)
      this.#events.onConnect(link)
    })
    client.on('message', (topic, bytes) => {
      if (!over.signal.aborted) this.#events.onMessage(link, topic, bytes)
    })
    client.on('error', (error) => end(reasonOf(error)))
    client.on('close', () => end('the connection was closed'))
    client.connect()
  }
}

/** MQTT 3.1.1 §3.2.2.3: bad user name or password, not authorized. */
const CREDENTIAL_REFUSED: readonly unknown[] = [4, 5]

function reasonOf(error: Error): string {
  const { code } = error as { code?: string | number }
  if (CREDENTIAL_REFUSED.includes(code))
    return '凭据被拒绝（已吊销，或已重新配对）：请重新配对 · credential refused (revoked, or replaced by a newer pairing): pair this agent again, see "roomkeeper agent pair --help"'
  return error.message || String(code)
}

function lastBdSeq(path: string): number {
  try {
    const value = Number(readFileSync(path, 'utf8'))
    if (Number.isInteger(value) && value >= 0 && value < 256) return value
  } catch {
    // The first start: 255 makes the first bdSeq 0.
  }
  return 255
}
