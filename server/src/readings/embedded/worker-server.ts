import { parentPort } from 'node:worker_threads'
import type { ReplyMessage, RequestMessage, Requests } from './worker-requests.ts'

/** Answers requests from the main thread, one after another. Errors go back as values; the worker lives on. */
export function serveRequests<R extends Requests<R>>(handlers: { [K in keyof R]: (ask: R[K]['ask']) => R[K]['answer'] }): void {
  const port = parentPort
  if (port === null) throw new Error('runs as a worker thread only')
  port.on('message', ({ id, kind, ask }: RequestMessage) => {
    let reply: ReplyMessage
    try {
      reply = { id, answer: handlers[kind as keyof R](ask as R[keyof R]['ask']) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
      reply = { id, error: { message, code } }
    }
    port.postMessage(reply)
    if (kind === 'close') port.close()
  })
}

/** The open database of a worker, or an error that says it is not open. */
export function opened<T>(database: T | undefined): T {
  if (database === undefined) throw new Error('the store is not open')
  return database
}
