import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const stateSchema = z.object({
  version: z.literal(1),
  from: z.string(),
  to: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  /** By device id: copied up to here. */
  devices: z.record(z.string(), z.object({ doneToMs: z.number(), isDone: z.boolean() })),
  /** By point id: what was copied. */
  sums: z.record(z.string(), z.object({ count: z.number(), hash: z.number() })),
  /** Points whose rolled-up history is copied. */
  rollups: z.array(z.number()),
})
export type CopyState = z.output<typeof stateSchema>

/** Where a copy stands, so that one that was interrupted goes on from there. Written whole or not at all. */
export class CopyStateFile {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** undefined: there is none. Rejects when it cannot be read or is not one. */
  async read(): Promise<CopyState | undefined> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? undefined : stateSchema.parse(JSON.parse(text))
  }

  async write(state: CopyState): Promise<void> {
    const unfinished = `${this.path}.part`
    await writeFile(unfinished, JSON.stringify(state), { mode: 0o600 })
    await rename(unfinished, this.path)
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }
}
