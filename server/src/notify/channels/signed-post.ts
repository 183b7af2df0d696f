import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** Where a signed POST goes. */
export const signedPostUrl = z
  .url({ protocol: /^https?$/, error: 'http:// 或 https:// 地址 · an http:// or https:// URL' })
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    '地址中不能有用户名和密码 · no user or password inside the address',
  )

/** The key that both sides know. */
export const signingSecret = z
  .string()
  .min(16, '至少 16 个字符 · at least 16 characters')
  .refine(
    (text) => !text.startsWith('whsec_') || /^whsec_[A-Za-z0-9+/]{22,}={0,2}$/.test(text),
    'whsec_ 之后应为 Base64 · base64 after whsec_',
  )

/**
 * The three headers of the Standard Webhooks specification 1.0 (https://www.standardwebhooks.com), which receivers can check with its
 * libraries: HMAC-SHA256 of `id.timestamp.body`, base64, after `v1,`. The time is in Unix seconds; old ones are to be refused as replays.
 */
export function signatureHeaders(secret: string, noticeId: string, nowMs: number, body: string): Record<string, string> {
  // The id is part of a header and of dotted content: it may hold neither line ends nor dots.
  const id = encodeURIComponent(noticeId.toWellFormed()).replaceAll('.', '%2E')
  const timestamp = String(Math.floor(nowMs / 1000))
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signatureOf(secret, id, timestamp, body)}` }
}

/** Signatures older or newer than this are refused, as the specification says. */
const TOLERANCE_MS = 5 * 60_000

export type SignatureProblem = 'unsigned' | 'wrong-signature' | 'wrong-time'

/**
 * What is wrong with the headers of a signed POST; undefined when they are right. Says "wrong time" only of what is signed rightly, and
 * compares in constant time. Whether the id was seen before is for the caller to know.
 */
export function signatureProblem(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string | Buffer,
  nowMs: number,
): SignatureProblem | undefined {
  const [id, timestamp, signatures] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']]
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return 'unsigned'
  const right = Buffer.from(signatureOf(secret, id, timestamp, body))
  const isRight = signatures.split(' ').some((text) => {
    const given = Buffer.from(text.replace(/^v1,/, ''))
    return given.length === right.length && timingSafeEqual(given, right)
  })
  if (!isRight) return 'wrong-signature'
  return Math.abs(nowMs - Number(timestamp) * 1000) <= TOLERANCE_MS ? undefined : 'wrong-time'
}

function signatureOf(secret: string, id: string, timestamp: string, body: string | Buffer): string {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
}
