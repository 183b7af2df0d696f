import type { AgentIdentity } from './agent-access.ts'
import type { HostConnection } from './host-connection.ts'

/** The broker, embedded or outside, as the rest of the server sees it. */
export interface Broker {
  readonly kind: 'embedded' | 'outside'
  readonly access: BrokerAccess
  /** The server's own connection, not started yet. */
  connectHost(): HostConnection
  status(): BrokerStatus
  /** How often something was refused since the start, by kind. Only the embedded broker can count; an outside one writes its own log. */
  refusals(): Readonly<Partial<Record<RefusalKind, number>>>
  close(): Promise<void>
}

export interface BrokerStatus {
  /** False when agents cannot be given, or denied, access: the rest still works. */
  ok: boolean
  /** For /healthz and the log. */
  message: string
}

/** Why the broker turned something away. */
export type RefusalKind =
  | 'credential'
  | 'client-id'
  | 'will'
  | 'session'
  | 'publish'
  | 'subscribe'
  | 'retain'
  | 'packet-size'
  | 'too-many-connections'
  | 'protocol'
  | 'database'

/** Mirrors credentials into the broker. The database is the truth; this follows it. */
export interface BrokerAccess {
  /** Lets the agent in with this password, replacing whatever it had. */
  grant(identity: AgentIdentity, password: string): Promise<void>
  /** Lets it in no more, and cuts its connection. No error when it was not let in. */
  withdraw(username: string): Promise<void>
  /** Withdraws what is not in `identities`; returns those that the broker does not let in (their password is not known any more). */
  reconcile(identities: readonly AgentIdentity[]): Promise<{ missing: AgentIdentity[]; withdrawn: string[] }>
}

/** The broker would not, or could not, change who may come in. `message` is a sentence for people. */
export class BrokerAccessError extends Error {
  readonly kind: 'unmanaged' | 'unreachable' | 'refused'
  constructor(kind: BrokerAccessError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BrokerAccessError'
    this.kind = kind
  }
}
