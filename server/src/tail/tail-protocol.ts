import type { Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'

/** The names behind the aliases that data carries, for births that were before the tail began. */
export const knownPointSchema = z.object({
  site: z.string(),
  node: z.string(),
  alias: z.number(),
  key: z.string(),
  unit: z.string(),
})
export type KnownPoint = z.output<typeof knownPointSchema>

/** One line from the server: JSON, ended by a line feed. */
export const tailLineSchema = z.union([
  z.object({ points: z.array(knownPointSchema) }),
  z.object({
    topic: z.string(),
    /** When the server had it, ms. */
    atMs: z.number(),
    /** Base64. */
    payload: z.string(),
  }),
  /** Messages left out, since the reader was too slow. */
  z.object({ leftOut: z.number() }),
])
export type TailLine = z.output<typeof tailLineSchema>

/** One line to the server. */
export const tailRequestSchema = z.object({ rebirth: z.object({ site: z.string().optional(), node: z.string().optional() }) })

/** Beside the databases, so whoever may read these may listen, and nobody else. */
export function tailSocketPath(dataDir: string): string {
  return join(dataDir, 'tail.sock')
}

/** Calls `onLine` for each line; ends a connection whose line is longer than `maxLength` characters. (node:readline throws what a socket fails with.) */
export function readLines(socket: Socket, maxLength: number, onLine: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    if (rest.length > maxLength) socket.destroy()
  })
}
