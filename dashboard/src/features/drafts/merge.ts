type Plain = Record<string, unknown>

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Same content; a field that is undefined is the same as one that is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isPlain(a) || !isPlain(b)) return JSON.stringify(a) === JSON.stringify(b)
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(a[key], b[key]))
}

/** Names of the fields whose content differs. */
export function changedFields(before: object, after: object): string[] {
  const [from, to] = [before as Plain, after as Plain]
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => !isSame(from[key], to[key]))
}

/**
 * Three-way merge of a draft: what I changed since `base` stays mine, everything else is theirs.
 * `clashes` names the fields (as paths) that both changed to different things; there mine wins.
 */
export function mergeDrafts<T extends object>(base: T, mine: T, theirs: T): { merged: T; clashes: string[] } {
  const clashes: string[] = []
  const merge = (b: Plain, m: Plain, t: Plain, path: string): Plain => {
    const result: Plain = {}
    for (const key of new Set([...Object.keys(t), ...Object.keys(m)])) {
      const at = path ? `${path}.${key}` : key
      const [baseValue, myValue, theirValue] = [b[key], m[key], t[key]]
      if (isPlain(myValue) && isPlain(theirValue)) result[key] = merge(isPlain(baseValue) ? baseValue : {}, myValue, theirValue, at)
      else if (isSame(myValue, baseValue)) result[key] = theirValue
      else {
        if (!isSame(theirValue, baseValue) && !isSame(theirValue, myValue)) clashes.push(at)
        result[key] = myValue
      }
    }
    return result
  }
  return { merged: merge(base as Plain, mine as Plain, theirs as Plain, '') as T, clashes }
}
