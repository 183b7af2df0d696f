import { setTimeout as sleep } from 'node:timers/promises'
import { DriverError } from '../driver.ts'
import type { ByteLine } from './lines.ts'
import type { ModbusLink } from './link.ts'
import type { Question } from './pdu.ts'
import { bytesMs, findRtuAnswer, frameGapMs, rtuFrame } from './rtu-frame.ts'

export interface RtuLinkOptions {
  /** How the line is called in messages. */
  name: string
  baudRate: number
  /** Opens the line; rejects with a DriverError. */
  open(timeoutMs: number): Promise<ByteLine>
}

/** More than this that is no answer: something else talks on this line. Two of the largest frames. */
const MAX_RECEIVED_BYTES = 512
/** USB adapters and serial servers hand bytes on in lumps up to this far apart; then what came is all that comes. */
const LUMP_GAP_MS = 100
/**
 * RTU has no transaction number, so an answer that comes too late could be taken for that of the unit's next question. After a time-out the unit
 * is not asked again for this long, and what comes meanwhile is thrown away; other units are told apart by their number.
 */
const LATE_ANSWER_MS = 500
/** An aborted wait for an answer leaves the answer on its way. */
const MIN_QUIET_MS = 50

/** RTU frames over a stream of bytes: a serial line, or a TCP connection to a serial server. */
export class RtuLink implements ModbusLink {
  private readonly options: RtuLinkOptions
  private line: ByteLine | undefined
  /** The line before is still being closed; a serial port cannot be opened twice. */
  private closing: Promise<void> = Promise.resolve()
  private received = Buffer.alloc(0)
  private onBytes: (() => void) | undefined
  private onGone: ((error: Error) => void) | undefined
  private quietFromMs = 0
  private readonly lateUntilMs = new Map<number, number>()
  private isClosed = false

  constructor(options: RtuLinkOptions) {
    this.options = options
  }

  async ask(unitId: number, question: Question, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
    await this.pause(this.lateUntilMs.get(unitId) ?? 0, signal)
    const deadlineMs = performance.now() + timeoutMs
    for (let attempt = 1; ; attempt++) {
      const wasOpen = this.line !== undefined
      try {
        const answer = await this.attempt(unitId, question, { deadlineMs, timeoutMs }, signal)
        // Asked twice: the other answer may still be on its way.
        if (attempt > 1) this.awaitLate(unitId)
        return answer
      } catch (error) {
        const isNoise = error instanceof DriverError && error.kind === 'garbage'
        const isGone = error instanceof LineGoneError
        if (isGone) this.drop()
        // Noise is part of a long cable's life, and a line that was unplugged since the last question may be back: once more, in what is left.
        if (attempt === 1 && !this.isClosed && performance.now() < deadlineMs && (isNoise || (isGone && wasOpen))) continue
        throw isGone ? new DriverError('unreachable', `${this.options.name}: ${error.message}`, { cause: error }) : error
      }
    }
  }

  close(): Promise<void> {
    this.isClosed = true
    this.drop()
    return this.closing
  }

  private async attempt(
    unitId: number,
    question: Question,
    { deadlineMs, timeoutMs }: { deadlineMs: number; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<Buffer> {
    const { name, baudRate } = this.options
    const { stream } = await this.opened(Math.max(1, deadlineMs - performance.now()), signal)
    await this.waitForSilence(deadlineMs, signal)
    this.received = Buffer.alloc(0)
    const frame = rtuFrame(unitId, question.pdu)
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        let lump: NodeJS.Timeout | undefined
        const garbage = (what: string): DriverError =>
          new DriverError('garbage', `${name}, unit ${unitId}: ${what}: ${this.received.subarray(0, 32).toString('hex')}`)
        const settle = (act: () => void): void => {
          clearTimeout(timer)
          clearTimeout(lump)
          signal.removeEventListener('abort', onAbort)
          this.onBytes = undefined
          this.onGone = undefined
          act()
        }
        const fail = (error: Error): void => settle(() => reject(error))
        const onAbort = (): void => {
          this.awaitLate(unitId)
          fail(new DriverError('unreachable', `${name}: the read was cancelled`, { cause: signal.reason }))
        }
        const timer = setTimeout(
          () => {
            this.awaitLate(unitId)
            fail(new DriverError('unreachable', `${name}, unit ${unitId}: no answer within ${timeoutMs} ms`))
          },
          Math.max(1, deadlineMs - performance.now()),
        )
        if (signal.aborted || this.isClosed) return onAbort()
        signal.addEventListener('abort', onAbort, { once: true })
        this.onGone = (error) => fail(new LineGoneError(error.message))
        this.onBytes = () => {
          const answer = findRtuAnswer(this.received, unitId, question)
          if (answer !== undefined) return settle(() => resolve(answer))
          if (this.received.length > MAX_RECEIVED_BYTES) return fail(garbage('noise without an answer in it'))
          clearTimeout(lump)
          lump = setTimeout(() => {
            // Only what could be the answer counts as a failed one; noise before it does not end the wait.
            if (looksBegun(this.received, unitId)) fail(garbage('an answer with a wrong check sum, or cut short'))
          }, LUMP_GAP_MS + bytesMs(8, baudRate))
        }
        stream.write(frame, (error) => error && fail(new LineGoneError(error.message)))
      })
    } finally {
      this.quietFromMs = Math.max(this.quietFromMs, performance.now() + frameGapMs(baudRate))
    }
  }

  private async opened(timeoutMs: number, signal: AbortSignal): Promise<ByteLine> {
    if (this.isClosed) throw new DriverError('unreachable', `${this.options.name}: the line was closed`)
    if (signal.aborted) throw new DriverError('unreachable', `${this.options.name}: the read was cancelled`, { cause: signal.reason })
    if (this.line !== undefined) return this.line
    const line = await this.openWithin(timeoutMs)
    if (this.isClosed) {
      this.closing = line.close()
      throw new DriverError('unreachable', `${this.options.name}: the line was closed`)
    }
    const gone = (error: Error): void => {
      if (this.line !== line) return
      this.drop()
      this.onGone?.(error)
    }
    const { stream } = line
    stream.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]).subarray(-2 * MAX_RECEIVED_BYTES)
      this.quietFromMs = performance.now() + frameGapMs(this.options.baudRate)
      this.onBytes?.()
    })
    stream.on('error', gone)
    stream.on('end', () => gone(new Error('the line was closed from the other end')))
    stream.on('close', () => gone(new Error('the line is gone')))
    this.line = line
    return line
  }

  /** A port that hangs while it is opened or closed must not hold the line of all units for ever. */
  private async openWithin(timeoutMs: number): Promise<ByteLine> {
    const opening = this.closing.then(() => this.options.open(timeoutMs))
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs)
    })
    const line = await Promise.race([opening, tooLate]).finally(() => clearTimeout(timer))
    if (line !== undefined) return line
    opening.then(
      (late) => {
        this.closing = late.close()
      },
      () => {},
    )
    throw new DriverError('unreachable', `${this.options.name}: the line could not be opened within ${Math.round(timeoutMs)} ms`)
  }

  private awaitLate(unitId: number): void {
    const nowMs = performance.now()
    this.lateUntilMs.set(unitId, nowMs + LATE_ANSWER_MS)
    this.quietFromMs = nowMs + MIN_QUIET_MS
  }

  private async pause(untilMs: number, signal: AbortSignal): Promise<void> {
    const waitMs = untilMs - performance.now()
    if (waitMs <= 0) return
    try {
      await sleep(Math.ceil(waitMs), undefined, { signal })
    } catch (cause) {
      throw new DriverError('unreachable', `${this.options.name}: the read was cancelled`, { cause })
    }
  }

  /** Bytes that come while waiting move the end of the wait. */
  private async waitForSilence(deadlineMs: number, signal: AbortSignal): Promise<void> {
    while (this.quietFromMs > performance.now()) {
      if (performance.now() >= deadlineMs) throw new DriverError('garbage', `${this.options.name}: the line is never silent`)
      await this.pause(Math.min(this.quietFromMs, deadlineMs), signal)
    }
  }

  private drop(): void {
    const { line } = this
    this.line = undefined
    if (line !== undefined) this.closing = line.close()
  }
}

/** The kept line had gone before it answered. */
class LineGoneError extends Error {}

/** Is the unit's number among the bytes, with anything after it? */
function looksBegun(received: Buffer, unitId: number): boolean {
  const at = received.indexOf(unitId)
  return at >= 0 && at < received.length - 1
}
