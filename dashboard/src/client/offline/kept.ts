import { errorCode } from '../api.ts'
import { changeRow, readRow } from './database.ts'

/** An answer of the server, kept so that a page can be worked on without a connection. Never readings: an old one looks like a new one. */
export interface Kept<T> {
  value: T
  /** When the server gave it; by this browser's clock. */
  atMs: number
  /** It was not asked now: there is no connection. */
  isOld: boolean
}

/** Keeps it; a browser that refuses storage only cannot work offline. */
export async function keep(name: string, value: unknown): Promise<void> {
  await changeRow('kept', name, () => ({ value, atMs: Date.now() })).catch(() => undefined)
}

export async function keptOf<T>(name: string): Promise<Kept<T> | undefined> {
  const row = await readRow<{ value: T; atMs: number }>('kept', name).catch(() => undefined)
  return row && { ...row, isOld: true }
}

/** Asks the server, and without a connection gives what it answered last. Names carry the account: what one person saw is not for the next. */
export async function askOrKept<T>(name: string, ask: () => Promise<T>): Promise<Kept<T>> {
  try {
    const value = await ask()
    await keep(name, value)
    return { value, atMs: Date.now(), isOld: false }
  } catch (error) {
    const code = errorCode(error)
    const kept = code === 'NETWORK' || code === 'OTHER' ? await keptOf<T>(name) : undefined
    if (!kept) throw error
    return kept
  }
}
