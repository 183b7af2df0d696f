import { Agent, type AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { DriverError } from './driver.ts'

/** Which certificate is trusted; without any of these, what the system's authorities signed for this name. */
export interface TlsTrust {
  /** PEM text. */
  ca?: string
  /** SHA-256 of the certificate that is trusted, 64 hexadecimal digits; nothing else of it is checked then. */
  fingerprint?: string
  /** Any certificate. Only where agent.yaml says so. */
  isInsecure?: boolean
}

/**
 * Connections whose certificate is checked before anything is sent. A certificate that is not trusted is a DriverError `denied` that says
 * the fingerprint seen, so that a person can compare and copy it. A handshake ends within `timeoutMs`, and at once with `destroy`.
 */
export class TlsAgent extends Agent {
  readonly #trust: TlsTrust
  readonly #timeoutMs: number
  readonly #connecting = new Set<TLSSocket>()

  constructor(trust: TlsTrust, timeoutMs: number, options: AgentOptions = {}) {
    super(options)
    this.#trust = trust
    this.#timeoutMs = timeoutMs
  }

  override createConnection(
    { host, port, servername }: { host?: string | null; port?: number | string | null; servername?: string },
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    // Checked below: a refusal by the library would not say the fingerprint.
    const options = { host: host ?? 'localhost', port: Number(port ?? 443), rejectUnauthorized: false, ca: this.#trust.ca }
    const socket = connect({ ...options, ...(servername && { servername }) })
    this.#connecting.add(socket)
    let isSettled = false
    const settle = (error: Error | null): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      this.#connecting.delete(socket)
      if (error === null) socket.off('error', settle).off('close', onClose)
      else socket.destroy()
      done(error, socket)
    }
    const onClose = (): void => settle(new Error('the connection was closed'))
    const timer = setTimeout(() => settle(new Error(`no TLS connection within ${this.#timeoutMs} ms`)), this.#timeoutMs)
    socket.once('error', settle).once('close', onClose)
    socket.once('secureConnect', () => settle(distrust(socket, this.#trust, `${host}:${port}`) ?? null))
  }

  override destroy(): void {
    for (const socket of this.#connecting) socket.destroy()
    super.destroy()
  }
}

function distrust(socket: TLSSocket, { ca, fingerprint, isInsecure }: TlsTrust, where: string): DriverError | undefined {
  if (isInsecure) return undefined
  const seen = socket.getPeerCertificate().fingerprint256
  if (fingerprint !== undefined) {
    if (seen.replaceAll(':', '') === fingerprint) return undefined
    return new DriverError('denied', `${where}: 证书指纹不符 · the certificate is another one: ${seen}`)
  }
  if (socket.authorized) return undefined
  const advice =
    ca === undefined
      ? `核对后写入 fingerprint · compare it with the device’s own page and write it as fingerprint: ${seen}`
      : `证书非 ca 签发或名称不符 · not signed by ca, or for another name; its fingerprint: ${seen}`
  return new DriverError(
    'denied',
    `${where}: 证书不受信任 · the certificate is not trusted (${String(socket.authorizationError)}); ${advice}`,
  )
}
