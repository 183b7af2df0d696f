import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChildProgram, waitFor } from './child-program.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import type { TestCertificates } from './tls-front.ts'

export const RSYSLOGD_PROGRAMS = ['/usr/sbin/rsyslogd'] as const
/** Its TLS (Debian package rsyslog-gnutls), in the folder of this machine's architecture. */
export const rsyslogTlsPath = (): string => globSync('/usr/lib/*/rsyslog/lmnsd_gtls.so')[0] ?? 'rsyslog/lmnsd_gtls.so'

/** One message as rsyslog parsed it. */
export interface LoggedMessage {
  facility: string
  severity: string
  time: string
  hostname: string
  appName: string
  messageId: string
  structuredData: string
  text: string
}

export interface Rsyslogd {
  readonly port: number
  received(): Promise<readonly LoggedMessage[]>
  stop(): Promise<void>
}

/** rsyslogd on 127.0.0.1 that writes what it understood, as a line of JSON each. With `askForCertificate` it takes only clients that have one. */
export async function startRsyslogd(
  transport: 'udp' | 'tcp' | 'tls',
  certificates?: TestCertificates,
  askForCertificate = false,
): Promise<Rsyslogd> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-rsyslogd-'))
  const port = await (transport === 'udp' ? freeUdpPort() : freeTcpPort())
  const [configFile, logFile] = [join(dir, 'rsyslog.conf'), join(dir, 'messages')]
  const fields = {
    facility: 'syslogfacility-text',
    severity: 'syslogseverity-text',
    time: 'timereported',
    hostname: 'hostname',
    appName: 'app-name',
    messageId: 'msgid',
    structuredData: 'structured-data',
    text: 'msg',
  }
  const json = Object.entries(fields).map(([field, property], index) => {
    const date = field === 'time' ? ' dateformat="rfc3339"' : ''
    return `constant(value="${index === 0 ? '{' : ','}\\"${field}\\":\\"") property(name="${property}"${date} format="json") constant(value="\\"")`
  })
  const input =
    transport === 'udp'
      ? ['module(load="imudp")', `input(type="imudp" address="127.0.0.1" port="${port}")`]
      : transport === 'tcp'
        ? ['module(load="imtcp")', `input(type="imtcp" address="127.0.0.1" port="${port}")`]
        : [
            `module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="${askForCertificate ? 'x509/certvalid' : 'anon'}")`,
            `input(type="imtcp" address="127.0.0.1" port="${port}")`,
          ]
  await writeFile(
    configFile,
    [
      'global(',
      `  workDirectory="${dir}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"`,
      ...(certificates
        ? [
            `  defaultNetstreamDriverCAFile="${certificates.caFile}" defaultNetstreamDriverCertFile="${certificates.certFile}"`,
            `  defaultNetstreamDriverKeyFile="${certificates.keyFile}"`,
          ]
        : []),
      ')',
      ...input,
      `template(name="json" type="list") { ${json.join(' ')} constant(value="}\\n") }`,
      `action(type="omfile" file="${logFile}" template="json")`,
      '',
    ].join('\n'),
  )
  const program = startChildProgram('/usr/sbin/rsyslogd', ['-n', '-f', configFile, '-i', join(dir, 'pid')])
  await waitFor(
    () => `rsyslogd listens: ${program.output()}`,
    10_000,
    async () => {
      if (program.process.exitCode !== null) throw new Error(`rsyslogd ended: ${program.output()}`)
      return (await isListening(transport, port)) ? true : undefined
    },
  )
  return {
    port,
    async received() {
      if (!existsSync(logFile)) return []
      const lines = (await readFile(logFile, 'utf8')).split('\n').slice(0, -1)
      // rsyslog's own messages go through the same rules.
      return lines.map((line) => JSON.parse(line) as LoggedMessage).filter(({ appName }) => appName !== 'rsyslogd')
    },
    async stop() {
      await program.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A UDP port is looked up in the kernel's table: a datagram to ask would be logged. */
async function isListening(transport: string, port: number): Promise<boolean> {
  if (transport === 'udp')
    return (await readFile('/proc/net/udp', 'utf8')).includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `)
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
