import type { WriteAnswer } from './reading-store.ts'

/** Longest part of a store's own message kept as a reason. */
const MAX_REASON_LENGTH = 300

/**
 * What an InfluxDB write answer means (both generations). `retryAfter` is the header's text: seconds or an HTTP date.
 *
 * 503 is the server's own "later" and never the batch's fault; other 5xx may be either (1.x answers 500 for a batch over a
 * series limit), so they are told apart by the caller. 3xx means a proxy or the wrong address: a person's matter, data is kept.
 */
export function answerOfStatus(status: number, body: string, retryAfter: string | undefined, nowMs: number): WriteAnswer {
  if (status === 204) return { kind: 'stored' }
  if (status === 413) return { kind: 'too-large' }
  const reason = `HTTP ${status} ${reasonOfBody(body)}`.trim()
  if (status === 400 || status === 422) return { kind: 'rejected', reason }
  if (status >= 500 && status !== 503) return { kind: 'server-error', reason }
  const retryAfterMs = retryAfterToMs(retryAfter, nowMs)
  return retryAfterMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, retryAfterMs }
}

/** InfluxDB 1.x puts its message under `error`, 2.x under `message`; proxies send a page. */
function reasonOfBody(body: string): string {
  let text = body
  try {
    const parsed = JSON.parse(body) as { error?: unknown; message?: unknown }
    const message = parsed.message ?? parsed.error
    if (typeof message === 'string') text = message
  } catch {
    // Not JSON: the text itself is the reason.
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_REASON_LENGTH)
}

function retryAfterToMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

/** The answer for a request that got none. */
export function answerOfError(error: unknown): WriteAnswer {
  const message = error instanceof Error ? error.message || error.name : String(error)
  // Refused connections of several addresses come as an AggregateError without a message of its own.
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { kind: 'retry', reason: [code, message].filter((part, index, all) => part !== '' && all.indexOf(part) === index).join(' ') }
}
