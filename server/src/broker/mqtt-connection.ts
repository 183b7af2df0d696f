import type { Socket } from 'node:net'
import { NAMESPACE, stateTopicOf } from '@roomkeeper/shared/sparkplug'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Logger } from 'pino'
import { backOffMs } from './back-off.ts'
import { type HostConnection, type MessageHandler, stateMessage } from './host-connection.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** The broker counts us as gone, and says so by the will, after 1.5 times this. */
const KEEPALIVE_S = 20
const HANDLER_ERROR_LOG_INTERVAL_MS = 60_000

export interface MqttConnectionOptions {
  /** `mqtt://user:password@host:1883`, `mqtts://…`. */
  url: string
  /** PEM of the authority that signed the broker's certificate. */
  ca?: string | undefined
  hostId: string
  log: Logger
  clock: { nowMs(): number }
  /** Runs before each attempt, e.g. to see that the broker lets the host in; a rejection counts as a failed attempt. */
  prepare?(): Promise<void>
  /** 0 ≤ x < 1, for the jitter of the waits. */
  random?(): number
}

/**
 * The host's connection to an outside broker. Each attempt is a new mqtt.js client: the will must carry the timestamp of its own connection,
 * handlers are attached before it connects, and nothing of a lost session (queues, acknowledgements) can leak into the next.
 */
export function createMqttConnection(options: MqttConnectionOptions): HostConnection {
  const { hostId, log, clock } = options
  const connectedHandlers: (() => void)[] = []
  const disconnectedHandlers: ((reason: string) => void)[] = []
  let deliver: MessageHandler = () => undefined
  let client: MqttClient | undefined
  let connected = false
  let closing: Promise<void> | undefined
  let failedAttempts = 0
  let retryTimer: NodeJS.Timeout | undefined
  let stateTimestampMs = 0
  let handlerErrorLoggedAtMs = Number.NEGATIVE_INFINITY

  const attempt = async (): Promise<void> => {
    await options.prepare?.()
    if (closing) return
    // Never the timestamp of an earlier connection, even if the clock was set back: agents ignore older ones.
    stateTimestampMs = Math.max(clock.nowMs(), stateTimestampMs + 1)
    const current = mqtt.connect(options.url, {
      ...clientOptions(hostId, stateTimestampMs),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
    client = current
    let reason = 'the broker closed the connection'
    current.on('error', (error) => {
      reason = error.message
    })
    current.on('close', () => {
      if (client !== current) return
      client = undefined
      current.end(true)
      lose(reason)
      retry(reason)
    })
    // Not the `message` event, which acknowledges before its listeners are done. Measured with 2 kB payloads: 100,000 messages/s from Mosquitto 2.0.
    current.handleMessage = (packet, done) => {
      receive(current, packet.topic, packet.payload)
      done()
    }
    current.once('connect', () => {
      noDelay(current)
      subscribe(current)
        .then(() => publishState(current, true))
        .then(() => {
          if (client !== current) return
          failedAttempts = 0
          connected = true
          for (const handler of connectedHandlers) handler()
        })
        .catch((error: Error) => {
          reason = error.message
          current.end(true)
        })
    })
    current.connect()
  }

  const receive = (current: MqttClient, topic: string, payload: Uint8Array | string): void => {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    // The will of our own previous connection may come after our birth: the host says again that it is here (tck-id-host-topic-phid-required).
    if (topic === stateTopicOf(hostId) && connected && !closing && saysOffline(bytes)) publishState(current, true).catch(() => undefined)
    try {
      deliver(topic, bytes)
    } catch (error) {
      // One message that trips a bug must not end the server, nor fill its disk.
      if (clock.nowMs() - handlerErrorLoggedAtMs < HANDLER_ERROR_LOG_INTERVAL_MS) return
      handlerErrorLoggedAtMs = clock.nowMs()
      log.error({ err: error, topic }, 'a message could not be handled')
    }
  }
  const publishState = async (current: MqttClient, online: boolean): Promise<void> => {
    const { topic, payload } = stateMessage(hostId, online, stateTimestampMs)
    await current.publishAsync(topic, payload, { qos: 1, retain: true })
  }
  const lose = (reason: string): void => {
    if (!connected) return
    connected = false
    for (const handler of disconnectedHandlers) handler(reason)
  }
  const retry = (reason: string): void => {
    if (closing) return
    const waitMs = backOffMs(failedAttempts, options.random ?? Math.random)
    failedAttempts += 1
    log.warn({ reason, waitMs }, 'no connection to the broker')
    retryTimer = setTimeout(tryOnce, waitMs)
  }
  const tryOnce = (): void => {
    attempt().catch((error: unknown) => retry(error instanceof Error ? error.message : String(error)))
  }

  return {
    onMessage: (handler) => {
      deliver = handler
    },
    onConnected: (handler) => connectedHandlers.push(handler),
    onDisconnected: (handler) => disconnectedHandlers.push(handler),
    get connected() {
      return connected
    },
    start: tryOnce,
    publish: async (topic, payload, { qos, retain }) => {
      if (!client || !connected) throw new Error('not connected to the broker')
      const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
      await client.publishAsync(topic, buffer, { qos, retain })
    },
    close: () => {
      closing ??= (async () => {
        clearTimeout(retryTimer)
        const last = client
        if (!last) return
        const wasConnected = connected
        // First of all: no command may follow the farewell.
        lose('closed')
        if (wasConnected) await Promise.race([publishState(last, false).catch(() => undefined), sleep(2000)])
        client = undefined
        await last.endAsync(!last.connected)
      })()
      return closing
    },
  }
}

function clientOptions(hostId: string, stateTimestampMs: number): IClientOptions {
  const will = stateMessage(hostId, false, stateTimestampMs)
  return {
    manualConnect: true,
    protocolVersion: 4,
    clean: true,
    clientId: `roomkeeper-host-${hostId}-${stateTimestampMs.toString(36)}`,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { ...will, qos: 1, retain: true },
  }
}

async function subscribe(client: MqttClient): Promise<void> {
  const granted = await client.subscribeAsync(`${NAMESPACE}/#`, { qos: 1 })
  // 128 is MQTT 3.1.1's "failure".
  if (granted.some((grant) => (grant.qos as number) === 128))
    throw new Error(`the broker does not let this credential subscribe to ${NAMESPACE}/#`)
}

function saysOffline(payload: Uint8Array): boolean {
  try {
    return (JSON.parse(Buffer.from(payload).toString()) as { online?: unknown }).online === false
  } catch {
    return false
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

/** Commands are small and wait for nothing: without this Nagle's algorithm holds them back for up to 40 ms. */
function noDelay(client: MqttClient): void {
  if ('setNoDelay' in client.stream) (client.stream as Socket).setNoDelay(true)
}
