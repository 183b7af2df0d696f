import { WorkerClient } from '../readings/embedded/worker-client.ts'
import type { HeatingModel, LearnedGap, LearnGapResult, RoomSample } from './heating-model.ts'

/** What the worker thread is asked and answers. */
export interface FitRequests {
  learn: { ask: { samples: readonly RoomSample[]; startMs: number; endMs: number }; answer: LearnGapResult }
  merge: { ask: { gaps: readonly LearnedGap[] }; answer: HeatingModel | undefined }
}

/** Fits come at a start and around a loss; in between nothing is kept in memory. */
const IDLE_MS = 30_000

/** Learning and merging of gaps in a thread of their own, which is there while it is needed. */
export class Fits {
  #worker: WorkerClient<FitRequests> | undefined
  #idle: NodeJS.Timeout | undefined

  learn(ask: FitRequests['learn']['ask']): Promise<FitRequests['learn']['answer']> {
    return this.#open().ask('learn', ask)
  }

  merge(gaps: readonly LearnedGap[]): Promise<HeatingModel | undefined> {
    return this.#open().ask('merge', { gaps })
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #open(): WorkerClient<FitRequests> {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.stop(), IDLE_MS)
    this.#idle.unref()
    if (this.#worker?.alive !== true) this.#worker = new WorkerClient(new URL('./fit-worker.ts', import.meta.url))
    return this.#worker
  }
}
