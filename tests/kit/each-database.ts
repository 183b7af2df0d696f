import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, inject } from 'vitest'
import { POSTGRES_PROGRAMS, runStatements } from './services/postgres.ts'
import { missingProgram } from './services/require-program.ts'

/**
 * Gives the location of a new database without rows, as `openDatabase` takes it: with the schema of today, where making it takes its time,
 * or `bare` without any. Call it inside a test or hook.
 */
export type NewDatabase = (schema?: 'bare') => Promise<string>

/** Runs the suite on SQLite and on a real PostgreSQL: the same code promises the same on both. */
export function describeEachDatabase(name: string, suite: (newDatabase: NewDatabase) => void): void {
  describe(`${name} (SQLite)`, () => {
    const dirs: string[] = []
    // Before the suite's own hooks, because these run in reverse: the files go after the suite has closed them.
    afterAll(async () => {
      for (const dir of dirs) await rm(dir, { recursive: true, force: true })
    })
    suite(async () => {
      const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-sqlite-'))
      dirs.push(dir)
      return join(dir, 'roomkeeper.db')
    })
  })
  const missing = missingPostgres()
  describe.skipIf(missing)(`${name} (PostgreSQL${missing ? `: ${missing}` : ''})`, () => suite(usePostgres()))
}

/** Why there is no PostgreSQL here, or undefined when there is. */
export const missingPostgres = (): string | undefined => missingProgram(POSTGRES_PROGRAMS, 'postgresql')

/** Databases of the PostgreSQL that all files share (one-postgres.ts); they go when this `describe` ends. */
export function usePostgres(): NewDatabase {
  const names: string[] = []
  const pattern = (): URL => {
    const url = inject('postgresPattern')
    if (url === undefined) throw new Error('PostgreSQL is not started')
    return new URL(url)
  }
  const statements = (texts: readonly string[]): Promise<void> =>
    runStatements(Object.assign(pattern(), { pathname: '/postgres' }).href, texts)
  afterAll(() => statements(names.map((name) => `drop database "${name}" with (force)`)))
  return async (schema) => {
    const name = `test_${randomBytes(8).toString('hex')}`
    names.push(name)
    await statements([`create database "${name}" template "${schema === 'bare' ? 'template1' : pattern().pathname.slice(1)}"`])
    return Object.assign(pattern(), { pathname: `/${name}` }).href
  }
}
