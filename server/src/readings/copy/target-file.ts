import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

// SQLITE_BUSY, the low byte of whatever extended code (https://www.sqlite.org/rescode.html).
const SQLITE_BUSY = 5

/**
 * Why an embedded store's file cannot be copied to: another program has it open, or it is a database of something else, into which a
 * store would be written. Who has a file in WAL mode open holds a shared lock on it, so that it cannot be taken out of that mode meanwhile
 * (https://sqlite.org/pragma.html#pragma_journal_mode). Throws when the file cannot be opened.
 */
export function problemOfFile(path: string): 'in-use' | 'something-else' | undefined {
  if (!existsSync(path)) return undefined
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA busy_timeout = 0')
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    if (tables.length > 0 && !tables.some(({ name }) => name === 'reading')) return 'something-else'
    const mode = database.prepare('PRAGMA journal_mode = DELETE').get()?.journal_mode
    database.exec('PRAGMA journal_mode = WAL')
    return mode === 'delete' ? undefined : 'in-use'
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY)
      return 'in-use'
    throw error
  } finally {
    database.close()
  }
}
