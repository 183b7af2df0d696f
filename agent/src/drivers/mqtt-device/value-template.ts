import { isJsonObject } from '../json-path.ts'

/** A template turned into a function of a message's payload; undefined where the payload has no such value. */
export type ValueTemplate = (payload: string) => unknown

interface Input {
  payload: string
  json: unknown
}
type Expression = (input: Input) => unknown

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|([[\].()|+\-*/,]))/y

/**
 * The common forms of Home Assistant's `value_template`: `{{ value }}`, `{{ value_json.a['b'][0] }}`, the filters float, int, round,
 * abs, lower, upper and is_defined, and + − × ÷ with constants. It is taken apart here, not evaluated. Throws an Error that names what
 * is not supported.
 */
export function parseValueTemplate(text: string): ValueTemplate {
  const [, inner] = /^\s*\{\{-?([^{}]*?)-?\}\}\s*$/.exec(text) ?? []
  if (inner === undefined) throw new Error(`the template is more than one {{ … }}: ${text}`)
  const parser = new Parser(inner)
  const expression = parser.whole()
  return (payload) => {
    let json: unknown
    try {
      json = JSON.parse(payload)
    } catch {
      json = undefined
    }
    return expression({ payload, json })
  }
}

class Parser {
  readonly #text: string
  readonly #tokens: { kind: 'number' | 'name' | 'text' | 'sign'; text: string }[] = []

  constructor(text: string) {
    this.#text = text
    TOKEN.lastIndex = 0
    const end = text.trimEnd().length
    while (TOKEN.lastIndex < end) {
      const match = TOKEN.exec(text)
      if (match === null) throw this.#unsupported()
      const [, number, name, quoted, doubleQuoted, sign] = match
      if (number !== undefined) this.#tokens.push({ kind: 'number', text: number })
      else if (name !== undefined) this.#tokens.push({ kind: 'name', text: name })
      else if (sign !== undefined) this.#tokens.push({ kind: 'sign', text: sign })
      else this.#tokens.push({ kind: 'text', text: (quoted ?? doubleQuoted) as string })
    }
  }

  whole(): Expression {
    const expression = this.#sum()
    if (this.#tokens.length > 0) throw this.#unsupported()
    return expression
  }

  #sum(): Expression {
    let left = this.#product()
    for (let sign = this.#sign('+', '-'); sign !== undefined; sign = this.#sign('+', '-')) {
      left = arithmetic(left, this.#product(), sign === '+' ? (a, b) => a + b : (a, b) => a - b)
    }
    return left
  }

  #product(): Expression {
    let left = this.#filtered()
    for (let sign = this.#sign('*', '/'); sign !== undefined; sign = this.#sign('*', '/')) {
      left = arithmetic(left, this.#filtered(), sign === '*' ? (a, b) => a * b : (a, b) => a / b)
    }
    return left
  }

  /** A filter binds closer than arithmetic, as in Jinja. */
  #filtered(): Expression {
    let expression = this.#primary()
    while (this.#sign('|') !== undefined) expression = this.#filter(expression)
    return expression
  }

  #filter(inner: Expression): Expression {
    const name = this.#take('name')
    const argument = this.#sign('(') === undefined ? undefined : this.#argument()
    switch (name) {
      case 'float':
      case 'int':
        // The default of `float(0)` is not used: a value that is none is bad, not zero.
        return (input) => (name === 'int' ? truncated(numberOf(inner(input))) : numberOf(inner(input)))
      case 'round': {
        const factor = 10 ** (argument ?? 0)
        return (input) => Math.round(numberOf(inner(input)) * factor) / factor
      }
      case 'abs':
        return (input) => Math.abs(numberOf(inner(input)))
      case 'lower':
      case 'upper':
        return (input) => {
          const value = inner(input)
          return typeof value === 'string' ? (name === 'lower' ? value.toLowerCase() : value.toUpperCase()) : value
        }
      case 'is_defined':
        return inner
      default:
        throw new Error(`the filter "${name}" is not supported: ${this.#text.trim()}`)
    }
  }

  #argument(): number | undefined {
    if (this.#sign(')') !== undefined) return undefined
    const minus = this.#sign('-') === undefined ? 1 : -1
    const value = minus * Number(this.#take('number'))
    this.#expect(')')
    return value
  }

  #primary(): Expression {
    if (this.#sign('-') !== undefined) {
      const inner = this.#primary()
      return (input) => -numberOf(inner(input))
    }
    if (this.#sign('(') !== undefined) {
      const inner = this.#sum()
      this.#expect(')')
      return inner
    }
    const [next] = this.#tokens
    if (next?.kind === 'number') return constant(Number(this.#take('number')))
    const name = this.#take('name')
    if (name === 'value') return ({ payload }) => payload
    if (name !== 'value_json') throw this.#unsupported()
    return this.#path()
  }

  #path(): Expression {
    const steps: string[] = []
    for (;;) {
      if (this.#sign('.') !== undefined) steps.push(this.#take('name'))
      else if (this.#sign('[') !== undefined) {
        const [next] = this.#tokens
        steps.push(this.#take(next?.kind === 'number' ? 'number' : 'text'))
        this.#expect(']')
      } else break
    }
    return ({ json }) => {
      let value = json
      for (const step of steps) {
        if (!(isJsonObject(value) || Array.isArray(value)) || !Object.hasOwn(value, step)) return undefined
        value = (value as Record<string, unknown>)[step]
      }
      return value
    }
  }

  #take(kind: 'number' | 'name' | 'text'): string {
    const token = this.#tokens.shift()
    if (token?.kind !== kind) throw this.#unsupported()
    return token.text
  }

  #sign(...signs: string[]): string | undefined {
    const [next] = this.#tokens
    return next?.kind === 'sign' && signs.includes(next.text) ? this.#tokens.shift()?.text : undefined
  }

  #expect(sign: string): void {
    if (this.#sign(sign) === undefined) throw this.#unsupported()
  }

  #unsupported(): Error {
    return new Error(`the template is not supported: ${this.#text.trim()}`)
  }
}

function constant(value: number): Expression {
  return () => value
}

function arithmetic(left: Expression, right: Expression, operate: (a: number, b: number) => number): Expression {
  return (input) => operate(numberOf(left(input)), numberOf(right(input)))
}

/** NaN for what is no number; it makes the reading bad. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function truncated(value: number): number {
  return Math.trunc(value)
}
