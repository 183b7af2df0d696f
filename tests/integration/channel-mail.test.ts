import { readFileSync } from 'node:fs'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ChannelConnection, ChannelError } from '../../server/src/notify/channels/channel.ts'
import { mailChannel } from '../../server/src/notify/channels/mail/index.ts'
import { channelContract, exampleNotice } from '../kit/channel-contract.ts'
import { silentListener, unusedPort } from '../kit/driver-contract.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type SmtpServer, type SmtpServerOptions, startSmtpServer } from '../kit/services/smtp-server.ts'
import { makeCertificates, OPENSSL_PATH, type TestCertificates } from '../kit/services/tls-front.ts'

const LOGIN = { user: 'alarm@hospital.example', password: 'smtp-secret-äß-99' }
const RECIPIENT = { name: '张工', address: 'zhang@hospital.example' }
const missing = missingPythonModule('aiosmtpd', 'python3-aiosmtpd') ?? missingProgram([OPENSSL_PATH], 'openssl')

describe.skipIf(missing !== undefined)(`mail${missing === undefined ? '' : ` (${missing})`}`, () => {
  let certificates: TestCertificates
  let ca = ''
  beforeAll(() => {
    certificates = makeCertificates()
    ca = readFileSync(certificates.caFile, 'utf8')
  })
  afterAll(() => certificates?.dispose())
  const start = (options: Partial<SmtpServerOptions> = {}): Promise<SmtpServer> => {
    const { certFile, keyFile } = certificates
    return startSmtpServer({ tls: 'starttls', certFile, keyFile, ...LOGIN, ...options })
  }
  const settingsFor = (port: number): Record<string, unknown> => ({ host: '127.0.0.1', port, from: LOGIN.user, ...LOGIN, ca })

  channelContract({
    channel: mailChannel,
    startPeer: async () => {
      const server = await start()
      return {
        settings: settingsFor(server.port),
        recipient: RECIPIENT,
        received: async () => server.messages.map(({ headers, parts }) => `${headers.subject}\n${parts['text/plain']}`),
        dispose: server.stop,
      }
    },
    unreachable: async () => ({
      settings: (await unusedPort('tcp', settingsFor)).options,
      recipient: RECIPIENT,
      dispose: async () => undefined,
    }),
    silent: async () => {
      const listener = await silentListener('tcp', settingsFor)
      return { settings: listener.options, recipient: RECIPIENT, dispose: listener.dispose }
    },
    refusing: async () => {
      const server = await start()
      return { settings: { ...settingsFor(server.port), password: 'wrong-password-1' }, recipient: RECIPIENT, dispose: server.stop }
    },
    wrongRecipient: async () => {
      const server = await start()
      return { settings: settingsFor(server.port), recipient: { name: '', address: 'nobody@hospital.example' }, dispose: server.stop }
    },
    invalidSettings: [
      { settings: { host: 'a b', from: 'a@example.org' }, key: 'host' },
      { settings: { host: 'mail', from: 'not an address' }, key: 'from' },
      { settings: { host: 'mail', from: 'a@example.org\r\nBcc: b@example.org' }, key: 'from' },
      { settings: { host: 'mail', from: 'a@example.org', port: 0 }, key: 'port' },
      { settings: { host: 'mail', from: 'a@example.org', user: 'a' }, key: 'password' },
      { settings: { host: 'mail', from: 'a@example.org', password: 'lonely-secret' }, key: 'user' },
      { settings: { host: 'mail', from: 'a@example.org', ...LOGIN, tls: 'none' }, key: 'tls' },
      {
        settings: { host: 'mail', from: 'a@example.org', tls: 'none', ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' },
        key: 'ca',
      },
      { settings: { host: 'mail', from: 'a@example.org', colour: 'red' }, key: 'colour' },
    ],
    invalidAddresses: ['', 'zhang', 'a@b', 'a@example.org, b@example.org', 'a@example.org\r\nRCPT TO:<b@example.org>', '<a@example.org>'],
  })

  describe('as an SMTP client', () => {
    const closers: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closers.splice(0)) await close()
    })
    const open = async (
      options: Partial<SmtpServerOptions> = {},
      change: Record<string, unknown> = {},
    ): Promise<{ connection: ChannelConnection; server: SmtpServer }> => {
      const server = await start(options)
      const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => 1_790_000_000_000 }, onReply: () => undefined }
      const connection = await mailChannel.open(mailChannel.settings.parse({ ...settingsFor(server.port), ...change }), context)
      closers.push(connection.close, server.stop)
      return { connection, server }
    }
    const send = (connection: ChannelConnection, to = RECIPIENT.address, change = {}, timeoutMs = 10_000): Promise<{ answer: string }> =>
      connection.send(exampleNotice(change), { name: '', address: to }, AbortSignal.timeout(timeoutMs))
    const failure = async (sending: Promise<unknown>): Promise<ChannelError> => {
      const error: unknown = await sending.catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ChannelError)
      return error as ChannelError
    }
    const taken = (server: SmtpServer, count: number): Promise<number> =>
      waitFor('the mail arrives', 20_000, async () => (server.messages.length >= count ? count : undefined))

    it('writes plain text, HTML, priority, no auto-replies and the same Message-ID again', async () => {
      const { connection, server } = await open()
      expect(await send(connection)).toEqual({ answer: '250 2.0.0 Ok: queued as 4F1' })
      await send(connection)
      await send(connection, RECIPIENT.address, { id: 'another', kind: 'clear', url: 'javascript:alert(1)' })
      await taken(server, 3)
      const [first, again, other] = server.messages
      expect(first).toMatchObject({ from: LOGIN.user, to: [RECIPIENT.address], encrypted: true, user: LOGIN.user })
      expect(first?.headers).toMatchObject({
        'auto-submitted': 'auto-generated',
        importance: 'high',
        subject: '中心机房 温度过高 31.5 ℃',
        date: 'Mon, 21 Sep 2026 14:13:20 +0000',
      })
      expect(first?.headers['message-id']).toMatch(/^<[0-9a-f]{32}@hospital\.example>$/)
      expect(again?.headers['message-id']).toBe(first?.headers['message-id'])
      expect(other?.headers['message-id']).not.toBe(first?.headers['message-id'])
      expect(other?.headers.importance).toBeUndefined()
      expect(first?.parts['text/plain']).toContain('设备 th-1\n\nhttps://roomkeeper.example/alarms/4711')
      expect(first?.parts['text/html']).toContain('href="https://roomkeeper.example/alarms/4711"')
      expect(other?.parts['text/html']).not.toContain('javascript')
      expect(first?.parts['text/plain']).not.toContain('482913')
      expect(Math.max(...server.messages.map(({ longestLine }) => longestLine))).toBeLessThanOrEqual(998)
    })

    it('lets no header and no markup in through a title', async () => {
      const { connection, server } = await open()
      await send(connection, RECIPIENT.address, { id: 'x>\r\nBcc: c@example.org', title: 'hot\r\nBcc: b@example.org\r\n\r\n<b>x</b>' })
      await taken(server, 1)
      const [mail] = server.messages
      expect(mail?.to).toEqual([RECIPIENT.address])
      expect(mail?.headers.bcc).toBeUndefined()
      expect(mail?.headers.subject).toBe('hot Bcc: b@example.org <b>x</b>')
      expect(mail?.parts['text/html']).not.toContain('<b>')
    })

    it('sends a flood over one connection, gives it back, and opens another when the server has ended it', async () => {
      const { connection, server } = await open({ timeoutS: 1 })
      await Promise.all(Array.from({ length: 20 }, (_, index) => send(connection, RECIPIENT.address, { id: `flood-${index}` })))
      await taken(server, 20)
      expect(server.connections()).toBe(1)
      await waitFor('the server ends it', 20_000, async () => server.endedConnections() || undefined)
      await send(connection, RECIPIENT.address, { id: 'later' })
      expect(server.connections()).toBe(2)
    })

    it.each([
      ['busy@hospital.example', 'unreachable', '451 4.7.1'],
      ['nobody@hospital.example', 'recipient', '550 5.1.1'],
      ['relay@hospital.example', 'refused', '550 5.7.1'],
      ['spam@hospital.example', 'refused', '554 5.7.1'],
    ])('takes the answer to %s as %s, and the next mail goes out', async (address, kind, words) => {
      const { connection, server } = await open()
      const error = await failure(send(connection, address))
      expect(error.kind).toBe(kind)
      expect(error.message).toContain(words)
      await send(connection)
      await taken(server, 1)
    })

    it('does not let one mail that hangs hold up the next', async () => {
      const { connection, server } = await open()
      const hanging = failure(send(connection, 'hang@hospital.example', {}, 1000))
      const next = send(connection, RECIPIENT.address, { id: 'next' })
      expect((await hanging).kind).toBe('unreachable')
      expect((await next).answer).toContain('250')
      expect(server.connections()).toBe(2)
    })

    it('gives up waiting for its turn when its own time is over', async () => {
      const { connection } = await open()
      const hanging = failure(send(connection, 'hang@hospital.example', {}, 2500))
      const startedMs = performance.now()
      expect((await failure(send(connection, RECIPIENT.address, {}, 300))).kind).toBe('unreachable')
      expect(performance.now() - startedMs).toBeLessThan(1500)
      await hanging
    })

    it('speaks implicit TLS, and plain SMTP without a login', async () => {
      const implicit = await open({ tls: 'implicit' }, { tls: 'implicit' })
      await send(implicit.connection)
      await taken(implicit.server, 1)
      const plain = await open(
        { tls: 'none', user: '', password: '' },
        { tls: 'none', user: undefined, password: undefined, ca: undefined },
      )
      await send(plain.connection)
      await taken(plain.server, 1)
      expect([implicit.server, plain.server].map(({ messages }) => messages[0]?.encrypted)).toEqual([true, false])
    })

    it('sends nothing and no password to a server that has no STARTTLS', async () => {
      const { connection, server } = await open({ tls: 'none' })
      expect((await failure(send(connection))).kind).toBe('configuration')
      expect(server.messages).toEqual([])
    })

    it('sends nothing to a server whose certificate it cannot check', async () => {
      for (const tls of ['starttls', 'implicit'] as const) {
        const { connection, server } = await open({ tls }, { tls, ca: undefined })
        expect((await failure(send(connection))).kind).toBe('configuration')
        expect(server.messages).toEqual([])
      }
    })

    it('says that a login is missing', async () => {
      const { connection } = await open({}, { user: undefined, password: undefined })
      expect((await failure(send(connection))).kind).toBe('refused')
    })
  })
})
