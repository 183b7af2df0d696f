import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ChannelError } from '../channel.ts'
import type { SyslogSettings } from './settings.ts'

/** Long enough for the kernel's word that nobody listens there (ICMP), which is all that UDP can tell. */
const ICMP_WAIT_MS = 250
/**
 * rsyslog looks at our certificate only after the handshake, and hangs up in order when it does not like it: what was written by then is
 * lost, and looks delivered. No message says that we are welcome, so it is given this long to hang up first.
 */
const TLS_WELCOME_MS = 500
/** TLS alerts by which a server says that it does not take our certificate, or wants one (RFC 8446 section 6.2). */
const CERTIFICATE_ALERT =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)|alert (bad|certificate|unknown ca|access)/i
/** What is wrong with the server's certificate, by OpenSSL's and Node's names. */
const SERVER_CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** Hands over one message; resolves with what is known of it. Ends with the signal. */
export async function deliver(message: Buffer, settings: SyslogSettings, signal: AbortSignal): Promise<string> {
  const port = settings.port ?? (settings.transport === 'tls' ? 6514 : 514)
  const where = `${settings.host}:${port}`
  try {
    if (settings.transport === 'udp') {
      await sendDatagram(message, settings.host, port, signal)
      return `已发往 ${where}（UDP）；syslog 没有应答，是否收到无从得知 · sent to ${where} (UDP); syslog has no answers, so whether it arrived is not known`
    }
    await sendAndHangUp(() => openStream(settings, port), message, settings.transport === 'tls' ? 'secureConnect' : 'connect', signal)
    const way = settings.transport.toUpperCase()
    return `${where} 已读完 ${message.length} 字节并关闭连接（${way}） · ${where} read all ${message.length} bytes and closed the connection (${way})`
  } catch (error) {
    throw asChannelError(error, where)
  }
}

async function sendDatagram(message: Buffer, host: string, port: number, signal: AbortSignal): Promise<void> {
  const { address, family } = await untilAborted(lookup(host), signal)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('no time left')), { once: true })
      if (signal.aborted) return reject(new Error('no time left'))
      socket.on('error', reject)
      // Only a connected socket is told that nobody listens.
      socket.connect(port, address, () => {
        socket.send(message, (error) => {
          if (error !== null) reject(error)
          else setTimeout(resolve, ICMP_WAIT_MS)
        })
      })
    })
  } finally {
    socket.close()
  }
}

function openStream(settings: SyslogSettings, port: number): Socket {
  const { host, transport, ca, clientCertificate: cert, clientKey: key } = settings
  if (transport === 'tcp') return connect({ host, port })
  return connectTls({ host, port, minVersion: 'TLSv1.2', ca, cert, key, ...(isIP(host) === 0 ? { servername: host } : {}) })
}

/**
 * One connection for each message, with octet counting (RFC 6587 section 3.4.1, RFC 5425 section 4.3): we end our half, and the server's
 * own end says that it has read everything. A connection kept open would lose what is written into it after the server has gone.
 */
function sendAndHangUp(open: () => Socket, message: Buffer, ready: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const socket = open()
    const onAbort = (): void => void socket.destroy(new Error('no time left'))
    let hasEnded = false
    let hasWritten = false
    socket.on('error', reject)
    socket.once('end', () => {
      // Node ends our half by itself when the server ends first, so the socket's own state does not tell.
      hasEnded = hasWritten
    })
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort)
      if (hasEnded && socket.writableFinished) resolve()
      else reject(new Error('the connection ended too early'))
    })
    const write = (): void => {
      hasWritten = true
      socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]))
    }
    let welcome: NodeJS.Timeout | undefined
    socket.once('close', () => clearTimeout(welcome))
    socket.once(ready, () => {
      if (ready === 'connect') write()
      else welcome = setTimeout(write, TLS_WELCOME_MS)
    })
    socket.resume()
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no time left')), { once: true })
    if (signal.aborted) reject(new Error('no time left'))
    work.then(resolve, reject)
  })
}

function asChannelError(error: unknown, where: string): ChannelError {
  const words = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (CERTIFICATE_ALERT.test(code) || CERTIFICATE_ALERT.test(words))
    return new ChannelError('refused', `${where} 不接受本机证书（${code}） · ${where} does not take our certificate (${code})`, {
      cause: error,
    })
  if (SERVER_CERTIFICATE.test(code))
    return new ChannelError('configuration', `${where} 的证书不可信（${code}） · the certificate of ${where} is not trusted (${code})`, {
      cause: error,
    })
  if (code.startsWith('ERR_OSSL_PEM') || code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH')
    return new ChannelError('configuration', `证书或私钥无法使用（${code}） · certificate or key cannot be used (${code})`)
  return new ChannelError('unreachable', `${where}：${words} · ${where}: ${words}`, { cause: error })
}
