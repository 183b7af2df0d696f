import { chmod, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { METRIC } from '@roomkeeper/shared/sparkplug'
import type { Logger } from 'pino'
import type { HostConnection, MessageHandler } from '../broker/host-connection.ts'
import type { NodeSession } from '../ingest/node-session.ts'
import { type KnownPoint, readLines, type TailLine, tailRequestSchema, tailSocketPath } from './tail-protocol.ts'

/** A reader that is so far behind misses messages; the server keeps nothing more for it. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
const MAX_READERS = 10
const MAX_REQUEST_LENGTH = 1000

export interface TailSocketOptions {
  dataDir: string
  log: Logger
  clock: { nowMs(): number }
  sessions(): Iterable<NodeSession>
  rebirth(session: NodeSession): void
}

/** What the server hears, for `roomkeeper tail`. */
export interface TailSocket {
  /** The same connection, whose messages are shown to the readers too, after they were handled. */
  tap(connection: HostConnection): HostConnection
  /** Begins to listen; where that cannot be, the server works on without it, and says so. */
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * A Unix socket in the data folder, mode 0600. It needs no password and no further right at the broker: who may open it may read the
 * databases beside it too. It only shows, and can ask agents for their births.
 */
export function createTailSocket({ dataDir, log, clock, sessions, rebirth }: TailSocketOptions): TailSocket {
  const readers = new Map<Socket, { leftOut: number }>()
  const path = tailSocketPath(dataDir)
  const server = createServer((socket) => {
    readers.set(socket, { leftOut: 0 })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => readers.delete(socket))
    send(socket, { points: [...sessions()].flatMap(knownPoints) })
    readLines(socket, MAX_REQUEST_LENGTH, (line) => {
      const request = tailRequestSchema.safeParse(parseJson(line))
      if (!request.success) return
      const { site, node } = request.data.rebirth
      for (const session of sessions())
        if ((site ?? session.entry.site) === session.entry.site && (node ?? session.entry.node) === session.entry.node) rebirth(session)
    })
  })
  server.maxConnections = MAX_READERS

  const heard: MessageHandler = (topic, payload) => {
    if (readers.size === 0) return
    const line: TailLine = { topic, atMs: clock.nowMs(), payload: Buffer.from(payload).toString('base64') }
    for (const [socket, state] of readers) {
      if (socket.writableLength > MAX_WAITING_BYTES) {
        state.leftOut += 1
        continue
      }
      if (state.leftOut > 0) send(socket, { leftOut: state.leftOut })
      state.leftOut = 0
      send(socket, line)
    }
  }

  return {
    tap: (connection) => ({
      onMessage: (handler) =>
        connection.onMessage((topic, payload) => {
          handler(topic, payload)
          heard(topic, payload)
        }),
      onConnected: connection.onConnected,
      onDisconnected: connection.onDisconnected,
      get connected() {
        return connection.connected
      },
      start: connection.start,
      publish: connection.publish,
      close: connection.close,
    }),
    start: async () => {
      try {
        // A killed server leaves its socket behind.
        await rm(path, { force: true })
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject)
          server.listen(path, resolve)
        })
        await chmod(path, 0o600)
      } catch (error) {
        log.warn({ module: 'tail', err: error, path }, 'roomkeeper tail cannot be used: its socket could not be made')
      }
    },
    stop: async () => {
      for (const socket of readers.keys()) socket.destroy()
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function send(socket: Socket, line: TailLine): void {
  socket.write(`${JSON.stringify(line)}\n`)
}

function knownPoints({ entry, slots }: NodeSession): KnownPoint[] {
  const { site, node } = entry
  return slots.flatMap((slot, alias) => {
    if (slot?.kind === 'point') return [{ site, node, alias, key: slot.point.key, unit: slot.point.unit }]
    if (slot?.kind === 'offset') return [{ site, node, alias, key: METRIC.logOffset, unit: '' }]
    return slot?.kind === 'previous-offset' ? [{ site, node, alias, key: METRIC.logPreviousOffset, unit: '' }] : []
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
