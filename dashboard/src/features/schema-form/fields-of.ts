import { halfOf } from '../../i18n/bilingual.ts'

/** One setting of a JSON schema (draft 2020-12, as Zod writes it) as a form shows it. */
export interface SchemaField {
  key: string
  kind: 'text' | 'long-text' | 'secret' | 'long-secret' | 'number' | 'boolean' | 'choice' | 'list' | 'device' | 'rooms' | 'json'
  label: string
  help: string
  required: boolean
  /** Of a choice, and of a list with fixed members. */
  choices: readonly string[]
  initial: unknown
  min?: number
  max?: number
  isInteger: boolean
  maxLength?: number
}

type Json = Readonly<Record<string, unknown>>

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

const isWhole = (schema: unknown): boolean => isJson(schema) && schema.type === 'integer'

function kindOf(key: string, schema: Json, isSecret: boolean): SchemaField['kind'] {
  // Nobody knows a device or a room by its number; these two names mean the same in every channel.
  if (key === 'deviceId' && isWhole(schema)) return 'device'
  if (key === 'roomIds' && schema.type === 'array' && isWhole(schema.items)) return 'rooms'
  if (Array.isArray(schema.enum)) return 'choice'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  if (schema.type === 'array' && isJson(schema.items) && schema.items.type === 'string') return 'list'
  if (schema.type !== 'string') return 'json'
  // Certificates and keys come in lines; a one-line field would swallow their line breaks.
  const takesLines = /-----BEGIN/.test(String(schema.pattern ?? '')) || (numberOf(schema.maxLength) ?? 0) > 300
  if (isSecret) return takesLines ? 'long-secret' : 'secret'
  return takesLines ? 'long-text' : 'text'
}

/** Ends the part of a help text that serves as the label: the first clause, in the punctuation of either language. */
const CLAUSE_END = /[；：，。]|; |: |, (?!or )/
/** Longer remarks in parentheses, e.g. an example address, are help. */
const LONG_PARENTHESIS = /（[^（）]{13,}）| \([^()]{13,}\)/

/**
 * A schema's description is one sentence: its first clause is the label, the rest the help. A sentence that begins by explaining a choice
 * ("trap: nobody knows …") has no label in it; the setting's key stands in.
 */
export function labelOf(description: string, key: string, choices: readonly string[]): { label: string; help: string } {
  const text = description.trim()
  if (text === '' || choices.some((choice) => text.startsWith(choice))) return { label: key, help: text }
  const clause = text.search(CLAUSE_END)
  const remark = text.search(LONG_PARENTHESIS)
  if (remark > 0 && (clause < 0 || remark < clause)) return { label: text.slice(0, remark), help: text.slice(remark).trim() }
  if (clause <= 0) return { label: text, help: '' }
  return { label: text.slice(0, clause), help: text.slice(clause + 1).trim() }
}

/** The fields of a channel's settings, in the order of the schema, required ones first. */
export function fieldsOf(schema: Json, secrets: readonly string[], language: string): SchemaField[] {
  if (!isJson(schema.properties)) return []
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const fields = Object.entries(schema.properties).flatMap(([key, property]): SchemaField[] => {
    if (!isJson(property)) return []
    const members = Array.isArray(property.enum)
      ? property.enum
      : isJson(property.items) && Array.isArray(property.items.enum)
        ? property.items.enum
        : []
    const choices = members.map(String)
    const description = typeof property.description === 'string' ? halfOf(property.description, language) : ''
    return [
      {
        key,
        kind: kindOf(key, property, secrets.includes(key)),
        ...labelOf(description, key, choices),
        required: required.has(key) && property.default === undefined,
        choices,
        initial: property.default,
        min: numberOf(property.minimum),
        max: numberOf(property.maximum),
        isInteger: property.type === 'integer',
        maxLength: numberOf(property.maxLength),
      },
    ]
  })
  // "TLS: own certificate", "TLS: its key": the first clause alone does not tell them apart.
  const isShared = ({ label }: SchemaField) => fields.filter((other) => other.label === label).length > 1
  const told = fields.map((field) => (isShared(field) ? { ...field, label: `${field.label} · ${field.help}`, help: '' } : field))
  return told.sort((a, b) => Number(b.required) - Number(a.required))
}

export type SettingsValues = Readonly<Record<string, unknown>>

/** What a form begins with: the saved settings, else the defaults. Secrets begin empty: the server never gives them. */
export function initialValues(fields: readonly SchemaField[], saved: SettingsValues | undefined): SettingsValues {
  return Object.fromEntries(
    fields.map(({ key, kind, initial }) => {
      const value = saved ? saved[key] : initial
      return [key, kind === 'json' && value !== undefined ? JSON.stringify(value, null, 1) : value]
    }),
  )
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

const isSecret = ({ kind }: Pick<SchemaField, 'kind'>): boolean => kind === 'secret' || kind === 'long-secret'

/** Its value in the form: the secret that the server holds is to be cleared. Null means the same to the server. */
export const CLEARED = null

/**
 * What goes to the server: empty fields left out, which keeps a secret and takes the default of the rest; a cleared secret as null. JSON was
 * checked before.
 */
export function settingsOf(fields: readonly SchemaField[], values: SettingsValues): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const { key, kind } = field
      const value = values[key]
      if (isSecret(field) && value === CLEARED) return [[key, CLEARED]]
      if (isEmpty(value)) return []
      if (kind === 'json') return [[key, JSON.parse(String(value)) as unknown]]
      // A space behind a password may belong to it; one behind an address never does.
      return [[key, typeof value === 'string' && !isSecret(field) ? value.trim() : value]]
    }),
  )
}

/** What is plainly missing or not JSON; everything else is the server's to judge. */
export function problemsOf(
  fields: readonly SchemaField[],
  values: SettingsValues,
  secretsSet: readonly string[],
): Record<string, 'required' | 'not-json'> {
  const found: Record<string, 'required' | 'not-json'> = {}
  for (const { key, kind, required } of fields) {
    const value = values[key]
    if (isEmpty(value)) {
      if (required && !secretsSet.includes(key)) found[key] = 'required'
    } else if (kind === 'json') {
      try {
        JSON.parse(String(value))
      } catch {
        found[key] = 'not-json'
      }
    }
  }
  return found
}
