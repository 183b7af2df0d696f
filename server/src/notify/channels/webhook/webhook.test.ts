import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { channelContract, exampleNotice } from '../../../../../tests/kit/channel-contract.ts'
import { silentListener, unusedPort } from '../../../../../tests/kit/driver-contract.ts'
import { makeCertificates, startTlsFront } from '../../../../../tests/kit/services/tls-front.ts'
import type { ChannelConnection, ChannelError } from '../channel.ts'
import { openWebhook } from './connection.ts'
import { webhookChannel } from './index.ts'

const SECRET = 'a signing secret of 30 letters'
const TOKEN = 'bearer-token-77'
const NOBODY = { name: '', address: '' }
const settingsFor = (port: number): Record<string, unknown> => ({
  url: `http://127.0.0.1:${port}/alarms`,
  secret: SECRET,
  token: TOKEN,
  allowedNetworks: ['127.0.0.1'],
})

interface Receiver {
  port: number
  requests: { headers: IncomingHttpHeaders; body: string }[]
  close(): Promise<void>
}

/** An HTTP server that keeps what it is sent. */
async function startReceiver(answer: (response: ServerResponse) => void): Promise<Receiver> {
  const requests: Receiver['requests'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.once('end', () => {
      requests.push({ headers: request.headers, body })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: address.port, requests, close }
}

describe('webhook', () => {
  channelContract({
    channel: webhookChannel,
    startPeer: async () => {
      const receiver = await startReceiver((response) => response.end(`{"taken":true,"with":"${TOKEN}"}`))
      return {
        settings: settingsFor(receiver.port),
        recipient: NOBODY,
        received: async () =>
          receiver.requests
            .map(({ body }) => JSON.parse(body) as { title: string; text: string })
            .map(({ title, text }) => `${title}\n${text}`),
        dispose: receiver.close,
      }
    },
    unreachable: async () => ({
      settings: (await unusedPort('tcp', settingsFor)).options,
      recipient: NOBODY,
      dispose: async () => undefined,
    }),
    silent: async () => {
      const listener = await silentListener('tcp', settingsFor)
      return { settings: listener.options, recipient: NOBODY, dispose: listener.dispose }
    },
    refusing: async () => {
      const receiver = await startReceiver((response) => response.writeHead(401).end(`who is ${TOKEN}?`))
      return { settings: settingsFor(receiver.port), recipient: NOBODY, dispose: receiver.close }
    },
    wrongRecipient: { notApplicable: 'a webhook reaches a program, not a person' },
    invalidSettings: [
      { settings: { ...settingsFor(1), url: 'file:///etc/passwd' }, key: 'url' },
      { settings: { ...settingsFor(1), url: 'https://user:pass@example.org/' }, key: 'url' },
      { settings: { ...settingsFor(1), secret: 'short-secret' }, key: 'secret' },
      { settings: { ...settingsFor(1), secret: 'whsec_not base64 at all!' }, key: 'secret' },
      { settings: { ...settingsFor(1), token: 'two\r\nlines' }, key: 'token' },
      { settings: { ...settingsFor(1), ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' }, key: 'ca' },
      { settings: { ...settingsFor(1), allowedNetworks: ['localhost'] }, key: 'allowedNetworks.0' },
    ],
    invalidAddresses: [],
  })

  describe('as an HTTP client', () => {
    const closers: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closers.splice(0)) await close()
    })
    const open = async (
      answer: (response: ServerResponse) => void,
      change: Record<string, unknown> = {},
    ): Promise<[ChannelConnection, Receiver]> => {
      const receiver = await startReceiver(answer)
      const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => 1_790_000_000_500 }, onReply: () => undefined }
      const connection = openWebhook(webhookChannel.settings.parse({ ...settingsFor(receiver.port), ...change }) as never, context)
      closers.push(connection.close, receiver.close)
      return [connection, receiver]
    }
    const send = (connection: ChannelConnection): Promise<{ answer: string }> =>
      connection.send(exampleNotice({ id: 'n.1' }), NOBODY, AbortSignal.timeout(5000))
    const failure = async (connection: ChannelConnection): Promise<ChannelError> =>
      (await send(connection).catch((error: unknown) => error)) as ChannelError

    it('signs what it sends so that the README’s check passes, and leaves the reply code out', async () => {
      const [connection, { requests }] = await open((response) => response.writeHead(204).end())
      expect(await send(connection)).toEqual({ answer: 'HTTP 204' })
      const [{ headers, body } = expect.fail('nothing arrived')] = requests
      expect(headers).toMatchObject({ 'webhook-id': 'n%2E1', 'webhook-timestamp': '1790000000', authorization: `Bearer ${TOKEN}` })
      const right = createHmac('sha256', SECRET).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')
      expect(headers['webhook-signature']).toBe(`v1,${right}`)
      expect(body).not.toContain('482913')
      expect(JSON.parse(body)).toMatchObject({
        version: 1,
        id: 'n.1',
        kind: 'raise',
        at: '2026-09-21T14:13:20.000Z',
        alarm: { alarmId: 4711, room: '中心机房' },
      })
    })

    it('agrees with the example of the Standard Webhooks specification', async () => {
      const { signatureHeaders } = await import('../signed-post.ts')
      const headers = signatureHeaders(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1_614_265_330_000,
        '{"test": 2432232314}',
      )
      expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    })

    it('follows no redirect', async () => {
      const [target, { port, requests }] = await open((response) => response.end())
      expect(await send(target)).toEqual({ answer: 'HTTP 200' })
      const [connection] = await open((response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end())
      expect((await failure(connection)).kind).toBe('configuration')
      expect(requests).toHaveLength(1)
    })

    it('trusts the certificates of its own authority only', async () => {
      const certificates = makeCertificates()
      const receiver = await startReceiver((response) => response.end('over TLS'))
      const front = await startTlsFront(receiver.port, certificates)
      closers.push(front.stop, receiver.close, async () => certificates.dispose())
      const url = `https://127.0.0.1:${front.port}/`
      const [trusting] = await open((response) => response.end(), { url, ca: readFileSync(certificates.caFile, 'utf8') })
      expect(await send(trusting)).toEqual({ answer: 'HTTP 200 over TLS' })
      const [strict] = await open((response) => response.end(), { url })
      expect(await failure(strict)).toMatchObject({ kind: 'configuration' })
      expect(receiver.requests).toHaveLength(1)
    })

    it('waits as long as it is told', async () => {
      const [connection] = await open((response) => response.writeHead(429, { 'retry-after': '120' }).end())
      expect(await failure(connection)).toMatchObject({ kind: 'unreachable', retryAfterMs: 120_000 })
    })

    it('reads no more than it needs of an endless answer, and shows 200 characters of it', async () => {
      const [connection] = await open((response) => {
        const timer = setInterval(() => response.write('<b>\u0007x</b>'.repeat(1000)), 1)
        response.once('close', () => clearInterval(timer))
      })
      const { answer } = await send(connection)
      expect(answer.length).toBeLessThanOrEqual('HTTP 200 '.length + 200)
      expect(answer).not.toContain('\u0007')
    })

    it.each([
      ['the loopback', 'http://127.0.0.1:1/', []],
      ['the loopback, though everything is allowed', 'http://127.0.0.1:1/', ['0.0.0.0/0']],
      ['the metadata service', 'http://169.254.169.254/latest/meta-data', ['0.0.0.0/0', '10.0.0.0/8']],
      ['a private range', 'https://10.1.2.3/', ['10.9.0.0/16']],
      ['an address in other clothes', 'http://2130706433/', []],
      ['IPv6 loopback', 'http://[::1]:1/', ['::/0']],
      ['IPv4 inside IPv6', 'http://[::ffff:127.0.0.1]:1/', []],
      ['a name of this machine', 'http://localhost:1/', []],
      ['a public address without TLS', 'http://93.184.215.14/', []],
    ])('does not connect to %s', async (_what, url, allowedNetworks) => {
      const [connection] = await open((response) => response.end(), { url, allowedNetworks })
      expect(await failure(connection)).toMatchObject({ kind: 'configuration', retryable: false })
    })

    it('connects to a name whose addresses are listed', async () => {
      const receiver = await startReceiver((response) => response.end('ok'))
      closers.push(receiver.close)
      const [connection] = await open((response) => response.end(), {
        url: `http://localhost:${receiver.port}/`,
        allowedNetworks: ['127.0.0.0/8', '::1'],
      })
      expect(await send(connection)).toEqual({ answer: 'HTTP 200 ok' })
    })
  })
})
