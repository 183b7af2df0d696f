/** More are not put into one question. */
const MAX_TOGETHER = 200

/**
 * Questions of one kind asked in the same turn of the event loop, or in turns that follow each other, become one: an overview of 50 points
 * asks the same of each, step by step, and 50 answers cost the database and the connection hardly more than one. What is done with the
 * answers may take milliseconds each, so every one is given in a turn of its own.
 */
export class AskedTogether<Item, Answer> {
  readonly #answer: (items: readonly Item[]) => Promise<ReadonlyMap<Item, Answer>>
  readonly #waiting = new Map<string, Asked<Item, Answer>[]>()

  constructor(answer: (items: readonly Item[]) => Promise<ReadonlyMap<Item, Answer>>) {
    this.#answer = answer
  }

  /** Only items with the same kind are asked for together. */
  ask(kind: string, item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = { item, resolve, reject }
      const waiting = this.#waiting.get(kind)
      if (waiting !== undefined) {
        waiting.push(asked)
        return
      }
      this.#waiting.set(kind, [asked])
      this.#flushAfter(kind, 1)
    })
  }

  /** Once a turn has brought no more. */
  #flushAfter(kind: string, seen: number): void {
    setImmediate(() => {
      const length = this.#waiting.get(kind)?.length ?? 0
      if (length > seen && length < MAX_TOGETHER) this.#flushAfter(kind, length)
      else void this.#flush(kind)
    })
  }

  async #flush(kind: string): Promise<void> {
    const waiting = this.#waiting.get(kind) ?? []
    this.#waiting.delete(kind)
    try {
      const answers = await this.#answer(waiting.map(({ item }) => item))
      for (const { item, resolve, reject } of waiting) {
        const answer = answers.get(item)
        if (answer === undefined) reject(new Error('a question without an answer'))
        else resolve(answer)
        if (waiting.length > 1) await new Promise((next) => setImmediate(next))
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}

interface Asked<Item, Answer> {
  item: Item
  resolve(answer: Answer): void
  reject(error: unknown): void
}
