import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { SqliteDialect } from 'kysely'

const NOTHING_DONE = { changes: 0, lastInsertRowid: 0 }

/**
 * Kysely's SQLite dialect on Node's own `node:sqlite`. Kysely expects better-sqlite3's shape; this is the adapter.
 * WAL with synchronous=FULL: a committed transaction survives power loss.
 */
export function createSqliteDialect(file: string): SqliteDialect {
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;')
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    // Kysely makes the same SQL text for the same query, so a few hundred entries hold them all.
    if (statements.size > 500) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare: (sql: string) => {
        const statement = prepare(sql)
        return {
          reader: statement.columns().length > 0,
          all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
          run: (parameters: readonly unknown[]) =>
            // A full disk has rolled back already; failing at it a second time would hide why.
            sql === 'rollback' && !database.isTransaction ? NOTHING_DONE : statement.run(...(parameters as SQLInputValue[])),
          iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLInputValue[])),
        }
      },
    },
  } as never)
}
