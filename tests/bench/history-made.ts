import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FilledSoFar, HistoryDays } from './history-fill.ts'
import type { BenchStore } from './history-store.ts'

interface Made {
  points: number
  days: number
  rawDays: number
  times: HistoryDays
  stores: Partial<Record<BenchStore['kind'], FilledSoFar>>
}

/** What a folder holds of an earlier run, in its `made.json`. */
export class HistoryMade {
  readonly #path: string
  readonly #made: Made

  private constructor(path: string, made: Made) {
    this.#path = path
    this.#made = made
  }

  /** `fresh`: what is made if the folder is new. Throws where it was made for something else. */
  static async of(folder: string, fresh: Omit<Made, 'stores'>): Promise<HistoryMade> {
    const path = join(folder, 'made.json')
    if (!existsSync(path)) return new HistoryMade(path, { ...fresh, stores: {} })
    const made = JSON.parse(await readFile(path, 'utf8')) as Made
    for (const name of ['points', 'days', 'rawDays'] as const) {
      if (made[name] !== fresh[name]) throw new Error(`${path} is of ${made[name]} ${name}, not ${fresh[name]}`)
    }
    return new HistoryMade(path, made)
  }

  get times(): HistoryDays {
    return this.#made.times
  }

  soFar(kind: BenchStore['kind']): FilledSoFar | undefined {
    return this.#made.stores[kind]
  }

  async save(kind: BenchStore['kind'], soFar: FilledSoFar): Promise<void> {
    this.#made.stores[kind] = soFar
    await writeFile(`${this.#path}.new`, JSON.stringify(this.#made, null, 2))
    await rename(`${this.#path}.new`, this.#path)
  }
}
