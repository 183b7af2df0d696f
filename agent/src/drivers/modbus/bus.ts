import { setTimeout as sleep } from 'node:timers/promises'
import { DriverError } from '../driver.ts'
import type { ModbusLink } from './link.ts'
import type { Question } from './pdu.ts'

interface Waiting {
  unitId: number
  question: Question
  timeoutMs: number
  pauseMs: number
  signal: AbortSignal
  resolve(answer: Buffer): void
  reject(error: unknown): void
}

export interface AskOptions {
  unitId: number
  question: Question
  /** From the moment the line is free. */
  timeoutMs: number
  /** Silence that this unit, or the gateway before it, needs after the question before, ms. */
  pauseMs: number
  /** A person waits for it (an output): before everything else in the queue. */
  isUrgent: boolean
  signal: AbortSignal
}

/**
 * Several units behind one line: one question at a time, first come first served. A unit that did not answer last time costs the others its time-out
 * once; then all units like it wait for as long as that took, so that however many are dead, the line belongs to the living half of the time.
 */
export class Bus {
  private readonly link: ModbusLink
  private readonly queue: Waiting[] = []
  private readonly living = new Set<number>()
  private readonly silent = new Set<number>()
  private silentFromMs = 0
  private endedMs = Number.NEGATIVE_INFINITY
  private isBusy = false
  private timer: NodeJS.Timeout | undefined

  constructor(link: ModbusLink) {
    this.link = link
  }

  /** The answer's PDU, which may be an exception. Rejects with a DriverError. */
  ask({ signal, isUrgent, ...asked }: AskOptions): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...asked,
        signal,
        resolve: (answer) => {
          signal.removeEventListener('abort', onAbort)
          resolve(answer)
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      const onAbort = (): void => {
        const at = this.queue.indexOf(waiting)
        if (at < 0) return
        this.queue.splice(at, 1)
        waiting.reject(cancelled(signal))
      }
      if (signal.aborted) {
        reject(cancelled(signal))
        return
      }
      signal.addEventListener('abort', onAbort, { once: true })
      if (isUrgent) this.queue.unshift(waiting)
      else this.queue.push(waiting)
      this.serve()
    })
  }

  /** Resolves when the line may be opened anew. */
  close(): Promise<void> {
    clearTimeout(this.timer)
    for (const waiting of this.queue.splice(0)) waiting.reject(new DriverError('unreachable', 'Modbus: the connection was closed'))
    return this.link.close()
  }

  private serve(): void {
    if (this.isBusy || this.queue.length === 0) return
    clearTimeout(this.timer)
    const waitMs = this.living.size === 0 ? 0 : this.silentFromMs - performance.now()
    const at = waitMs > 0 ? this.queue.findIndex(({ unitId }) => !this.silent.has(unitId)) : 0
    const [next] = at < 0 ? [] : this.queue.splice(at, 1)
    if (next === undefined) {
      this.timer = setTimeout(() => this.serve(), Math.ceil(waitMs))
      return
    }
    this.isBusy = true
    this.askNow(next)
      .then(next.resolve, next.reject)
      .finally(() => {
        this.isBusy = false
        this.serve()
      })
  }

  private async askNow({ unitId, question, timeoutMs, pauseMs, signal }: Waiting): Promise<Buffer> {
    const restMs = this.endedMs + pauseMs - performance.now()
    if (restMs > 0) {
      await sleep(Math.ceil(restMs), undefined, { signal }).catch(() => {
        throw cancelled(signal)
      })
    }
    const startedMs = performance.now()
    try {
      const answer = await this.link.ask(unitId, question, timeoutMs, signal)
      this.living.add(unitId)
      this.silent.delete(unitId)
      return answer
    } catch (error) {
      if (error instanceof DriverError && error.kind === 'unreachable' && !signal.aborted) {
        this.living.delete(unitId)
        this.silent.add(unitId)
        this.silentFromMs = performance.now() + (performance.now() - startedMs)
      }
      throw error
    } finally {
      this.endedMs = performance.now()
    }
  }
}

function cancelled(signal: AbortSignal): DriverError {
  return new DriverError('unreachable', 'Modbus: the read was cancelled', { cause: signal.reason })
}
