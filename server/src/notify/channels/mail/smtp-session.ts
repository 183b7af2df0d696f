import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { DEFAULT_PORTS, type MailSettings } from './settings.ts'

/** No step of a session takes longer, even when nobody aborts it. */
const STEP_TIMEOUT_MS = 60_000

/** One conversation with the server, logged in. */
export interface SmtpSession {
  readonly isOpen: boolean
  /** Resolves with the server's last words. Ends the session when the signal aborts, for half a message cannot be taken back. */
  send(from: string, to: string, message: Buffer, signal: AbortSignal): Promise<string>
  /** Says goodbye; safe to call twice. */
  quit(): void
}

/** Connects, encrypts as set and logs in. Rejects with nodemailer's own error (`code`, `responseCode`, `response`, `command`). */
export async function openSmtpSession(settings: MailSettings, signal: AbortSignal): Promise<SmtpSession> {
  const { host, tls, ca, user, password } = settings
  const smtp = new SMTPConnection({
    host,
    port: settings.port ?? DEFAULT_PORTS[tls],
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    dnsTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    socketCloseTimeout: 0,
  })
  let isOpen = true
  let fail: (error: unknown) => void = () => undefined
  // Stays for the whole life: an "error" without a listener would end the server.
  smtp.on('error', (error: unknown) => {
    isOpen = false
    fail(error)
  })
  smtp.on('end', () => {
    isOpen = false
    fail(new Error('the server has closed the connection'))
  })
  const step = <T>(run: (done: (error?: unknown, result?: T) => void) => void, stepSignal: AbortSignal): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        isOpen = false
        reject(new Error('aborted'))
        smtp.close()
      }
      if (stepSignal.aborted) return abort()
      stepSignal.addEventListener('abort', abort, { once: true })
      fail = reject
      run((error, result) => {
        stepSignal.removeEventListener('abort', abort)
        if (error === undefined || error === null) resolve(result)
        else reject(error)
      })
    })
  try {
    await step((done) => smtp.connect(done), signal)
    if (user !== undefined && password !== undefined)
      await step((done) => smtp.login({ credentials: { user, pass: password } }, done), signal)
  } catch (error) {
    smtp.close()
    throw error
  }
  return {
    get isOpen() {
      return isOpen
    },
    send: async (from, to, message, sendSignal) => {
      const info = await step<{ response: string }>((done) => smtp.send({ from, to: [to] }, message, done), sendSignal)
      return info?.response ?? ''
    },
    quit: () => {
      if (isOpen) smtp.quit()
      isOpen = false
    },
  }
}
