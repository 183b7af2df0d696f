import { createHash } from 'node:crypto'
import type { RecordFields } from '@roomkeeper/shared/registers'

/** JSON with the keys of every object in order, so that the same values are the same text. Absent and undefined are the same. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`
}

/** What a signature is bound to: SHA-256 (hex) over the record's number, the move that was signed, and the fields as they were then. */
export function contentHashOf(number: string, move: string, fields: RecordFields): string {
  return createHash('sha256').update(canonicalJson({ number, move, fields })).digest('hex')
}
