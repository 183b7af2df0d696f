interface Asked<Answer> {
  statement: string
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** Statements per request: few enough that the answer, a year of blocks each, is parsed without holding up others for long. */
const STATEMENTS_PER_REQUEST = 10

/**
 * Statements asked for in the same turn of the event loop travel together: fifty sparklines are some requests instead of some hundreds.
 * Only for statements that change nothing: when one fails, all of its request are asked again, each by itself.
 */
export class QueryBatches<Answer> {
  readonly #query: (statements: readonly string[]) => Promise<(Answer | Error)[]>
  #waiting: Asked<Answer>[] = []

  /** `query`: an answer or an error per statement; rejects when the request as a whole failed. */
  constructor(query: (statements: readonly string[]) => Promise<(Answer | Error)[]>) {
    this.#query = query
  }

  ask(statement: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statement, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#send())
    })
  }

  #send(): void {
    const all = this.#waiting
    this.#waiting = []
    for (let at = 0; at < all.length; at += STATEMENTS_PER_REQUEST) void this.#together(all.slice(at, at + STATEMENTS_PER_REQUEST))
  }

  async #together(asked: readonly Asked<Answer>[]): Promise<void> {
    try {
      const answers = await this.#query(asked.map(({ statement }) => statement))
      if (asked.length > 1 && answers.some((answer) => answer instanceof Error)) {
        // InfluxDB does not execute what comes after the one that failed.
        for (const one of asked) await this.#together([one])
        return
      }
      asked.forEach(({ resolve, reject }, index) => {
        const answer = answers[index] as Answer | Error
        if (answer instanceof Error) reject(answer)
        else resolve(answer)
      })
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
