import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { z } from 'zod'
import { ChannelError } from './channel.ts'
import type { NetworkAccess } from './network-access.ts'

/** Enough for every answer the channels understand; the rest is not read. */
const MAX_ANSWER_BYTES = 16_384

/** The setting of a channel's own certificate authority. */
export const certificateAuthority = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, '应为 PEM 证书 · a certificate in PEM')
  .optional()
  .describe('对方证书的签发机构（PEM）；公共机构签发时不填 · Authority (PEM) of the other side’s certificate, when it is not a public one')

export interface HttpPost {
  url: URL
  /** JSON, as signed. */
  body: string
  headers?: Record<string, string>
  access: NetworkAccess
  ca: string | undefined
}

export interface HttpAnswer {
  status: number
  /** The first 16 kB. */
  body: string
  /** As the other side asked by Retry-After, ms. */
  retryAfterMs: number | undefined
}

/**
 * One POST over one connection of its own: no redirects, no proxies, a bounded answer, only to addresses that `access` allows at the
 * moment of connecting. Ends when the signal aborts. Rejects with a ChannelError that names the host and never the path or the query,
 * where robots have their keys.
 */
export async function postJson({ url, body, headers, access, ca }: HttpPost, signal: AbortSignal): Promise<HttpAnswer> {
  const isPlain = url.protocol === 'http:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Only names are looked up; an address goes straight to connect.
  if (isIP(host) !== 0) access.check(host, isPlain)
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    const sending = (isPlain ? requestHttp : requestHttps)(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: access.lookup(isPlain),
      headers: {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Roomkeeper',
      },
      ...(ca === undefined ? {} : { ca }),
    })
    sending.once('error', reject)
    sending.once('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      const finish = (): void => {
        const retryAfter = Number(response.headers['retry-after'])
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8'),
          retryAfterMs: Number.isFinite(retryAfter) && retryAfter > 0 ? Math.min(retryAfter, 86_400) * 1000 : undefined,
        })
        sending.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length >= MAX_ANSWER_BYTES) finish()
      })
      response.once('end', finish)
      response.once('error', reject)
    })
    sending.end(body)
  })
  try {
    return await answer
  } catch (error) {
    throw error instanceof ChannelError ? error : connectionError(error, url.host)
  }
}

/** The error of a status that is not a success, or undefined. `said` is shown to people. */
export function statusError({ status, retryAfterMs }: HttpAnswer, said: string): ChannelError | undefined {
  if (status >= 200 && status < 300) return undefined
  const words = said === '' ? `HTTP ${status}` : `HTTP ${status}：${said}`
  if (status >= 300 && status < 400)
    return new ChannelError('configuration', `${words}。不跟随重定向，请填写最终地址 · redirects are not followed; enter the final address`)
  if (status >= 500 || [408, 425, 429].includes(status))
    return new ChannelError('unreachable', `${words}。对方暂时无法处理 · the other side cannot take it now`, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  return new ChannelError('refused', `${words}。对方拒绝 · refused`)
}

function connectionError(error: unknown, host: string): ChannelError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  // OpenSSL's names of certificate faults, and Node's own: trying again does not mend a certificate.
  if (/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code))
    return new ChannelError('configuration', `${host} 的证书不可信（${code}） · the certificate of ${host} is not trusted`)
  return new ChannelError('unreachable', `无法连接 ${host}（${code}） · cannot reach ${host}`)
}
