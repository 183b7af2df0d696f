import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { signatureProblem } from '../notify/channels/signed-post.ts'

/** A heartbeat is about a kilobyte. */
const MAX_BODY_BYTES = 65_536
const REQUEST_MS = 10_000
const MAX_CONNECTIONS = 50
export const HEARTBEAT_PATH = '/heartbeat'

const bodySchema = z.object({ id: z.string().min(1).max(200), kind: z.string(), text: z.string() })
const reportSchema = z.object({ parts: z.record(z.string(), z.object({ ok: z.boolean(), message: z.string() })) })
export type Heartbeat = z.output<typeof reportSchema> & { id: string }

export interface ReceiverDeps {
  secret: string
  clock: { nowMs(): number }
  /** Returns false for one that was heard before. */
  onHeartbeat(heartbeat: Heartbeat): boolean
  onRefused(reason: string): void
  isWell(): boolean
}

const REFUSALS = {
  unsigned: '没有签名 / not signed',
  'wrong-signature': '签名不符，请核对密钥 / wrong signature: compare the secrets',
  'wrong-time': '两机时钟相差 5 分钟以上 / the clocks differ by more than 5 minutes',
} as const

/** Takes signed heartbeats by HTTP, and nothing else. Not listening yet. */
export function createReceiver(deps: ReceiverDeps): Server {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
    }
    if (request.url === '/healthz') return answer(deps.isWell() ? 200 : 503, deps.isWell() ? 'ok' : 'no heartbeat')
    if (request.method !== 'POST' || request.url !== HEARTBEAT_PATH) return answer(404, `POST ${HEARTBEAT_PATH}`)
    readBody(request, response, (body) => {
      const [status, text] = take(deps, request.headers, body)
      answer(status, text)
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  return server
}

function readBody(request: IncomingMessage, response: ServerResponse, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > MAX_BODY_BYTES) {
      response.writeHead(413, { connection: 'close' }).end()
      request.destroy()
      return
    }
    chunks.push(chunk)
  })
  request.on('error', () => undefined)
  request.once('end', () => {
    if (length <= MAX_BODY_BYTES) done(Buffer.concat(chunks))
  })
}

function take(
  { secret, clock, onHeartbeat, onRefused }: ReceiverDeps,
  headers: IncomingMessage['headers'],
  body: Buffer,
): [number, string] {
  const problem = signatureProblem(secret, headers, body, clock.nowMs())
  if (problem !== undefined) {
    onRefused(REFUSALS[problem])
    return [401, REFUSALS[problem]]
  }
  const parsed = bodySchema.safeParse(parseJson(body.toString('utf8')))
  if (!parsed.success) return [422, '不是心跳 / not a heartbeat']
  const { id, kind, text } = parsed.data
  if (kind === 'test') return [200, '看门狗在岗 / the watchdog is here']
  const report = reportSchema.safeParse(parseJson(text))
  if (kind !== 'heartbeat' || !report.success) return [422, '不是心跳 / not a heartbeat']
  return [200, onHeartbeat({ ...report.data, id }) ? '已收到心跳 / heard' : '这一次心跳早已收到 / heard before']
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
