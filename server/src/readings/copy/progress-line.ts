const MINUTE_MS = 60_000
/** Written to a file or journal, a line each ten seconds is enough. */
const LINE_EACH_MS = 10_000
const REDRAW_EACH_MS = 500

/** How far a copy is, for a person who waits: `42 %  1 234 567 读数 / readings, 210 000/s, 约剩 / about 6 min left`. */
export function progressText(progress: { readings: number; share: number; elapsedMs: number; shareAtStart: number }): string {
  const { readings, share, elapsedMs, shareAtStart } = progress
  const perSecond = Math.round(readings / Math.max(0.001, elapsedMs / 1000))
  const gained = share - shareAtStart
  const left = gained > 0.001 && elapsedMs > 2000 ? `，约剩 / about ${durationText((elapsedMs * (1 - share)) / gained)} left` : ''
  return `${Math.floor(share * 100)} %  ${number(readings)} 条读数 / readings, ${number(perSecond)}/s${left}`
}

export function durationText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(1, Math.round(ms / 1000))} s`
  if (ms < 100 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`
  return `${(ms / 60 / MINUTE_MS).toFixed(1)} h`
}

export function number(value: number): string {
  return value.toLocaleString('en-US')
}

/** One line that is drawn again and again on a terminal; elsewhere a line now and then. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  readonly #startedMs = performance.now()
  #lastMs = Number.NEGATIVE_INFINITY
  #shareAtStart: number | undefined
  #isDrawn = false

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  show({ readings, share }: { readings: number; share: number }): void {
    const nowMs = performance.now()
    this.#shareAtStart ??= share
    if (nowMs - this.#lastMs < (this.#stream.isTTY ? REDRAW_EACH_MS : LINE_EACH_MS)) return
    this.#lastMs = nowMs
    const text = progressText({ readings, share, elapsedMs: nowMs - this.#startedMs, shareAtStart: this.#shareAtStart })
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
    this.#isDrawn = this.#stream.isTTY
  }

  /** A line of its own. */
  say(text: string): void {
    this.#stream.write(`${this.#isDrawn ? '\n' : ''}${text}\n`)
    this.#isDrawn = false
  }
}
