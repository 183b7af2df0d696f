import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startChildProgram, waitFor } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'

/** Debian keeps each major version apart and off the PATH. */
const VERSIONS_DIR = '/usr/lib/postgresql'
const BIN_DIR = newestBinDir()
/** What `missingProgram` must find before `startPostgres` is called; Debian's package is `postgresql`. */
export const POSTGRES_PROGRAMS: readonly string[] = [join(BIN_DIR, 'initdb'), join(BIN_DIR, 'postgres')]

/** A real PostgreSQL on 127.0.0.1 with its own cluster in a temporary directory. */
export interface Postgres {
  /** Makes a database without any schema and returns its URL. */
  newDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Starts a cluster of its own; PostgreSQL refuses to run as root, so root hands it to the user `postgres`. */
export async function startPostgres(): Promise<Postgres> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-postgres-'))
  const port = await freeTcpPort()
  const asUser = process.getuid?.() === 0 ? ['/usr/bin/setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  if (asUser.length > 0) {
    const { uid, gid } = postgresUser()
    await chown(dir, uid, gid)
  }
  const command = (program: string, args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...asUser, join(BIN_DIR, program), ...args]
    return [first, rest]
  }
  const data = join(dir, 'data')
  const made = spawnSync(...command('initdb', ['-D', data, '-U', 'roomkeeper', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']), {
    cwd: dir,
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.error ?? ''}`)
  // Nothing here outlives the tests: whatever protects data against a crash costs time only.
  const careless = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    autovacuum: 'off',
  }
  const settings = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: dir, max_connections: '200', ...careless }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program = startChildProgram(...command('postgres', ['-D', data, ...options]))
  const urlOf = (database: string): string => `postgres://roomkeeper@127.0.0.1:${port}/${database}`
  const stop = async (): Promise<void> => {
    // SIGINT: fast shutdown; SIGTERM would wait for the clients to leave.
    await program.stop('SIGINT')
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await waitFor(
      () => `PostgreSQL answers (${program.output()})`,
      60_000,
      () =>
        runStatements(urlOf('postgres'), ['select 1']).then(
          () => true,
          () => undefined,
        ),
    )
  } catch (error) {
    await stop()
    throw error
  }
  let count = 0
  return {
    stop,
    newDatabase: async () => {
      count += 1
      await runStatements(urlOf('postgres'), [`create database test${count}`])
      return urlOf(`test${count}`)
    },
  }
}

/** One after the other, each in a transaction of its own, by a connection that is closed again. */
export async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function newestBinDir(): string {
  const versions = existsSync(VERSIONS_DIR) ? readdirSync(VERSIONS_DIR).sort((a, b) => Number(b) - Number(a)) : []
  return join(VERSIONS_DIR, versions[0] ?? '', 'bin')
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('/usr/bin/id', [flag, 'postgres']).stdout.toString())
  return { uid: id('-u'), gid: id('-g') }
}
