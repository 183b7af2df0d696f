import { NAMESPACE } from '@roomkeeper/shared/sparkplug'
import type { Aedes, AedesPublishPacket } from 'aedes'
import type { Logger } from 'pino'
import { type HostConnection, type MessageHandler, stateMessage } from './host-connection.ts'

export interface InProcessConnectionOptions {
  aedes: Aedes
  hostId: string
  log: Logger
  clock: { nowMs(): number }
}

/** The host's connection to the broker in the same process: no socket, no framing, the same order. */
export function createInProcessConnection({ aedes, hostId, log, clock }: InProcessConnectionOptions): HostConnection {
  const connectedHandlers: (() => void)[] = []
  const disconnectedHandlers: ((reason: string) => void)[] = []
  let deliver: MessageHandler = () => undefined
  let connected = false
  let closing: Promise<void> | undefined

  const onPacket = (packet: AedesPublishPacket, done: () => void): void => {
    try {
      deliver(packet.topic, asBytes(packet.payload))
    } catch (error) {
      // One message that trips a bug must not end the broker for all agents.
      log.error({ err: error, topic: packet.topic }, 'a message could not be handled')
    }
    done()
  }
  const publish: HostConnection['publish'] = (topic, payload, { qos, retain }) => {
    if (!connected) return Promise.reject(new Error('not connected to the broker'))
    return send(topic, payload, qos, retain)
  }
  const send = (topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
      aedes.publish({ cmd: 'publish', dup: false, topic, payload: buffer, qos, retain }, (error) => (error ? reject(error) : resolve()))
    })
  const sendState = async (online: boolean): Promise<void> => {
    const { topic, payload } = stateMessage(hostId, online, clock.nowMs())
    await send(topic, payload, 1, true)
  }
  const lose = (reason: string): void => {
    if (!connected) return
    connected = false
    for (const handler of disconnectedHandlers) handler(reason)
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
    start: () => {
      aedes.once('closed', () => lose('the embedded broker was closed'))
      aedes.subscribe(`${NAMESPACE}/#`, onPacket, () => {
        connected = true
        sendState(true)
          .then(() => {
            for (const handler of connectedHandlers) handler()
          })
          .catch((error: unknown) => log.error({ err: error }, 'STATE could not be published'))
      })
    },
    publish,
    close: () => {
      closing ??= (async () => {
        if (!connected) return
        // First of all: no command may follow the farewell.
        lose('closed')
        await sendState(false)
        await new Promise<void>((resolve) => aedes.unsubscribe(`${NAMESPACE}/#`, onPacket, resolve))
      })()
      return closing
    },
  }
}

function asBytes(payload: string | Buffer): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}
