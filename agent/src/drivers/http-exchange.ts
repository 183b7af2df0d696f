import { type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { DriverError, type DriverErrorKind } from './driver.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  headers: Readonly<Record<string, string>>
  body?: string
  /** Of the device: its connections, and for https:// (a TlsAgent) whose certificate counts. */
  agent: Agent
  timeoutMs: number
  /** An answer beyond this is none of such a device. */
  maxBodyBytes: number
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** The device answered, but with another status than asked for. */
export class HttpStatusError extends DriverError {
  readonly status: number
  constructor(kind: DriverErrorKind, status: number, message: string) {
    super(kind, message)
    this.status = status
  }
}

/**
 * Sends a request and reads the whole answer, whatever its status. Redirects are not followed: they would take the credentials elsewhere.
 * Rejects with a DriverError, within `timeoutMs` and at once when the signal aborts.
 */
export async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const where = placeOf(request.url)
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const stop = AbortSignal.any([timeout, signal])
  try {
    stop.throwIfAborted()
    const response = await respond(request, stop)
    return { status: response.statusCode ?? 0, headers: response.headers, text: await textOf(response, request.maxBodyBytes, where) }
  } catch (error) {
    if (error instanceof DriverError) throw error
    const reason = timeout.aborted
      ? `no answer within ${request.timeoutMs} ms`
      : signal.aborted
        ? 'the read was cancelled'
        : reasonOf(error)
    throw new DriverError('unreachable', `${where}: ${reason}`, { cause: error })
  }
}

/** The JSON of a good answer. Throws a DriverError `garbage` for anything else. */
export function jsonOf({ text }: HttpAnswer, url: URL): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new DriverError('garbage', `${placeOf(url)}: 不是 JSON · not JSON: ${text.slice(0, 60)}`, { cause })
  }
}

/** What a status other than the one asked for means. */
export function statusError({ status, headers }: HttpAnswer, url: URL): HttpStatusError {
  const where = placeOf(url)
  const error = (kind: DriverErrorKind, message: string): HttpStatusError => new HttpStatusError(kind, status, message)
  if (status === 401 || status === 403) return error('denied', `${where}: HTTP ${status}`)
  if (status >= 500 || status === 408 || status === 429) return error('unreachable', `${where}: HTTP ${status}`)
  if (status >= 300 && status < 400)
    return error(
      'configuration',
      `url: ${where} 转到 · leads on to ${headers.location ?? 'nowhere'}; 不跟随重定向 · redirects are not followed`,
    )
  if (status === 404 || status === 410)
    return error('configuration', `url: ${where}: HTTP ${status}, 设备没有此路径 · the device has no such path`)
  return error('garbage', `${where}: HTTP ${status}`)
}

/** Without the query, which may hold a secret. */
function placeOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

async function respond(request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  for (;;) {
    const sent = start(request, signal)
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve)
        sent.once('error', reject)
        // A request that has no connection yet does not say that it was aborted.
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
    } catch (error) {
      // The device closed a kept connection just when it was used again; that is not a fault, and the next one may be as old.
      const isStale = sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(String((error as NodeJS.ErrnoException).code))
      if (!isStale || signal.aborted || request.method === 'POST') throw error
    }
  }
}

function start({ method, url, headers, body, agent }: HttpRequest, signal: AbortSignal): ClientRequest {
  const send = url.protocol === 'https:' ? requestSecure : requestPlain
  const sent = send(url, { method, headers: { accept: 'application/json', ...headers }, agent, signal })
  sent.end(body)
  return sent
}

async function textOf(response: IncomingMessage, maxBytes: number, where: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      response.destroy()
      throw new DriverError('garbage', `${where}: more than ${maxBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  return message || String(code)
}
