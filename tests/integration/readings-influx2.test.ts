import { describe, expect, it } from 'vitest'
import { Influx2Store } from '../../server/src/readings/influx2/influx2-store.ts'
import { influxHistorySuite } from '../kit/influx-history-suite.ts'
import { contractHistory, device, readingStoreContract, type StoreOptions, scan } from '../kit/readings-contract.ts'
import { Influx2Mock } from '../kit/services/influx2-mock.ts'

function open(mock: Influx2Mock, more: { token?: string; org?: string; bucket?: string } = {}, options: StoreOptions = {}): Influx2Store {
  const { nowMs = Date.now, ...kept } = options
  const { org, token } = mock
  return new Influx2Store(
    { kind: 'influx2', url: mock.url, org, token, bucket: 'readings', requestTimeoutMs: 5000, ...more, ...kept },
    { nowMs, onMaintenanceFailure: (error) => console.error(error), history: contractHistory },
  )
}

readingStoreContract('influx2 on the mock (no real InfluxDB 2)', async () => {
  const mock = new Influx2Mock()
  await mock.start()
  return {
    open: (options) => open(mock, {}, options),
    takeAway: () => mock.stop(),
    bringBack: () => mock.start(),
    maintain: (store) => (store as Influx2Store).maintain(),
    dispose: () => mock.stop(),
  }
})

influxHistorySuite('influx2 on the mock', async () => {
  const mock = new Influx2Mock()
  await mock.start()
  const { org, token } = mock
  return {
    url: mock.url,
    open: (url, bucket, { nowMs, ...more }) =>
      new Influx2Store(
        { kind: 'influx2', url, org, token, bucket, requestTimeoutMs: 5000, ...more },
        { nowMs, onMaintenanceFailure: (error) => console.error(error), history: contractHistory },
      ),
    post: async (bucket, lines) => {
      mock.buckets.set(bucket, new Map())
      const headers = { authorization: `Token ${token}` }
      await fetch(`${mock.url}/api/v2/write?org=${org}&bucket=${bucket}&precision=ms`, { method: 'POST', headers, body: lines })
    },
    dispose: () => mock.stop(),
  }
})

describe('influx2 on the mock: answers', () => {
  it('tells configuration errors from others at start', async () => {
    const mock = new Influx2Mock()
    await mock.start()
    const started = async (store: Influx2Store): Promise<string> => {
      const answer = await store.start()
      await store.stop()
      return answer.kind
    }
    expect(await started(open(mock, { token: 'wrong' }))).toBe('configuration')
    expect(await started(open(mock, { org: 'unknown' }))).toBe('configuration')
    mock.forcedWriteAnswers.push({ status: 503, headers: { 'retry-after': '1' } })
    expect(await started(open(mock))).toBe('retryable')
    expect(await started(open(mock))).toBe('ready')
    expect(mock.buckets.has('readings')).toBe(true)
    await mock.stop()
  })

  it.each([
    [
      { status: 400, body: { message: 'unable to parse' } },
      { kind: 'rejected', reason: 'HTTP 400 unable to parse' },
    ],
    [
      { status: 401, body: { message: 'unauthorized' } },
      { kind: 'retry', reason: 'HTTP 401 unauthorized' },
    ],
    [
      { status: 404, body: { message: 'bucket not found' } },
      { kind: 'retry', reason: 'HTTP 404 bucket not found' },
    ],
    [{ status: 413 }, { kind: 'too-large' }],
    [
      { status: 422, body: { message: 'partial write' } },
      { kind: 'rejected', reason: 'HTTP 422 partial write' },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'retry', retryAfterMs: 7000 },
    ],
    [
      { status: 500, body: { message: 'boom' } },
      { kind: 'server-error', reason: 'HTTP 500 boom' },
    ],
    [
      { status: 503, headers: { 'retry-after': '3' } },
      { kind: 'retry', retryAfterMs: 3000 },
    ],
  ])('%j', async (forced, expected) => {
    const mock = new Influx2Mock({ buckets: ['readings'] })
    await mock.start()
    const store = open(mock)
    mock.forcedWriteAnswers.push(forced)
    const one = scan(device(['t']), Date.UTC(2026, 0, 1), [1])
    expect(await store.write([one])).toMatchObject(expected)
    // No retry of the package's own behind our back.
    expect(mock.writeRequests).toBe(1)
    expect(await store.write([one])).toEqual({ kind: 'stored' })
    await store.stop()
    await mock.stop()
  })
})
