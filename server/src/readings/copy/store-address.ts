import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ReadingStoreConfig, readingStoreConfigSchema } from '../config.ts'

/** What was given does not name a store; the message says what is allowed. */
export class StoreAddressError extends Error {
  override readonly name = 'StoreAddressError'
}

export const STORE_FORMS =
  'configured | embedded:/path/readings.db | influx1:http://host:8086/database | influx2:http://host:8086/org/bucket'

/** A page of readings and a batch take a second on slow disks; an admin waits rather than starts again. */
const REQUEST_TIMEOUT_MS = 60_000

/**
 * The store that an address names. Secrets come from the environment (`ROOMKEEPER_COPY_FROM_PASSWORD`, `…_TOKEN`, or a file named by
 * `…_PASSWORD_FILE`, `…_TOKEN_FILE`), as a command line can be read by every user of the machine. Throws StoreAddressError.
 */
export function storeOfAddress(
  address: string,
  side: 'from' | 'to',
  { env, configured }: { env: NodeJS.ProcessEnv; configured: ReadingStoreConfig },
): ReadingStoreConfig {
  const wrong = (why: string): StoreAddressError => new StoreAddressError(`--${side} ${shown(address)}：${why}`)
  if (address === 'configured') return configured
  const [kind, rest] = halves(address)
  if (kind === 'embedded' && rest !== '') return { kind, path: resolve(rest) }
  if (kind !== 'influx1' && kind !== 'influx2') throw wrong(`须为 / must be one of: ${STORE_FORMS}`)
  const url = URL.parse(rest)
  if (url === null || !/^https?:$/.test(url.protocol)) throw wrong(`须为 / must be one of: ${STORE_FORMS}`)
  const prefix = `ROOMKEEPER_COPY_${side.toUpperCase()}`
  if (url.password !== '')
    throw wrong(
      `命令行人人可见，密码请放在 ${prefix}_PASSWORD 或 ${prefix}_PASSWORD_FILE / a command line can be read by others: put the password into ${prefix}_PASSWORD or ${prefix}_PASSWORD_FILE`,
    )
  const names = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const common = { url: url.origin, requestTimeoutMs: REQUEST_TIMEOUT_MS }
  if (kind === 'influx1') {
    const [database] = names
    if (database === undefined || names.length > 1) throw wrong('须为 / must be: influx1:http://host:8086/database')
    const username = decodeURIComponent(url.username) || env[`${prefix}_USERNAME`] || undefined
    return readingStoreConfigSchema.parse({ ...common, kind, database, username, password: secret(env, `${prefix}_PASSWORD`) })
  }
  const [org, bucket] = names
  if (org === undefined || bucket === undefined || names.length > 2) throw wrong('须为 / must be: influx2:http://host:8086/org/bucket')
  const token = secret(env, `${prefix}_TOKEN`)
  if (!token)
    throw wrong(
      `InfluxDB 2 需要令牌，请设 ${prefix}_TOKEN 或 ${prefix}_TOKEN_FILE / InfluxDB 2 needs a token: set ${prefix}_TOKEN or ${prefix}_TOKEN_FILE`,
    )
  return readingStoreConfigSchema.parse({ ...common, kind, org, bucket, token })
}

/** What people see of a store: never a secret. Also what tells two stores apart. */
export function storeText(config: ReadingStoreConfig): string {
  if (config.kind === 'embedded') return `embedded:${resolve(config.path)}`
  const url = config.url.replace(/\/$/, '')
  return config.kind === 'influx1' ? `influx1:${url}/${config.database}` : `influx2:${url}/${config.org}/${config.bucket}`
}

function halves(address: string): [kind: string, rest: string] {
  const colon = address.indexOf(':')
  return colon < 0 ? [address, ''] : [address.slice(0, colon), address.slice(colon + 1)]
}

function shown(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//…@')
}

function secret(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new StoreAddressError(`${name}_FILE：无法读取 / cannot be read: ${(error as Error).message}`)
  }
}
