import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { Driver } from '../drivers/driver.ts'
import { applyEnvironment } from './environment.ts'
import { ConfigError, type ConfigProblem, formatProblem, type KeyPath, locate, problemsOf, unknownKey, unknownWord } from './problem.ts'
import { type AgentConfig, agentSchema, type DeviceConfig, deviceSchema, deviceShape } from './schema.ts'
import { knownKeys } from './schema-keys.ts'

export { ENVIRONMENT } from './environment.ts'
export { ConfigError } from './problem.ts'
export type { AgentConfig, DeviceConfig, PointOverride } from './schema.ts'

export interface ConfigSource {
  /** The path of agent.yaml: named in messages; relative paths inside are taken from its folder. */
  path: string
  env: NodeJS.ProcessEnv
  drivers: readonly Driver[]
}

/**
 * Reads and checks agent.yaml. Throws a ConfigError with every problem when the agent cannot start. A device that is wrong does not stop
 * the others: it is listed in `invalidDevices`.
 */
export function loadAgentConfig(source: ConfigSource): AgentConfig {
  let text: string
  try {
    text = readFileSync(source.path, 'utf8')
  } catch (error) {
    throw new ConfigError(source.path, [{ path: [], message: `无法读取配置文件 · cannot be read: ${(error as Error).message}` }])
  }
  return parseAgentConfig(text, source)
}

/** As `loadAgentConfig`, from text. */
export function parseAgentConfig(text: string, source: ConfigSource): AgentConfig {
  const fileName = basename(source.path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw new ConfigError(
      fileName,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0])
        return { path: [], message: `不是有效的 YAML · not valid YAML: ${error.message}`, line, column: col }
      }),
    )
  }
  const content: unknown = document.toJS() ?? {}
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(fileName, [
      { path: [], message: `must be a map with the keys ${Object.keys(agentSchema.shape).join(', ')}`, line: 1, column: 1 },
    ])
  }
  const top = content as Record<string, unknown>
  const origins = applyEnvironment(top, source.env)
  const place = (problem: ConfigProblem): ConfigProblem => {
    const variable = origins.get(problem.path.join('.'))
    return variable === undefined ? locate(problem, document, lines) : { path: [], message: `${variable}: ${problem.message}` }
  }

  const problems: ConfigProblem[] = []
  const parsed = agentSchema.safeParse(top)
  if (!parsed.success) problems.push(...problemsOf(parsed.error.issues, top, [], (path) => knownKeys(agentSchema, path) ?? []))
  const files = readFiles(top.mqtt, dirname(resolve(source.path)), problems)

  const devices: DeviceConfig[] = []
  const deviceProblems: ConfigProblem[][] = []
  const invalidDevices: AgentConfig['invalidDevices'] = []
  const ids = new Map<string, number>()
  for (const [index, raw] of (Array.isArray(top.devices) ? top.devices : []).entries()) {
    const result = checkDevice(raw, index, ids, source.drivers)
    if (!Array.isArray(result)) {
      devices.push(result)
      continue
    }
    const placed = result.map(place)
    deviceProblems.push(placed)
    invalidDevices.push({
      id: idOf(raw) ?? `devices[${index}]`,
      message: placed.map((problem) => formatProblem(fileName, problem)).join('\n'),
    })
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(fileName, [...problems.map(place), ...deviceProblems.flat()])
  const { mqtt, ...rest } = parsed.data
  return {
    ...rest,
    dataDir: resolve(dirname(resolve(source.path)), rest.dataDir),
    profilesDir: rest.profilesDir && resolve(dirname(resolve(source.path)), rest.profilesDir),
    mqtt: { url: mqtt.url, username: mqtt.username, clientId: mqtt.clientId, password: files.password ?? mqtt.password, ca: files.ca },
    devices,
    invalidDevices,
  }
}

/** Reads the files that `mqtt` names; what cannot be read is a problem at its key. */
function readFiles(mqtt: unknown, folder: string, problems: ConfigProblem[]): { password?: string; ca?: string } {
  const read = (key: string): string | undefined => {
    const path = (mqtt as Record<string, unknown> | undefined)?.[key]
    if (typeof path !== 'string') return undefined
    try {
      return readFileSync(resolve(folder, path), 'utf8')
    } catch (error) {
      problems.push({ path: ['mqtt', key], message: `无法读取文件 · cannot be read: ${(error as Error).message}` })
      return undefined
    }
  }
  return { password: read('passwordFile')?.split(/\r?\n/)[0], ca: read('ca') }
}

function idOf(raw: unknown): string | undefined {
  const id = (raw as { id?: unknown } | null)?.id
  return typeof id === 'string' ? id : undefined
}

/** Checks one device: its common keys, then what is left by its driver's schema. */
function checkDevice(raw: unknown, index: number, ids: Map<string, number>, drivers: readonly Driver[]): DeviceConfig | ConfigProblem[] {
  const base: KeyPath = ['devices', index]
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return [{ path: base, message: '必须是键值表 · must be a map with at least id and driver' }]
  const problems: ConfigProblem[] = []
  const common = deviceSchema.safeParse(raw)
  if (!common.success) problems.push(...problemsOf(common.error.issues, raw, base, (path) => knownKeys(deviceSchema, path) ?? []))

  const id = idOf(raw)
  const earlier = id === undefined ? undefined : ids.get(id)
  if (id !== undefined && earlier === undefined) ids.set(id, index)
  if (earlier !== undefined)
    problems.push({ path: [...base, 'id'], message: `编号重复 · "${id}" is already the id of devices[${earlier}]` })

  const own = Object.fromEntries(Object.entries(raw).filter(([key]) => !Object.hasOwn(deviceShape, key)))
  const driverName = (raw as { driver?: unknown }).driver
  const driver = drivers.find((candidate) => candidate.name === driverName)
  if (driver === undefined) {
    if (typeof driverName === 'string')
      problems.push({
        path: [...base, 'driver'],
        message: unknownWord(
          driverName,
          drivers.map((candidate) => candidate.name),
        ),
      })
    return problems
  }
  const keysAt = (path: KeyPath): string[] => [
    ...(path.length === 0 ? Object.keys(deviceShape) : []),
    ...(knownKeys(driver.options, path) ?? []),
  ]
  const options = driver.options.safeParse(own)
  const optionProblems = options.success ? [] : problemsOf(options.error.issues, own, base, keysAt)
  // Schemas that are not strict would drop a misspelt key in silence.
  const known = knownKeys(driver.options)
  for (const key of known ? Object.keys(own) : []) {
    const isReported = optionProblems.some((problem) => problem.path.length === base.length + 1 && problem.path.at(-1) === key)
    if (!known?.includes(key) && !isReported) optionProblems.push(unknownKey([...base, key], key, keysAt([])))
  }
  problems.push(...optionProblems)
  return problems.length > 0 || !common.success || !options.success ? problems : { ...common.data, options: options.data }
}
