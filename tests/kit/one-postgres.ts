import { existsSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../server/src/database/database.ts'
import { POSTGRES_PROGRAMS, startPostgres } from './services/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the cluster that all files share, at the database that is the pattern for theirs; undefined where PostgreSQL is missing. */
    postgresPattern: string | undefined
  }
}

/**
 * One PostgreSQL for all files, each with databases of its own: making a cluster takes longer than most of their tests. The schema is made
 * once, in a database that is copied.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!POSTGRES_PROGRAMS.every((path) => existsSync(path))) {
    project.provide('postgresPattern', undefined)
    return async () => undefined
  }
  const postgres = await startPostgres()
  const pattern = await postgres.newDatabase()
  await (await openDatabase(pattern)).destroy()
  project.provide('postgresPattern', pattern)
  return () => postgres.stop()
}
