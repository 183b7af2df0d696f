import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startChildProgram, waitFor } from './child-program.ts'
import { PYTHON_PATH } from './require-program.ts'

const SERVER_PATH = fileURLToPath(new URL('./smtp-server.py', import.meta.url))

/** A message as the server took it; `parts` by content type, decoded; header names in small letters. */
export interface TakenMail {
  /** When its last byte had come, UTC ms with fractions. */
  takenAtMs: number
  from: string
  to: string[]
  headers: Record<string, string>
  parts: Record<string, string>
  files: { name: string; type: string; base64: string }[]
  encrypted: boolean
  user: string | null
  longestLine: number
}

/** A real SMTP server by aiosmtpd. Recipients called nobody, relay, busy, spam or hang are treated as smtp-server.py says. */
export interface SmtpServer {
  readonly port: number
  readonly messages: readonly TakenMail[]
  /** Clients since the start. */
  connections(): number
  /** Clients that have gone. */
  endedConnections(): number
  stop(): Promise<void>
}

export interface SmtpServerOptions {
  tls: 'none' | 'starttls' | 'implicit'
  certFile?: string
  keyFile?: string
  /** With these a login is demanded. */
  user?: string
  password?: string
  /** Takes connections and never greets. */
  hangs?: boolean
  /** Ends a silent client after so long, s. */
  timeoutS?: number
  /** A longer message is refused by 552, which it says at the beginning (SIZE). */
  maxBytes?: number
  /** Where it listens; a free port by default. */
  port?: number
  /** So long it has a message before it says so. */
  answerAfterMs?: number
  /** Called as soon as it has a message. */
  onMessage?: () => void
}

export async function startSmtpServer({ onMessage, ...options }: SmtpServerOptions): Promise<SmtpServer> {
  const program = startChildProgram(PYTHON_PATH, [SERVER_PATH, JSON.stringify(options)])
  const { stdout } = program.process
  if (stdout === null) throw new Error('aiosmtpd: no pipe')
  const messages: TakenMail[] = []
  let [port, connections, ended] = [0, 0, 0]
  createInterface({ input: stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { port?: number; connection?: true; ended?: true; message?: TakenMail }
    port = said.port ?? port
    if (said.connection !== undefined) connections += 1
    if (said.ended !== undefined) ended += 1
    if (said.message === undefined) return
    messages.push(said.message)
    onMessage?.()
  })
  await waitFor(
    () => `aiosmtpd listens: ${program.output()}`,
    20_000,
    async () => (port === 0 ? undefined : port),
  )
  return { port, messages, connections: () => connections, endedConnections: () => ended, stop: () => program.stop() }
}
