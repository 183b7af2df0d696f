import { spawn } from 'node:child_process'
import { DriverError } from './driver.ts'

export interface ProgramResult {
  exitCode: number
  stdout: string
  stderr: string
}

export interface ProgramRun {
  /** The file itself: no shell reads it, so nothing in the arguments is ever interpreted. */
  path: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  timeoutMs: number
  signal: AbortSignal
}

/** A plugin that prints more than this is none. */
const MAX_OUTPUT_BYTES = 256 * 1024

/**
 * Runs a program to its end. Rejects with a DriverError: `configuration` when it cannot be started, `unreachable` when it does not end in
 * time or was killed, `garbage` when it prints without end. It and everything it started are killed when the time is over or the signal aborts.
 */
export function runProgram({ path, args, env, timeoutMs, signal }: ProgramRun): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new DriverError('unreachable', `${path}: the read was cancelled`, { cause: signal.reason }))
      return
    }
    // A group of its own, so that what the program starts can be ended with it.
    const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true, shell: false })
    const output = { stdout: '', stderr: '' }
    let failure: DriverError | undefined
    const end = (error: DriverError): void => {
      failure ??= error
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has just ended by itself.
      }
      settle()
    }
    const onAbort = (): void => end(new DriverError('unreachable', `${path}: the read was cancelled`, { cause: signal.reason }))
    const timer = setTimeout(() => end(new DriverError('unreachable', `${path} did not end within ${timeoutMs} ms`)), timeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    const settle = (exitCode?: number): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (failure) reject(failure)
      else if (exitCode === undefined) reject(new DriverError('unreachable', `${path} was killed by ${child.signalCode}`))
      else resolve({ exitCode, ...output })
    }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text
        if (output[name].length > MAX_OUTPUT_BYTES) end(new DriverError('garbage', `${path} printed more than ${MAX_OUTPUT_BYTES} bytes`))
      })
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isTemporary = error.code === 'EAGAIN' || error.code === 'ENOMEM' || error.code === 'EMFILE'
      end(new DriverError(isTemporary ? 'unreachable' : 'configuration', `${path} cannot be started: ${error.message}`, { cause: error }))
    })
    // `close`, not `exit`: the last of the output may come after the end.
    child.on('close', (exitCode) => settle(exitCode ?? undefined))
  })
}
