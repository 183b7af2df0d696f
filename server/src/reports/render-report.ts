import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Block, ReportFormat, ReportHead } from './document.ts'
import type { ReportAnswer, ReportAsk } from './report-worker.ts'

export interface ReportRequest {
  format: ReportFormat
  head: ReportHead
  /** Read from the database in pages; each block is handed on before the next is asked for. */
  blocks: AsyncIterable<Block>
  onProgress?(share: number, text: string): void
}

/** Reports that are made at the same time; the others wait. Each has a thread with two fonts in memory (about 100 MB). */
const AT_ONCE = 2
/** Blocks handed over together. */
const BATCH = 40
/** A worker that needs more is ended, not the server. */
const HEAP_MB = 1024

let running = 0
const waiting: (() => void)[] = []

async function takeTurn(): Promise<void> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
}

function giveTurn(): void {
  running--
  waiting.shift()?.()
}

/**
 * The bytes of a report, as they are made by a worker thread: layout and fonts never hold up ingest. Throws what reading the blocks threw, and when the
 * thread failed. Leaving the loop early ends the thread.
 */
export async function* renderReport({ format, head, blocks, onProgress }: ReportRequest): AsyncGenerator<Uint8Array, void, undefined> {
  await takeTurn()
  const worker = new Worker(new URL('./report-worker.ts', import.meta.url), {
    workerData: { head, format },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const answers = new Answers(worker)
  const ask = (message: ReportAsk): void => worker.postMessage(message)
  try {
    let batch: Block[] = []
    const handOver = async (): Promise<void> => {
      if (batch.length === 0) return
      ask({ kind: 'blocks', blocks: batch })
      batch = []
      await answers.taken()
    }
    for await (const block of blocks) {
      if (block.kind === 'progress') {
        onProgress?.(block.share, block.text)
        continue
      }
      batch.push(block)
      if (batch.length < BATCH && block.kind !== 'picture') continue
      await handOver()
      await nextTurn()
    }
    await handOver()
    ask({ kind: 'end' })
    yield* answers.bytes()
  } finally {
    await worker.terminate()
    giveTurn()
  }
}

/** What the worker says, in order. */
class Answers {
  readonly #queue: Uint8Array[] = []
  #taken = 0
  #ended = false
  #error: Error | undefined
  #wake: () => void = () => undefined

  constructor(worker: Worker) {
    worker.on('message', (message: ReportAnswer) => {
      if (message.kind === 'bytes') this.#queue.push(message.bytes)
      else if (message.kind === 'taken') this.#taken++
      else this.#ended = true
      this.#wake()
    })
    worker.on('error', (error: Error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the report thread ended')))
  }

  #fail(error: Error): void {
    if (!this.#ended) this.#error ??= error
    this.#wake()
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#error) throw this.#error
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async taken(): Promise<void> {
    await this.#until(() => this.#taken > 0)
    this.#taken--
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      await this.#until(() => this.#queue.length > 0 || this.#ended)
      const chunk = this.#queue.shift()
      if (chunk) yield chunk
      else if (this.#ended) return
    }
  }
}
