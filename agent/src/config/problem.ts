import type { Document, LineCounter } from 'yaml'
import { isMap, isScalar } from 'yaml'
import type { z } from 'zod'
import { closest } from './closest.ts'

export type KeyPath = readonly (string | number)[]

/** One thing that is wrong in agent.yaml, with where. */
export interface ConfigProblem {
  path: KeyPath
  message: string
  line?: number
  column?: number
}

/** agent.yaml cannot be used. The message lists every problem, one a line. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]
  constructor(fileName: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => formatProblem(fileName, problem)).join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** `agent.yaml:12:5 devices[0].driver: …` */
export function formatProblem(fileName: string, problem: ConfigProblem): string {
  const place = problem.line === undefined ? fileName : `${fileName}:${problem.line}:${problem.column}`
  const path = formatPath(problem.path)
  return path === '' ? `${place} ${problem.message}` : `${place} ${path}: ${problem.message}`
}

function formatPath(path: KeyPath): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}

/** Adds line and column: of the key itself, or of the nearest thing around it that is written in the file. */
export function locate(problem: ConfigProblem, document: Document, lines: LineCounter): ConfigProblem {
  for (let length = problem.path.length; length >= 0; length--) {
    const offset = offsetOf(document, problem.path.slice(0, length))
    if (offset === undefined) continue
    const { line, col } = lines.linePos(offset)
    return { ...problem, line, column: col }
  }
  return problem
}

function offsetOf(document: Document, path: KeyPath): number | undefined {
  if (path.length === 0) return document.contents?.range?.[0]
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)))
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = document.getIn(path, true)
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0]
}

/** Turns zod's issues into problems that say what is wrong and what is allowed. `keysAt` gives the keys known at a path, for suggestions. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  base: KeyPath,
  keysAt: (path: KeyPath) => readonly string[],
): ConfigProblem[] {
  return issues.flatMap((issue): ConfigProblem[] => {
    const inner = issue.path as KeyPath
    const path = [...base, ...inner]
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], key, keysAt(inner)))
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const alternatives = issue.errors.map((errors) => errors.map((error) => error.message).join('; '))
      return [{ path, message: `无效 · none of the allowed forms fits: ${[...new Set(alternatives)].join(' | ')}` }]
    }
    return [{ path, message: sentenceOf(issue, valueAt(input, inner), SECRET.test(String(path.at(-1)))) }]
  })
}

export function unknownKey(path: KeyPath, key: string, allowed: readonly string[]): ConfigProblem {
  const suggestion = closest(key, allowed)
  const meant = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
  const list = allowed.length > 0 ? `; allowed: ${[...allowed].sort().join(', ')}` : ''
  return { path, message: `未知的键 · unknown key "${key}"${meant}${list}` }
}

export function unknownWord(word: string, allowed: readonly string[]): string {
  const suggestion = closest(word, allowed)
  return `不允许的值 · "${word}" is not allowed${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}; allowed: ${allowed.join(', ')}`
}

/** Values of such keys are not repeated in messages, which end up in logs. */
const SECRET = /password|secret|token|community|key$/i

function sentenceOf(issue: z.core.$ZodIssue, value: unknown, isSecret: boolean): string {
  if (value === undefined && issue.code !== 'custom') {
    const allowed =
      issue.code === 'invalid_value' ? `; allowed: ${issue.values.join(', ')}` : issue.code === 'invalid_type' ? ` (${issue.expected})` : ''
    return `缺少 · is missing${allowed}`
  }
  const shown =
    value === undefined || isSecret ? '' : `, got ${JSON.stringify(value, (key, part: unknown) => (SECRET.test(key) ? '…' : part))}`
  switch (issue.code) {
    case 'invalid_value':
      return unknownWord(String(value), issue.values.map(String))
    case 'invalid_type':
      return `类型不对 · must be ${article(issue.expected)}${shown}`
    case 'too_small':
      return `太小 · must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}${shown}`
    case 'too_big':
      return `太大 · must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}${shown}`
    case 'invalid_format':
      return `格式不对 · must be ${issue.message}${shown}`
    default:
      return `无效 · ${issue.message}${shown}`
  }
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : origin === 'array' ? ' entries' : ''
}

function valueAt(input: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined),
    input,
  )
}
