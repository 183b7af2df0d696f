import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { answerOfError, answerOfStatus } from './http-answer.ts'
import type { WriteAnswer } from './reading-store.ts'

/** Longest part of an answer's body read: reasons are short, pages of proxies are not wanted. */
const MAX_BODY_LENGTH = 4096

export interface LinePoster {
  /** Sends line protocol; never throws. An empty body is stored without a request. */
  post(body: string): Promise<WriteAnswer>
  close(): void
}

/** Posts line protocol to one address over kept connections. `headers` carries the credentials. */
export function createLinePoster(url: URL, headers: Record<string, string>, timeoutMs: number): LinePoster {
  const secure = url.protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const request = secure ? httpsRequest : httpRequest

  const post = (body: string): Promise<WriteAnswer> => {
    if (body === '') return Promise.resolve({ kind: 'stored' })
    return new Promise((resolve) => {
      const bytes = Buffer.from(body)
      const outgoing = request(
        url,
        { method: 'POST', agent, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'content-length': bytes.length } },
        (incoming) => {
          let text = ''
          incoming.setEncoding('utf8')
          incoming.on('data', (chunk: string) => {
            if (text.length < MAX_BODY_LENGTH) text += chunk
          })
          incoming.on('end', () => resolve(answerOfStatus(incoming.statusCode ?? 0, text, incoming.headers['retry-after'], Date.now())))
          incoming.on('error', (error) => resolve(answerOfError(error)))
        },
      )
      // A timeout over the whole exchange: a server that trickles bytes must not hold a lane for ever.
      const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      outgoing.on('error', (error) => resolve(answerOfError(error)))
      outgoing.on('close', () => {
        clearTimeout(timer)
        // Covers a connection closed in the middle of an answer; a promise already resolved stays as it is.
        resolve({ kind: 'retry', reason: 'connection closed' })
      })
      outgoing.end(bytes)
    })
  }
  return { post, close: () => agent.destroy() }
}
