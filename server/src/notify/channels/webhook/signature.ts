import { createHmac } from 'node:crypto'

/**
 * The three headers of the Standard Webhooks specification 1.0 (https://www.standardwebhooks.com), which receivers can check with its
 * libraries: HMAC-SHA256 of `id.timestamp.body`, base64, after `v1,`. The time is in Unix seconds; old ones are to be refused as replays.
 */
export function signatureHeaders(secret: string, noticeId: string, nowMs: number, body: string): Record<string, string> {
  // The id is part of a header and of dotted content: it may hold neither line ends nor dots.
  const id = encodeURIComponent(noticeId.toWellFormed()).replaceAll('.', '%2E')
  const timestamp = String(Math.floor(nowMs / 1000))
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
}
