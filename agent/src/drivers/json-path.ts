/** One step into a JSON value: a key of an object, or an index of an array. */
export type JsonPath = readonly (string | number)[]

const STEP = /\.?([^.[\]'"\s]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y

/**
 * Reads `a.b[0]['c.d']`; `$` alone or in front means the whole value. Nothing is evaluated. Throws an Error that says where the path is wrong.
 */
export function parseJsonPath(text: string): JsonPath {
  const steps: (string | number)[] = []
  let position = text.startsWith('$') ? 1 : 0
  while (position < text.length) {
    STEP.lastIndex = position
    const match = STEP.exec(text)
    // A dot begins every name but the first one.
    if (match === null || (match[1] !== undefined && position > 0 !== (text[position] === '.'))) {
      throw new Error(`not a path at character ${position + 1}; write a.b[0]['c.d']`)
    }
    const [whole, name, index, quoted, doubleQuoted] = match
    steps.push(index === undefined ? ((name ?? quoted ?? doubleQuoted) as string) : Number(index))
    position += whole.length
  }
  if (steps.length === 0 && text !== '$') throw new Error("an empty path; write a.b[0]['c.d'], or $ for the whole value")
  return steps
}

/** The value at a path; undefined when it is not there. Only what the JSON itself holds is found, nothing inherited. */
export function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** An object of JSON, not an array and not null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
