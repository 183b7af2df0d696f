import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'

export const OPENSSL_PATH = '/usr/bin/openssl'

export interface TestCertificates {
  /** PEM files: the authority, and the key and certificate it signed for localhost and 127.0.0.1. */
  caFile: string
  keyFile: string
  certFile: string
  /** SHA-256 of the certificate, with colons. */
  fingerprint: string
  dispose(): void
}

/** An authority of its own and a certificate that lasts `days`, made by openssl. */
export function makeCertificates(days = 30): TestCertificates {
  const dir = mkdtempSync(join(tmpdir(), 'roomkeeper-tls-'))
  const file = (name: string): string => join(dir, name)
  const openssl = (...args: string[]): void => void execFileSync(OPENSSL_PATH, args, { cwd: dir, stdio: 'ignore' })
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=test authority',
  )
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', String(days)]
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing)
  const { fingerprint256 } = new X509Certificate(readFileSync(file('server.pem')))
  return {
    caFile: file('ca.pem'),
    keyFile: file('server.key'),
    certFile: file('server.pem'),
    fingerprint: fingerprint256,
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** TLS on a free port of 127.0.0.1, passed on to `port` as a reverse proxy does. */
export async function startTlsFront(port: number, certificates: TestCertificates): Promise<{ port: number; stop(): Promise<void> }> {
  const { keyFile, certFile } = certificates
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (socket) => {
    const inner = connect(port, '127.0.0.1')
    socket.pipe(inner).pipe(socket)
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}
