import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type Paired, pairedSchema } from '@roomkeeper/shared/http'

export interface ServerAddress {
  url: URL
  /** PEM of the authority that signed its certificate; by default those Node trusts. */
  ca?: string
  /** SHA-256 of its certificate, as hexadecimal digits: then it needs no authority. */
  fingerprint?: string
}

/** Why there is no answer to use. `untrusted` carries the fingerprint that was shown. */
export class PairingError extends Error {
  readonly kind: 'unreachable' | 'untrusted' | 'refused' | 'busy' | 'not-roomkeeper'
  readonly fingerprint: string | undefined
  readonly retryAfterMs: number
  constructor(kind: PairingError['kind'], message: string, details: { fingerprint?: string; retryAfterMs?: number } = {}) {
    super(message)
    this.name = 'PairingError'
    this.kind = kind
    this.fingerprint = details.fingerprint
    this.retryAfterMs = details.retryAfterMs ?? 0
  }
}

const TIMEOUT_MS = 15_000
/** A certificate of an authority and a few names: far below. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** Exchanges the code for the credential. Throws a PairingError. The code is sent only over a connection that is trusted. */
export async function askServer(address: ServerAddress, code: string): Promise<Paired> {
  const socket = address.url.protocol === 'https:' ? await trustedSocket(address) : undefined
  const { status, text, retryAfterSeconds } = await post(address.url, JSON.stringify({ code }), socket)
  if (status === 200) {
    const paired = pairedSchema.safeParse(parseJson(text))
    if (paired.success) return paired.data
    throw new PairingError('not-roomkeeper', `${address.url.origin}: 应答无法识别 · the answer is not understood`)
  }
  const message = (parseJson(text) as { message?: unknown } | undefined)?.message
  if (status === 429 && typeof message === 'string') throw new PairingError('busy', message, { retryAfterMs: retryAfterSeconds * 1000 })
  if (typeof message === 'string') throw new PairingError('refused', message)
  throw new PairingError(
    'not-roomkeeper',
    `${address.url.origin}: 不是机房管家（HTTP ${status}） · this is not Roomkeeper (HTTP ${status})`,
  )
}

/** A TLS connection whose certificate was checked before anything is sent over it. */
function trustedSocket({ url, ca, fingerprint }: ServerAddress): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const isName = !/^[\d.]+$|:/.test(host)
    const socket = connectTls({
      host,
      port: Number(url.port) || 443,
      ...(isName ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: false,
    })
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
    socket.once('error', (error) => reject(new PairingError('unreachable', `${url.origin}: ${reasonOf(error)}`)))
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate().fingerprint256 ?? ''
      const isTrusted = fingerprint === undefined ? socket.authorized : digits(shown) === digits(fingerprint)
      if (isTrusted) return resolve(socket)
      const why = fingerprint === undefined ? reasonOf(socket.authorizationError) : '指纹不符 · the fingerprint is another one'
      socket.destroy()
      reject(new PairingError('untrusted', `${url.origin}: ${why}`, { fingerprint: shown }))
    })
  })
}

function digits(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

function post(url: URL, body: string, socket: TLSSocket | undefined): Promise<{ status: number; text: string; retryAfterSeconds: number }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new PairingError('unreachable', `${url.origin}: ${reasonOf(error)}`))
    const request = (socket ? requestHttps : requestHttp)(
      new URL('/api/agents/pair', url),
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' },
        timeout: TIMEOUT_MS,
        // With an agent Node would make a connection of its own.
        ...(socket ? { createConnection: () => socket } : { agent: false }),
      },
      (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too long'))
          else chunks.push(chunk)
        })
        response.once('error', fail)
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            retryAfterSeconds: Number(response.headers['retry-after']) || 1,
          }),
        )
      },
    )
    request.once('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
    request.once('error', fail)
    request.end(body)
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || String((error as NodeJS.ErrnoException).code)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
