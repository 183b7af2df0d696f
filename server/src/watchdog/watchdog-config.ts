import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { ConfigError } from '../config/load-config.ts'
import type { Channel } from '../notify/channels/channel.ts'
import { CHANNELS } from '../notify/channels/index.ts'
import { signingSecret } from '../notify/channels/signed-post.ts'

/** Ways to tell people that need no server: not the beacon at an agent, and not another watcher. */
const TELLING = new Map(
  CHANNELS.filter(({ name, carries }) => carries === undefined && name !== 'relay').map((channel) => [channel.name, channel]),
)

/** Fractions are allowed, so that an installation can be tried without a long wait. */
const minutes = z.number().min(0.01).max(1440)
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请按 HH:MM 填写 / HH:MM, 00:00 … 23:59')

const tellSchema = z.strictObject({
  channel: z.string().refine((name) => TELLING.has(name), `可用 / allowed: ${[...TELLING.keys()].join(', ')}`),
  settings: z.record(z.string(), z.unknown()),
  to: z.array(z.string()).max(20).default([]),
  language: z.enum(['zh', 'en']).default('zh'),
})

const configSchema = z.strictObject({
  name: z.string().min(1).max(40).default('机房管家 Roomkeeper'),
  host: z.string().min(1).default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(8091),
  secret: signingSecret,
  stateFile: z.string().min(1).default('watchdog-state.json'),
  silentAfterMinutes: minutes.default(5),
  illAfterMinutes: minutes.default(10),
  repeatMinutes: minutes.default(60),
  weekly: z
    .strictObject({ day: z.int().min(1).max(7), at: clockTime })
    .nullable()
    .default({ day: 1, at: '09:00' }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'IANA 时区名，如 Asia/Shanghai / an IANA name')
    .default(Intl.DateTimeFormat().resolvedOptions().timeZone),
  tell: z.array(tellSchema).min(1, '至少一种通知方式 / at least one way to tell people').max(20),
})

/** One way to tell people, with its settings as its channel wants them. */
export interface WatchdogTarget {
  channel: Channel
  settings: unknown
  /** Empty string: the channel reaches a place. */
  addresses: readonly string[]
  language: 'zh' | 'en'
}

export interface WatchdogConfig extends Omit<z.output<typeof configSchema>, 'tell'> {
  targets: readonly WatchdogTarget[]
}

type Problem = { path: readonly PropertyKey[]; message: string }

/**
 * Reads watchdog.yaml.
 * @throws ConfigError with every problem, each naming its line, its key and what is allowed; never a value, which may be a secret.
 */
export function loadWatchdogConfig(file: string): WatchdogConfig {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines })
  if (document.errors.length > 0)
    throw new ConfigError(document.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`))
  const placeOf = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return `${file}:${lines.linePos(node.range[0]).line}`
    }
    return `${file}:1`
  }
  const fail = (problems: readonly Problem[]): never => {
    throw new ConfigError(problems.map(({ path, message }) => `${placeOf(path)}: ${path.join('.') || 'watchdog.yaml'}: ${message}`))
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {})
  if (!parsed.success) return fail(problemsOf(parsed.error, []))
  const { tell, ...config } = parsed.data
  const problems: Problem[] = []
  const targets = tell.flatMap((entry, index): WatchdogTarget[] => {
    const channel = TELLING.get(entry.channel)
    if (!channel) return []
    const settings = channel.settings.safeParse(entry.settings)
    if (!settings.success) problems.push(...problemsOf(settings.error, ['tell', index, 'settings']))
    const addresses = addressesOf(channel, entry.to, index, problems)
    return settings.success ? [{ channel, settings: settings.data, addresses, language: entry.language }] : []
  })
  if (problems.length > 0) return fail(problems)
  // systemd says where its service may write.
  return { ...config, stateFile: resolve(process.env.STATE_DIRECTORY ?? '.', config.stateFile), targets }
}

function addressesOf({ name, address }: Channel, to: readonly string[], index: number, problems: Problem[]): string[] {
  if (address === null) {
    if (to.length > 0) problems.push({ path: ['tell', index, 'to'], message: `${name} 不需要 to / ${name} reaches a place, leave it out` })
    return ['']
  }
  if (to.length === 0)
    problems.push({ path: ['tell', index], message: `缺少 to：${address.label.zh} / to is missing: ${address.label.en}` })
  return to.flatMap((text, position) => {
    const parsed = address.schema.safeParse(text)
    if (parsed.success) return [parsed.data]
    problems.push(...problemsOf(parsed.error, ['tell', index, 'to', position]))
    return []
  })
}

function problemsOf(error: z.ZodError, prefix: readonly PropertyKey[]): Problem[] {
  return error.issues.map((issue) => ({
    path: [...prefix, ...issue.path],
    message: issue.code === 'unrecognized_keys' ? `没有这个设置 / no such setting: ${issue.keys.join(', ')}` : issue.message,
  }))
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError([`${file}: 无法读取 / cannot be read: ${(error as Error).message}`])
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}
