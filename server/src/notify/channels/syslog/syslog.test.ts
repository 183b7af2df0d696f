import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channelContract, exampleNotice } from '../../../../../tests/kit/channel-contract.ts'
import { startChildProgram, waitFor } from '../../../../../tests/kit/services/child-program.ts'
import { freeTcpPort, freeUdpPort } from '../../../../../tests/kit/services/free-port.ts'
import { missingProgram } from '../../../../../tests/kit/services/require-program.ts'
import { RSYSLOGD_PROGRAMS, type Rsyslogd, rsyslogTlsPath, startRsyslogd } from '../../../../../tests/kit/services/rsyslogd.ts'
import { makeCertificates, OPENSSL_PATH, type TestCertificates } from '../../../../../tests/kit/services/tls-front.ts'
import type { Notice } from '../channel.ts'
import { syslogChannel } from './index.ts'
import { syslogMessage } from './message.ts'
import { syslogSettings } from './settings.ts'

const missing =
  missingProgram([...RSYSLOGD_PROGRAMS, rsyslogTlsPath()], 'rsyslog rsyslog-gnutls') ?? missingProgram([OPENSSL_PATH], 'openssl')
const host = '127.0.0.1'
const nobody = { name: '', address: '' }

async function send(settings: Record<string, unknown>, notice: Notice): Promise<string> {
  const connection = await syslogChannel.open(syslogSettings.parse({ host, ...settings }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    onReply: () => undefined,
  })
  try {
    return (await connection.send(notice, nobody, AbortSignal.timeout(8000))).answer
  } finally {
    await connection.close()
  }
}

/** Takes connections and bytes, and never says or ends anything. */
async function startMuteServer(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** OpenSSL's own server that takes only clients with a certificate, and says so by an alert; rsyslog's gtls only hangs up. */
async function startCertificateServer({ caFile, certFile, keyFile }: TestCertificates): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freeTcpPort()
  const files = ['-CAfile', caFile, '-cert', certFile, '-key', keyFile]
  const program = startChildProgram(OPENSSL_PATH, [
    's_server',
    '-accept',
    `${host}:${port}`,
    '-Verify',
    '1',
    '-verify_return_error',
    ...files,
  ])
  await waitFor('openssl listens', 5000, async () => (program.output().includes('ACCEPT') ? true : undefined))
  return { port, stop: () => program.stop() }
}

describe.skipIf(missing !== undefined)(`syslog with rsyslogd${missing === undefined ? '' : ` (${missing})`}`, () => {
  let certificates: TestCertificates
  /** The same pair serves as the client's own: it is signed by the authority the server asks for. */
  let own: { ca: string; clientCertificate: string; clientKey: string }
  beforeAll(() => {
    certificates = makeCertificates()
    const [ca, clientCertificate, clientKey] = [certificates.caFile, certificates.certFile, certificates.keyFile].map((file) =>
      readFileSync(file, 'utf8'),
    )
    own = { ca: ca ?? '', clientCertificate: clientCertificate ?? '', clientKey: clientKey ?? '' }
  }, 30_000)
  afterAll(() => certificates?.dispose())

  describe.each(['udp', 'tcp', 'tls'] as const)('%s', (transport) => {
    const at = (port: number, more: Record<string, unknown> = {}) => ({
      settings: { host, port, transport, ...own, ...more },
      recipient: nobody,
      dispose: async () => undefined,
    })
    channelContract({
      channel: syslogChannel,
      async startPeer() {
        const server = await startRsyslogd(transport, certificates)
        return {
          ...at(server.port),
          received: async () => (await server.received()).map((message) => JSON.stringify(message)),
          dispose: () => server.stop(),
        }
      },
      unreachable: async () => at(await (transport === 'udp' ? freeUdpPort() : freeTcpPort())),
      silent:
        transport === 'udp'
          ? { notApplicable: 'UDP has no answers' }
          : async () => {
              const server = await startMuteServer()
              return { ...at(server.port), dispose: () => server.stop() }
            },
      refusing:
        transport === 'tls'
          ? async () => {
              const server = await startCertificateServer(certificates)
              return { ...at(server.port, { clientCertificate: undefined, clientKey: undefined }), dispose: () => server.stop() }
            }
          : { notApplicable: 'plain syslog cannot refuse' },
      wrongRecipient: { notApplicable: 'a log server has no recipients' },
      invalidSettings: [
        { settings: {}, key: 'host' },
        { settings: { host, transport: 'relp' }, key: 'transport' },
        { settings: { host, facility: 'kern' }, key: 'facility' },
        { settings: { host, appName: 'two words' }, key: 'appName' },
        { settings: { host, hostname: '主机' }, key: 'hostname' },
        { settings: { host, maxBytes: 100 }, key: 'maxBytes' },
        { settings: { host, ca: 'no certificate' }, key: 'ca' },
        { settings: { host, clientCertificate: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' }, key: 'clientKey' },
      ],
      invalidAddresses: [],
    })
  })

  describe('what arrives', () => {
    let server: Rsyslogd
    beforeAll(async () => {
      server = await startRsyslogd('tcp')
    })
    afterAll(async () => server?.stop())

    it('is understood field by field, and escaped so that nothing gets out of its value', async () => {
      const hostile = 'a"b]c\\d [x@1 y="z"]\nnext'
      const notice = exampleNotice({ id: 'fields', text: '第一行\n第二行\u0000\u001b[31m' })
      notice.facts.device = hostile
      await send({ port: server.port, transport: 'tcp', hostname: 'keeper.example', facility: 'local5' }, notice)
      const [message] = await waitFor('it is in the log', 5000, async () => {
        const all = await server.received()
        return all.length > 0 ? all : undefined
      })
      expect(message).toMatchObject({
        facility: 'local5',
        severity: 'err',
        time: new Date(notice.atMs).toISOString(),
        hostname: 'keeper.example',
        appName: 'roomkeeper',
        messageId: 'raise',
      })
      expect(message?.structuredData).toContain('device="a\\"b\\]c\\\\d [x@1 y=\\"z\\"\\] next" point="temperature"')
      expect(message?.structuredData).toMatch(/^\[roomkeeper@32473 id="fields" .*room="中心机房".*\]$/)
      expect(message?.text.replace('\ufeff', '')).toBe('中心机房 温度过高 31.5 ℃ | 第一行 | 第二行 [31m')
    })

    it('a server that hangs up on us without a word is tried again', async () => {
      const strict = await startRsyslogd('tls', certificates, true)
      try {
        const { ca } = own
        await expect(send({ port: strict.port, transport: 'tls', ca }, exampleNotice())).rejects.toMatchObject({ kind: 'unreachable' })
        await send({ port: strict.port, transport: 'tls', ...own }, exampleNotice({ id: 'with-certificate' }))
        await waitFor('it is in the log', 5000, async () => ((await strict.received()).length === 1 ? true : undefined))
      } finally {
        await strict.stop()
      }
    })

    it('a certificate of an unknown authority is a matter of the settings', async () => {
      const secure = await startRsyslogd('tls', certificates)
      try {
        await expect(send({ port: secure.port, transport: 'tls' }, exampleNotice())).rejects.toMatchObject({ kind: 'configuration' })
        expect(await secure.received()).toEqual([])
      } finally {
        await secure.stop()
      }
    })
  })
})

describe('a syslog message', () => {
  const settings = syslogSettings.parse({ host })
  const text = (change: Partial<Notice>, maxBytes = 2048): string =>
    syslogMessage(exampleNotice(change), { ...settings, maxBytes }, 'keeper').toString()

  it.each([
    ['raise', 'critical', 130],
    ['raise', 'high', 131],
    ['re-alarm', 'medium', 132],
    ['escalation', 'low', 133],
    ['clear', 'critical', 134],
    ['drill', 'critical', 134],
  ] as const)('%s of priority %s is <%i>', (kind, priority, pri) => {
    expect(text({ kind, priority })).toMatch(
      new RegExp(`^<${pri}>1 2026-09-21T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z keeper roomkeeper \\d+ ${kind} \\[`),
    )
  })

  it('has its text in UTF-8 behind a BOM, in one line', () => {
    expect(text({ text: '一\n二' })).toMatch(/\] \ufeff中心机房 温度过高 31\.5 ℃ \| 一 \| 二$/)
  })

  it.each([480, 600, 2048, 65_000])('is never longer than %i bytes, still well-formed, and begins with the title', (maxBytes) => {
    const notice = exampleNotice({ id: '"'.repeat(300), text: '热🔥'.repeat(20_000), url: 'https://x/'.padEnd(400, 'y') })
    for (const key of ['room', 'device', 'point', 'value', 'limit'] as const) notice.facts[key] = '"机\\]'.repeat(100)
    const message = syslogMessage(notice, { ...settings, maxBytes }, 'k'.repeat(100))
    expect(message.length).toBeLessThanOrEqual(maxBytes)
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message)
    expect(decoded).toMatch(/^<\d+>1 \S+ \S+ \S+ \d+ \S+ \[roomkeeper@32473( \w+="([^"\\\]]|\\["\\\]])*")*\] \ufeff中心机房 温度过高/)
  })
})
