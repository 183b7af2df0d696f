import type { RecordFields } from '@roomkeeper/shared/registers'

type Plain = Record<string, unknown>

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Absent, null, an empty text and an empty list are all "not filled in". */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** Same content. A person, room or record is the same by its id: the server writes its name. */
export function sameFields(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (isEmpty(a) && isEmpty(b))) return true
  if (isPlain(a) && isPlain(b)) {
    if (typeof a.id === 'number' && typeof b.id === 'number' && 'name' in b) return a.id === b.id
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameFields(a[key], b[key]))
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => sameFields(each, b[index]))
  return false
}

/** Keys at the first level whose content differs. */
export function changedKeys(before: RecordFields, after: RecordFields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !sameFields(before[key], after[key]))
}

/** Three-way merge: what changed here since `base` stays, everything else is theirs. `clashes`: paths that both changed to different things; there mine is kept. */
export function mergeFields(base: RecordFields, mine: RecordFields, theirs: RecordFields): { merged: RecordFields; clashes: string[] } {
  const clashes: string[] = []
  const merge = (b: Plain, m: Plain, t: Plain, path: string): Plain => {
    const result: Plain = {}
    for (const key of new Set([...Object.keys(t), ...Object.keys(m)])) {
      const at = path ? `${path}.${key}` : key
      const [was, my, their] = [b[key], m[key], t[key]]
      if (sameFields(my, was)) result[key] = their
      else if (sameFields(my, their)) result[key] = their
      else if (isPlain(my) && isPlain(their) && !('id' in my)) result[key] = merge(isPlain(was) ? was : {}, my, their, at)
      else {
        if (!sameFields(their, was)) clashes.push(at)
        result[key] = my
      }
    }
    return result
  }
  return { merged: merge(base, mine, theirs, ''), clashes }
}
