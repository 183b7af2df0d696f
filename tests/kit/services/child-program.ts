import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

/** A program started by a test. Its output is kept (the last 8 kB) to explain a failure. */
export interface ChildProgram {
  readonly process: ChildProcess
  output(): string
  /** Ends it by its own process id: SIGTERM, and SIGKILL after 5 s. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** `logFile`: all of the output is appended there too. */
export function startChildProgram(path: string, args: readonly string[], env: Record<string, string> = {}, logFile?: string): ChildProgram {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const file = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' })
  child.once('close', () => file?.end())
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-8192)
    file?.write(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.stdin.on('error', () => undefined)
  child.on('error', (error) => keep(Buffer.from(String(error))))
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return {
    process: child,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(killer)
    },
  }
}

/** Asks again until `probe` gives a value; after `deadlineMs` it fails and says what it waited for. Less often what takes long anyway. */
export async function waitFor<T>(what: string | (() => string), deadlineMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const began = Date.now()
  const deadline = began + deadlineMs
  for (;;) {
    const value = await probe()
    if (value !== undefined) return value
    if (Date.now() > deadline) throw new Error(`${typeof what === 'string' ? what : what()}: not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, Date.now() - began < 2000 ? 50 : 150))
  }
}
