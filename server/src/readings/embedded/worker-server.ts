import { parentPort } from 'node:worker_threads'
import type { ReplyMessage, RequestMessage, Requests } from './worker-requests.ts'

type Handlers<R extends Requests<R>> = { [K in keyof R]: (ask: R[K]['ask']) => R[K]['answer'] | Promise<R[K]['answer']> }

/** Answers requests from the main thread, one after another. Errors go back as values; the worker lives on. */
export function serveRequests<R extends Requests<R>>(handlers: Handlers<R>): void {
  const port = parentPort
  if (port === null) throw new Error('runs as a worker thread only')
  const serve = async ({ id, kind, ask }: RequestMessage): Promise<void> => {
    let reply: ReplyMessage
    try {
      reply = { id, answer: await handlers[kind as keyof R](ask as R[keyof R]['ask']) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      reply = { id, error: { message, code: sqliteErrorOf(error) } }
    }
    port.postMessage(reply)
    if (kind === 'close') port.close()
  }
  let turn: Promise<void> = Promise.resolve()
  port.on('message', (message: RequestMessage) => {
    turn = turn.then(() => serve(message))
  })
}

/** SQLite's result code, if the error is its own. */
export function sqliteErrorOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}

/** The open database of a worker, or an error that says it is not open. */
export function opened<T>(database: T | undefined): T {
  if (database === undefined) throw new Error('the store is not open')
  return database
}
