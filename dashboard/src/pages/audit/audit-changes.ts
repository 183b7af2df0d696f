export interface FieldChange {
  path: string
  before: string
  after: string
}

function leaves(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${key}` : key, into)
    return
  }
  if (value !== undefined && value !== null) into.set(path, typeof value === 'string' ? value : JSON.stringify(value))
}

/** The fields that differ between two states of a row, as paths with their texts; a missing one is `—`. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [new Map<string, string>(), new Map<string, string>()]
  leaves(before, '', old)
  leaves(after, '', now)
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path) ?? '—', after: now.get(path) ?? '—' }))
}
