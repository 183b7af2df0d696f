import { describe, expect, it } from 'vitest'
import { answerOfError, answerOfStatus } from './http-answer.ts'

const NOW_MS = Date.UTC(2026, 0, 1)

describe('answerOfStatus', () => {
  it.each([
    [204, '', undefined, { kind: 'stored' }],
    [200, '', undefined, { kind: 'retry', reason: 'HTTP 200' }],
    [302, '<html>login</html>', undefined, { kind: 'retry', reason: 'HTTP 302 <html>login</html>' }],
    [
      400,
      '{"error":"partial write: points beyond retention policy dropped=1"}',
      undefined,
      { kind: 'rejected', reason: 'HTTP 400 partial write: points beyond retention policy dropped=1' },
    ],
    [401, '{"error":"authorization failed"}', undefined, { kind: 'retry', reason: 'HTTP 401 authorization failed' }],
    [403, '', undefined, { kind: 'retry', reason: 'HTTP 403' }],
    [
      404,
      '{"code":"not found","message":"bucket \\"x\\" not found"}',
      undefined,
      { kind: 'retry', reason: 'HTTP 404 bucket "x" not found' },
    ],
    [408, '', undefined, { kind: 'retry', reason: 'HTTP 408' }],
    [413, 'too large', undefined, { kind: 'too-large' }],
    [422, '{"message":"m"}', undefined, { kind: 'rejected', reason: 'HTTP 422 m' }],
    [429, '', '12', { kind: 'retry', reason: 'HTTP 429', retryAfterMs: 12_000 }],
    [500, '{"error":"timeout"}', undefined, { kind: 'server-error', reason: 'HTTP 500 timeout' }],
    [502, 'Bad\nGateway', undefined, { kind: 'server-error', reason: 'HTTP 502 Bad Gateway' }],
    [503, '', 'Thu, 01 Jan 2026 00:00:30 GMT', { kind: 'retry', reason: 'HTTP 503', retryAfterMs: 30_000 }],
    [503, '', 'Wed, 31 Dec 2025 00:00:00 GMT', { kind: 'retry', reason: 'HTTP 503', retryAfterMs: 0 }],
    [503, '', 'soon', { kind: 'retry', reason: 'HTTP 503' }],
  ])('%i %s (Retry-After: %s)', (status, body, retryAfter, expected) => {
    expect(answerOfStatus(status, body, retryAfter, NOW_MS)).toEqual(expected)
  })

  it('keeps reasons short', () => {
    const answer = answerOfStatus(400, 'x'.repeat(10_000), undefined, NOW_MS)
    expect('reason' in answer && answer.reason.length).toBeLessThan(400)
  })
})

describe('answerOfError', () => {
  it('names the code even when the error has no message, as with several refused addresses', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
    expect(answerOfError(refused)).toEqual({ kind: 'retry', reason: 'ECONNREFUSED AggregateError' })
    expect(answerOfError(new Error('no answer within 10 ms'))).toEqual({ kind: 'retry', reason: 'no answer within 10 ms' })
  })
})
