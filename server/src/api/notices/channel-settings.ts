import { z } from 'zod'
import type { Channel } from '../../notify/channels/channel.ts'

export interface CheckedSettings {
  /** Without secrets. */
  settings: Record<string, unknown>
  secrets: Record<string, string>
}

export type SettingsAnswer = { ok: true; checked: CheckedSettings } | { ok: false; issues: { field: string; message: string }[] }

/**
 * Checks settings as a person entered them, together with the secrets that stay as they are, and takes the secrets out. A secret that is left
 * out or empty stays; null clears it.
 */
export function checkSettings(
  channel: Channel,
  entered: Record<string, unknown>,
  keptSecrets: Readonly<Record<string, string>>,
): SettingsAnswer {
  const kept = Object.fromEntries(Object.entries(keptSecrets).filter(([name]) => entered[name] === undefined || entered[name] === ''))
  // An empty field of a form is a field that is left out.
  const given = Object.fromEntries(Object.entries(entered).filter(([, value]) => isGiven(value)))
  const result = channel.settings.safeParse({ ...given, ...kept })
  if (!result.success)
    return {
      ok: false,
      issues: result.error.issues.map(({ path, message }) => ({ field: `settings.${path.join('.')}`, message })),
    }
  const all = result.data as Record<string, unknown>
  const secrets: Record<string, string> = {}
  const settings: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(all)) {
    if (!channel.secrets.includes(name)) settings[name] = value
    else if (typeof value === 'string') secrets[name] = value
  }
  return { ok: true, checked: { settings, secrets } }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** What a form is made from. */
export function settingsSchemaOf(channel: Channel): Record<string, unknown> {
  return z.toJSONSchema(channel.settings, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
}

/** The pattern of an address, where its schema has one that a browser can use. */
export function addressPatternOf(channel: Channel): string | null {
  if (!channel.address) return null
  const schema = z.toJSONSchema(channel.address.schema, { io: 'input', unrepresentable: 'any' })
  return typeof schema.pattern === 'string' ? schema.pattern : null
}
