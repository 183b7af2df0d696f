import { existsSync, readFileSync } from 'node:fs'
import { isMap, LineCounter, parseDocument } from 'yaml'
import { SETTINGS, type ServerConfig, type Setting } from './settings.ts'

/** Something in roomkeeper.yaml or the environment is wrong; `problems` has one sentence each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

interface Source {
  value: unknown
  /** e.g. `roomkeeper.yaml:3` or `ROOMKEEPER_HTTP_PORT`. */
  place: string
}

/**
 * Reads roomkeeper.yaml (when it is there) and the environment, which wins.
 * @throws ConfigError with every problem found, each naming its place and what is allowed.
 */
export function loadConfig(env: NodeJS.ProcessEnv, file = env.ROOMKEEPER_CONFIG ?? 'roomkeeper.yaml'): ServerConfig {
  const problems: string[] = []
  const fromFile = env.ROOMKEEPER_CONFIG || existsSync(file) ? readFile(file, problems) : new Map<string, Source>()
  const config: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(SETTINGS) as [string, Setting][]) {
    // An empty variable is how compose files say "not set".
    const fromEnv = env[setting.env] === '' ? undefined : env[setting.env]
    const source = fromEnv === undefined ? fromFile.get(key) : { value: fromEnv, place: setting.env }
    const result = setting.schema.safeParse(source?.value)
    if (result.success) config[key] = result.data
    else
      problems.push(
        `${source?.place ?? setting.env}: ${key}: ${result.error.issues.map(({ message }) => message).join('; ')} (${setting.about.zh} / ${setting.about.en})`,
      )
  }
  const loaded = config as ServerConfig
  if (loaded.influxUrl && loaded.influxVersion === 2 && !loaded.influxToken)
    problems.push(
      'ROOMKEEPER_INFLUX_TOKEN: InfluxDB 2 需要令牌；1.x 请设 ROOMKEEPER_INFLUX_VERSION=1 / InfluxDB 2 needs a token; for 1.x set ROOMKEEPER_INFLUX_VERSION=1',
    )
  if (problems.length > 0) throw new ConfigError(problems)
  return loaded
}

function readFile(file: string, problems: string[]): Map<string, Source> {
  const sources = new Map<string, Source>()
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    problems.push(`${file}: 无法读取 / cannot be read: ${(error as Error).message}`)
    return sources
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  for (const error of document.errors) problems.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`)
  if (document.contents === null || problems.length > 0) return sources
  if (!isMap(document.contents)) {
    problems.push(`${file}:1: 应为“键: 值” / must be a list of "key: value"`)
    return sources
  }
  for (const { key, value } of document.contents.items) {
    const name = String(key)
    const at = (key as { range?: [number, number, number] }).range?.[0] ?? 0
    const place = `${file}:${lines.linePos(at).line}`
    if (Object.hasOwn(SETTINGS, name))
      sources.set(name, { value: (value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? undefined, place })
    else problems.push(`${place}: ${name}: 没有这个设置 / no such setting; 可用 / allowed: ${Object.keys(SETTINGS).join(', ')}`)
  }
  return sources
}
