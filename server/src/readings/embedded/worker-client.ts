import { Worker } from 'node:worker_threads'
import type { ReplyMessage, Requests } from './worker-requests.ts'

/** A request a worker answered with an error. `sqliteCode` is SQLite's result code, if it was its. */
export class WorkerRequestError extends Error {
  override readonly name = 'WorkerRequestError'
  readonly sqliteCode: number | undefined

  constructor(message: string, sqliteCode: number | undefined) {
    super(message)
    this.sqliteCode = sqliteCode
  }
}

/** Typed requests to a worker thread, answered in order. When the thread dies, requests under way fail and later ones too. */
export class WorkerClient<R extends Requests<R>> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>()
  #nextId = 1
  #ended: Error | undefined

  constructor(file: URL) {
    this.#worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 8 } })
    this.#worker.on('message', (reply: ReplyMessage) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if ('error' in reply) waiting?.reject(new WorkerRequestError(reply.error.message, reply.error.code))
      else waiting?.resolve(reply.answer)
    })
    this.#worker.on('error', (error: Error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new Error('the worker thread ended')))
  }

  get alive(): boolean {
    return this.#ended === undefined
  }

  ask<K extends keyof R & string>(kind: K, ask: R[K]['ask'], transfer: ArrayBuffer[] = []): Promise<R[K]['answer']> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, kind, ask }, transfer)
    })
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}
