import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { POSTGRES_PROGRAMS, type Postgres, startPostgres } from './services/postgres.ts'
import { missingProgram } from './services/require-program.ts'

/** Gives the location of an empty database, as `openDatabase` takes it. Call it inside a test or hook. */
export type NewDatabase = () => Promise<string>

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
  const missing = missingProgram(POSTGRES_PROGRAMS, 'postgresql')
  describe.skipIf(missing)(`${name} (PostgreSQL${missing ? `: ${missing}` : ''})`, () => {
    let postgres: Postgres | undefined
    beforeAll(async () => {
      postgres = await startPostgres()
    }, 60_000)
    afterAll(async () => {
      await postgres?.stop()
    })
    suite(async () => {
      if (!postgres) throw new Error('PostgreSQL is not started yet: ask for a database inside a test or hook')
      return await postgres.newDatabase()
    })
  })
}
