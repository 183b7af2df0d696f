import { connect, type Socket } from 'node:net'
import { DriverError } from './driver.ts'

export interface TcpExchangeOptions {
  host: string
  port: number
  /** Bounds one request that names no other bound, connecting included, ms. */
  timeoutMs: number
  /** More than this without a whole answer is garbage. */
  maxAnswerBytes: number
}

/** Looks at everything received since the request: the answer when it is whole, undefined while bytes are missing; throws a DriverError for garbage. */
export type AnswerParser<T> = (received: Buffer) => { answer: T } | undefined

/** The kept connection had gone (peer restarted, idle too long) before it answered anything: worth one more try on a new one. */
class StaleConnectionError extends Error {}

/**
 * Question-and-answer over one TCP connection that is kept between requests and made again when needed. Requests go one after the
 * other. After any failure the connection is dropped, so that a late answer is never taken for the next one.
 */
export class TcpExchange {
  private readonly options: TcpExchangeOptions
  private socket: Socket | undefined
  private last: Promise<unknown> = Promise.resolve()
  private closed = false

  constructor(options: TcpExchangeOptions) {
    this.options = options
  }

  /** Rejects with a DriverError: unreachable (no connection, no answer in time, cancelled, closed) or what `parse` throws. */
  request<T>(bytes: Uint8Array, parse: AnswerParser<T>, signal?: AbortSignal, timeoutMs = this.options.timeoutMs): Promise<T> {
    const result = this.last.then(() => this.requestNow(bytes, parse, timeoutMs, signal))
    this.last = result.catch(() => undefined)
    return result
  }

  close(): void {
    this.closed = true
    this.drop()
  }

  private async requestNow<T>(bytes: Uint8Array, parse: AnswerParser<T>, timeoutMs: number, signal?: AbortSignal): Promise<T> {
    const deadlineMs = performance.now() + timeoutMs
    for (;;) {
      if (this.closed) throw new DriverError('unreachable', `${this.where()}: the connection was closed`)
      const reused = this.socket !== undefined
      try {
        return await this.attempt(bytes, parse, { deadlineMs, timeoutMs }, signal)
      } catch (error) {
        this.drop()
        if (error instanceof StaleConnectionError && reused) continue
        if (error instanceof DriverError) throw error
        throw new DriverError('unreachable', `${this.where()}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    }
  }

  private attempt<T>(
    bytes: Uint8Array,
    parse: AnswerParser<T>,
    { deadlineMs, timeoutMs }: { deadlineMs: number; timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const socket = this.socket ?? this.connect()
      let received = Buffer.alloc(0)
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        socket.off('data', onData).off('error', onError).off('close', onClose)
        settle()
      }
      const fail = (error: Error): void => finish(() => reject(error))
      const onData = (chunk: Buffer): void => {
        received = Buffer.concat([received, chunk])
        let whole: { answer: T } | undefined
        try {
          whole = parse(received)
        } catch (error) {
          fail(error as Error)
          return
        }
        if (whole !== undefined) {
          const { answer } = whole
          finish(() => resolve(answer))
        } else if (received.length > this.options.maxAnswerBytes) {
          fail(new DriverError('garbage', `${this.where()}: more than ${this.options.maxAnswerBytes} bytes and still no whole answer`))
        }
      }
      const onError = (error: Error): void => fail(received.length === 0 ? new StaleConnectionError(error.message) : error)
      const onClose = (): void => {
        const message = 'the device closed the connection'
        fail(received.length === 0 ? new StaleConnectionError(message) : new Error(message))
      }
      const onAbort = (): void => fail(new DriverError('unreachable', `${this.where()}: the read was cancelled`, { cause: signal?.reason }))
      const timer = setTimeout(
        () => fail(new DriverError('unreachable', `${this.where()}: no answer within ${timeoutMs} ms`)),
        Math.max(0, deadlineMs - performance.now()),
      )
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      socket.on('data', onData).on('error', onError).on('close', onClose)
      socket.write(bytes)
    })
  }

  private connect(): Socket {
    const socket = connect({ host: this.options.host, port: this.options.port, noDelay: true, keepAlive: true })
    // Between requests nobody else listens; an error then only means the next request needs a new connection.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.socket === socket) this.socket = undefined
    })
    this.socket = socket
    return socket
  }

  private drop(): void {
    this.socket?.destroy()
    this.socket = undefined
  }

  private where(): string {
    return `${this.options.host}:${this.options.port}`
  }
}
