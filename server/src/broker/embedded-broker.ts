import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes'
import type { Logger } from 'pino'
import { type AgentIdentity, mayPublish, maySubscribe } from './agent-access.ts'
import type { Broker, RefusalKind } from './broker.ts'
import { FrameLimit } from './frame-limit.ts'
import { createInProcessConnection } from './in-process-connection.ts'
import { createRefusals } from './refusals.ts'

/** A DBIRTH of 1,000 points with all properties is about 150 kB. */
const MAX_PACKET_BYTES = 1024 * 1024
/** Before a credential was shown: a CONNECT with its will is below 1 kB. */
const MAX_FIRST_PACKET_BYTES = 16 * 1024
const MAX_CONNECTIONS = 2000
/** Sparkplug topics have at most five levels. */
const MAX_TOPIC_LEVELS = 8
const CONNECT_TIMEOUT_MS = 10_000
/** An agent that reads nothing for so long is cut, so that it cannot hold back the others' messages. */
const DRAIN_TIMEOUT_MS = 30_000

export interface EmbeddedBrokerOptions {
  host: string
  /** 0 lets the system choose; see `port` of the result. */
  port: number
  hostId: string
  /** Who comes with this username and password; undefined for a stranger. May reject when the database is away. */
  verify(username: string, password: Buffer): Promise<AgentIdentity | undefined>
  log: Logger
  clock: { nowMs(): number }
}

export interface EmbeddedBroker extends Broker {
  readonly kind: 'embedded'
  readonly port: number
}

/** A connection the broker knows the owner of, or is asking the database about. `cut` is set by a revocation that comes in between. */
interface Session {
  client: Client
  username: string
  cut: boolean
}

/**
 * The broker inside the server: Aedes on TCP, MQTT 3.1.1. Agents may do what `agent-access.ts` says and nothing else; the server's own host
 * connection does not go over TCP. Rejects when the port cannot be listened on.
 */
export async function createEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { hostId, log } = options
  const refusals = createRefusals(log, options.clock)
  const connects = new WeakMap<Client, ConnectPacket>()
  /** Outlives the session: Aedes publishes the will when the socket is gone. */
  const identities = new WeakMap<Client, AgentIdentity>()
  const sessions = new Map<Client, Session>()
  const sockets = new Set<Socket>()
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    maxTopicLevels: MAX_TOPIC_LEVELS,
  })

  const refuse = (client: Client, kind: RefusalKind, sentence: string): RefusedError => {
    refusals.add(kind, { username: sessions.get(client)?.username, address: addressOf(client) }, sentence)
    return new RefusedError(sentence)
  }

  aedes.preConnect = (client, packet, done) => {
    connects.set(client, packet)
    done(null, true)
  }

  aedes.authenticate = (client, username, password, done) => {
    const session: Session = { client, username: username ?? '', cut: false }
    sessions.set(client, session)
    const packet = connects.get(client)
    connects.delete(client)
    const decide = (identity: AgentIdentity | undefined): void => {
      const problem = identity && !session.cut && packet ? connectProblem(identity, packet) : STRANGER
      if (identity && !problem) {
        identities.set(client, identity)
        done(null, true)
      } else done(refuse(client, ...(problem ?? STRANGER)), false)
    }
    options.verify(session.username, password ?? Buffer.alloc(0)).then(decide, (error: unknown) => {
      log.error({ err: error }, 'the database could not be asked about a credential')
      const refused = refuse(client, 'database', 'credentials cannot be checked at this moment')
      refused.returnCode = 3
      done(refused, false)
    })
  }

  aedes.authorizePublish = (client, packet, done) => {
    const identity = client ? identities.get(client) : undefined
    if (client === null || identity === undefined) return done(new RefusedError('nobody known publishes'))
    if (!mayPublish(identity, packet.topic))
      return done(refuse(client, 'publish', `it may not publish to ${JSON.stringify(packet.topic.slice(0, 200))}`))
    // Retained data would show an old value as new to whoever subscribes next, and fills the memory (tck-id-payloads-ddata-retain).
    if (packet.retain) return done(refuse(client, 'retain', `retained message on ${JSON.stringify(packet.topic)}`))
    done(null)
  }

  aedes.authorizeSubscribe = (client, subscription, done) => {
    const identity = identities.get(client)
    if (identity && maySubscribe(identity, subscription.topic, hostId)) return done(null, subscription)
    refuse(client, 'subscribe', `it may not subscribe to ${JSON.stringify(subscription.topic.slice(0, 200))}`)
    done(null, null)
  }

  const onConnectionError = (client: Client, error: Error): void => {
    if (error instanceof RefusedError) return
    const network = 'code' in error || /keep alive|connection closed|drain timeout/.test(error.message)
    if (network) log.debug({ client: client.id, reason: error.message }, 'connection ended')
    else refuse(client, 'protocol', error.message)
  }
  aedes.on('clientError', onConnectionError)
  aedes.on('connectionError', onConnectionError)
  aedes.on('clientReady', (client) => {
    log.info({ username: client.id, address: addressOf(client) }, 'agent connected')
  })
  aedes.on('clientDisconnect', (client) => {
    log.info({ username: client.id }, 'agent disconnected')
  })

  const server = createServer((socket) => {
    socket.setNoDelay(true)
    const limit = new FrameLimit()
    const client = aedes.handle(
      limitedReads(socket, (chunk) => {
        const maxBytes = identities.has(client) ? MAX_PACKET_BYTES : MAX_FIRST_PACKET_BYTES
        if (limit.accepts(chunk, maxBytes)) return true
        socket.destroy(refuse(client, 'packet-size', `a packet of more than ${maxBytes} bytes`))
        return false
      }),
    )
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      sessions.delete(client)
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('drop', (dropped) => {
    refusals.add(
      'too-many-connections',
      { username: undefined, address: dropped?.remoteAddress },
      `more than ${MAX_CONNECTIONS} connections`,
    )
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address !== 'string' ? address.port : options.port

  let closing: Promise<void> | undefined
  return {
    kind: 'embedded',
    port,
    access: {
      // The database is asked at each connect: there is nothing to mirror.
      grant: async () => undefined,
      withdraw: async (username) => {
        const cut = [...sessions.values()].filter((session) => session.username === username)
        for (const session of cut) session.cut = true
        await Promise.all(cut.map((session) => new Promise<void>((resolve) => session.client.close(() => resolve()))))
      },
      reconcile: async () => ({ missing: [], withdrawn: [] }),
    },
    connectHost: () => createInProcessConnection({ aedes, hostId, log, clock: options.clock }),
    status: () => ({ ok: true, message: `embedded broker on ${options.host}:${port}, ${aedes.connectedClients} agents connected` }),
    refusals: refusals.counts,
    close: () => {
      closing ??= (async () => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        await new Promise<void>((resolve) => aedes.close(() => resolve()))
        // Connections that never said CONNECT are not among Aedes' clients.
        for (const socket of sockets) socket.destroy()
        await closed
      })()
      return closing
    },
  }
}

const STRANGER: Problem = ['credential', 'unknown username, wrong password, or revoked']
type Problem = readonly [RefusalKind, string]

/** What is wrong with a CONNECT of a known agent. */
function connectProblem(identity: AgentIdentity, packet: ConnectPacket): Problem | undefined {
  if (packet.clientId !== identity.username)
    return ['client-id', `the client id must be the username, it is ${JSON.stringify(packet.clientId.slice(0, 128))}`]
  if (!packet.clean) return ['session', 'the session must be clean (tck-id-principles-persistence-clean-session-311)']
  if (packet.will && !mayPublish(identity, packet.will.topic))
    return ['will', `its will may not go to ${JSON.stringify(packet.will.topic.slice(0, 200))}`]
  if (packet.will?.retain) return ['will', 'its will must not be retained (tck-id-payloads-ndeath-will-message-retain)']
  return undefined
}

class RefusedError extends Error implements AuthenticateError {
  /** MQTT 3.1.1, 3.2.2.3: 5 = not authorised. */
  returnCode = 5
}

/** Aedes pulls with `read`: looking at what it gets there needs no stream in between. */
function limitedReads(socket: Socket, accept: (chunk: Buffer) => boolean): Socket {
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk: unknown = read(size)
    return Buffer.isBuffer(chunk) && !accept(chunk) ? null : chunk
  }
  return socket
}

function addressOf(client: Client): string | undefined {
  return 'remoteAddress' in client.conn ? client.conn.remoteAddress : undefined
}
