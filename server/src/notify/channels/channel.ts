import type { AlarmPriority, NoticeKind } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { z } from 'zod'

/** What one person is told through one channel, already in that person's language. */
export interface Notice {
  /** Unique and the same at every attempt: a channel that can, sends it once only (Message-ID, client message id). */
  id: string
  kind: NoticeKind
  priority: AlarmPriority
  language: 'zh' | 'en'
  /** One line, at most 60 characters. */
  title: string
  /** Plain text, lines separated by "\n". Begins with what is wrong and where. */
  text: string
  /** Of the alarm in the dashboard, when the server's address is known. */
  url?: string
  /** Six digits; whoever answers with them has acknowledged. */
  replyCode?: string
  /** When it happened, UTC ms. */
  atMs: number
  /** Only channels that carry files send them; the text says where they can be had otherwise. */
  files?: readonly NoticeFile[]
  /** For machines: webhook, syslog, trap. */
  facts: {
    alarmId: number | null
    incidentId: number | null
    room: string
    device: string
    point: string
    condition: string
    value: string
    limit: string
    state: string
  }
}

export interface NoticeFile {
  name: string
  /** MIME type. */
  type: string
  bytes: Uint8Array
}

/** Whom a channel is to reach. `address` is what its `address` schema allows; empty for channels without a person behind them. */
export interface Recipient {
  name: string
  address: string
}

export type ChannelErrorKind =
  /** No answer, too busy, rate-limited: try again. */
  | 'unreachable'
  /** It answered with a refusal that the next attempt would get too (wrong key, spam filter). */
  | 'refused'
  /** Only this address is wrong. */
  | 'recipient'
  /** The settings are wrong; a person has to mend them. */
  | 'configuration'

/** The only error a channel throws on purpose. The message is for people and never holds a secret. */
export class ChannelError extends Error {
  readonly kind: ChannelErrorKind
  readonly retryable: boolean
  /** The other side asked to wait so long, ms. */
  readonly retryAfterMs: number | undefined
  constructor(kind: ChannelErrorKind, message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(message, options)
    this.name = 'ChannelError'
    this.kind = kind
    this.retryable = kind === 'unreachable'
    this.retryAfterMs = options?.retryAfterMs
  }
}

/** Somebody answered: by SMS today. */
export interface Reply {
  /** Address it came from, as the channel writes addresses. */
  from: string
  text: string
  atMs: number
}

export interface ChannelContext {
  log: Logger
  clock: { nowMs(): number }
  /** Called for every answer that comes in; the code in it is looked up by the caller. */
  onReply(reply: Reply): void
  /**
   * Switches an output of a device through its agent, and resolves in words for people when the device has read it back. Rejects with a
   * ChannelError. Only for channels that drive a beacon or siren; undefined where there is no ingest.
   */
  switchOutput?(deviceId: number, key: string, value: boolean, signal: AbortSignal): Promise<string>
}

/** One configured channel, open. */
export interface ChannelConnection {
  /**
   * Hands the notice over. Resolves with the other side's own words ("250 2.0.0 Ok: queued as 4F1", errcode 0 …), shown to people as proof.
   * Rejects with a ChannelError. Ends when the signal aborts; a notice whose fate is then unknown is sent again under the same id.
   */
  send(notice: Notice, recipient: Recipient, signal: AbortSignal): Promise<{ answer: string }>
  close(): Promise<void>
}

/**
 * A way to tell people: one folder under `channels/`, one line in `channels/index.ts`. The form for its settings, their checks and help
 * texts come from `settings`; keys named in `secrets` are stored but never shown again.
 */
export interface Channel<Settings = unknown> {
  name: string
  title: { zh: string; en: string }
  /** What it needs and when to choose it, one sentence. */
  summary: { zh: string; en: string }
  settings: z.ZodType<Settings>
  secrets: readonly string[]
  /** How a person is addressed there; null when the channel reaches a place and not a person (robot, syslog, beacon). */
  address: { label: { zh: string; en: string }; schema: z.ZodType<string> } | null
  /** An outside watcher: it gets the server's heartbeats, and no alarm is told by it. Left out: it tells people. */
  carries?: 'heartbeat'
  /** Checks nothing over the network. */
  open(settings: Settings, context: ChannelContext): Promise<ChannelConnection>
}
