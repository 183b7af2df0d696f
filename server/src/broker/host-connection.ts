import { stateTopicOf } from '@roomkeeper/shared/sparkplug'

/** `payload` may be a view into a larger buffer that the next message reuses: decode it, or copy it, before the handler returns. */
export type MessageHandler = (topic: string, payload: Uint8Array) => void

export interface PublishOptions {
  qos: 0 | 1
  retain: boolean
}

/**
 * The server's own way to the broker: everything under `spBv1.0/#` comes in, commands (NCMD, DCMD) go out. It owns the host's STATE:
 * `online` with a new timestamp at each connect, `offline` as the will and at `close` (Sparkplug B 3.0, 5.8).
 *
 * Attach handlers before `start`: retained messages and births come within the same tick as the subscription.
 * Messages are handed over one by one, in the broker's order, and synchronously: a slow handler holds back the connection, it loses nothing.
 */
export interface HostConnection {
  onMessage(handler: MessageHandler): void
  /** Subscribed and STATE published; called again after each reconnect. Messages may have been missed in between: ask for replays. */
  onConnected(handler: () => void): void
  /** `reason` is a sentence for the log and /healthz. Called once per loss, not per attempt. */
  onDisconnected(handler: (reason: string) => void): void
  readonly connected: boolean
  /** Begins to connect and returns; an unreachable broker is tried again for ever, with growing waits. */
  start(): void
  /** Rejects at once when not connected: nothing is queued here (what matters is asked for again on the next connect). */
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void>
  /** Publishes STATE offline if it can, then disconnects. Idempotent. */
  close(): Promise<void>
}

/** The host's STATE message; `timestampMs` is the same in the will and in the birth of one connection (tck-id-host-topic-phid-birth-payload). */
export function stateMessage(hostId: string, online: boolean, timestampMs: number): { topic: string; payload: Buffer } {
  return { topic: stateTopicOf(hostId), payload: Buffer.from(JSON.stringify({ online, timestamp: timestampMs })) }
}
