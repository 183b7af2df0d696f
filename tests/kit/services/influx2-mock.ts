// A MOCK of InfluxDB 2.x, written from the vendor's API documents (https://docs.influxdata.com/influxdb/v2/api/), for a real one cannot be
// had where the tests run. It stores line protocol in memory and answers exactly the Flux pipelines of
// server/src/readings/influx2/flux.ts; any other query is a 400. What it cannot show: that a real server accepts those pipelines.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { evaluate, type FieldValue, type Series } from './influx2-mock-flux.ts'

export interface Influx2MockOptions {
  org?: string
  token?: string
  /** Buckets that exist from the start. */
  buckets?: string[]
  /** Bodies longer than this get 413. */
  maxBodyBytes?: number
}

/** `body` is sent as JSON unless it is a text. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export class Influx2Mock {
  readonly org: string
  readonly token: string
  readonly buckets = new Map<string, Map<string, Series>>()
  /** Consumed by the next write requests, one each. */
  readonly forcedWriteAnswers: Answer[] = []
  /** Consumed by the next queries, one each. */
  readonly forcedQueryAnswers: Answer[] = []
  /** Lines for which this says true are refused with 422 while the rest of the batch is stored. */
  refuseLine: (line: string) => boolean = () => false
  maxBodyBytes: number
  writeRequests = 0
  /** Per measurement and field, as real servers fix it (there per shard). */
  readonly #fieldTypes = new Map<string, FieldValue['type']>()
  #server: Server | undefined
  #port = 0

  constructor(options: Influx2MockOptions = {}) {
    this.org = options.org ?? 'hospital'
    this.token = options.token ?? 'mock-token'
    this.maxBodyBytes = options.maxBodyBytes ?? Number.POSITIVE_INFINITY
    for (const bucket of options.buckets ?? []) this.buckets.set(bucket, new Map())
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens; after a stop on the same port, with the data still there. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request)
        .catch((error: unknown): Answer => ({ status: 500, body: { code: 'internal error', message: String(error) } }))
        .then(({ status, body = '', headers = {} }) => {
          const text = typeof body === 'string' ? body : JSON.stringify(body)
          response.writeHead(status, { 'content-type': 'application/json', ...headers })
          response.end(status === 204 ? undefined : text)
        })
        .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', this.url)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')

    if (url.pathname === '/health') return answer(200, { name: 'influxdb', status: 'pass', version: 'v2.7.0-mock' })
    if (request.headers.authorization !== `Token ${this.token}`) {
      return answer(401, { code: 'unauthorized', message: 'unauthorized access' })
    }
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /api/v2/write':
        return this.#write(url, body, bytes.length)
      case 'POST /api/v2/query':
        return this.forcedQueryAnswers.shift() ?? this.#query(url, body)
      case 'POST /api/v2/delete':
        return this.#delete(url, body)
      case 'GET /api/v2/orgs': {
        const known = url.searchParams.get('org') === this.org
        return known
          ? answer(200, { orgs: [{ id: '0123456789abcdef', name: this.org }] })
          : answer(404, { code: 'not found', message: `organization name "${url.searchParams.get('org')}" not found` })
      }
      case 'POST /api/v2/buckets': {
        const { name } = JSON.parse(body) as { name: string }
        if (this.buckets.has(name)) return answer(422, { code: 'unprocessable entity', message: `bucket with name ${name} already exists` })
        this.buckets.set(name, new Map())
        return answer(201, { id: 'b0', name })
      }
      default:
        return answer(404, { code: 'not found', message: 'path not found' })
    }
  }

  #write(url: URL, body: string, length: number): Answer {
    this.writeRequests++
    const forced = this.forcedWriteAnswers.shift()
    if (forced !== undefined) return forced
    if (url.searchParams.get('org') !== this.org) {
      return answer(404, { code: 'not found', message: `organization name "${url.searchParams.get('org')}" not found` })
    }
    const series = this.buckets.get(url.searchParams.get('bucket') ?? '')
    if (series === undefined) return answer(404, { code: 'not found', message: `bucket "${url.searchParams.get('bucket')}" not found` })
    if (length > this.maxBodyBytes)
      return answer(413, { code: 'request too large', message: 'unable to read data: points batch is too large' })
    if (url.searchParams.get('precision') !== 'ms') return answer(400, { code: 'invalid', message: 'this mock knows precision ms only' })

    const lines = body.split('\n').filter((line) => line !== '')
    const parsed: ParsedLine[] = []
    // 400: a malformed line rejects the whole request.
    for (const line of lines) {
      const point = parseLine(line)
      if (point === undefined) return answer(400, { code: 'invalid', message: `unable to parse '${line.slice(0, 100)}'` })
      parsed.push({ ...point, line })
    }
    // 422: points with a conflict are dropped, the rest is stored.
    let dropped = 0
    for (const point of parsed) {
      const conflict = Object.entries(point.fields).some(([field, value]) => {
        const key = JSON.stringify([point.measurement, field])
        const known = this.#fieldTypes.get(key)
        if (known === undefined) this.#fieldTypes.set(key, value.type)
        return known !== undefined && known !== value.type
      })
      if (conflict || this.refuseLine(point.line)) dropped++
      else store(series, point)
    }
    if (dropped > 0)
      return answer(422, {
        code: 'unprocessable entity',
        message: `failure writing points to database: partial write: field type conflict dropped=${dropped}`,
      })
    return answer(204)
  }

  /** As the documents of `POST /api/v2/delete` say: synchronous, equality and AND only; `stop` is included, as servers do it. */
  #delete(url: URL, body: string): Answer {
    const all = this.buckets.get(url.searchParams.get('bucket') ?? '')
    if (url.searchParams.get('org') !== this.org || all === undefined) return answer(404, { code: 'not found', message: 'not found' })
    const { start, stop, predicate } = JSON.parse(body) as { start: string; stop: string; predicate: string }
    const wanted = predicate.split(' AND ').map((part) => /^(\w+)="([^"\\]*)"$/.exec(part))
    if (wanted.some((part) => part === null || part[1] === '_field'))
      return answer(400, { code: 'invalid', message: `invalid request; error parsing request json: ${predicate}` })
    for (const series of all.values()) {
      const columns: Record<string, string> = { ...series.tags, _measurement: series.measurement }
      if (!wanted.every((part) => part !== null && columns[part[1] as string] === part[2])) continue
      series.sorted = undefined
      // Date.parse drops what is finer than a millisecond; a time that is whole milliseconds is included all the same.
      for (const timeMs of series.samples.keys()) {
        if (timeMs >= Date.parse(start) && timeMs <= Date.parse(stop)) series.samples.delete(timeMs)
      }
    }
    return answer(204)
  }

  #query(url: URL, body: string): Answer {
    if (url.searchParams.get('org') !== this.org) return answer(404, { code: 'not found', message: 'organization not found' })
    const { query } = JSON.parse(body) as { query: string }
    let table: string
    try {
      table = evaluate(query, this.buckets)
    } catch (error) {
      const message = `compilation failed: ${error instanceof Error ? error.message : String(error)}`
      return answer(400, { code: 'invalid', message })
    }
    return { status: 200, body: table, headers: { 'content-type': 'text/csv; charset=utf-8' } }
  }
}

function answer(status: number, body: unknown = ''): Answer {
  return { status, body }
}

interface Point {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, FieldValue>
  timeMs: number
}
type ParsedLine = Point & { line: string }

/** Line protocol v2: measurement,tag=value field=value timestamp, with backslash escapes and quoted strings. */
function parseLine(line: string): Point | undefined {
  const sections = splitOutsideQuotes(line, ' ')
  if (sections.length !== 3) return undefined
  const [head, fieldPart, time] = sections as [string, string, string]
  // Times are kept as 64-bit nanoseconds.
  if (!/^-?\d+$/.test(time) || Math.abs(Number(time)) > 9_223_372_036_854) return undefined
  const [measurement, ...tagPairs] = splitOutsideQuotes(head, ',', false)
  const tags: Record<string, string> = {}
  for (const pair of tagPairs) {
    const [key, value] = splitOutsideQuotes(pair, '=', false)
    if (!key || !value) return undefined
    tags[unescapeName(key)] = unescapeName(value)
  }
  const fields: Record<string, FieldValue> = {}
  for (const pair of splitOutsideQuotes(fieldPart, ',')) {
    const [key, ...rest] = splitOutsideQuotes(pair, '=')
    const value = fieldValue(rest.join('='))
    if (!key || value === undefined) return undefined
    fields[unescapeName(key)] = value
  }
  return { measurement: unescapeName(measurement ?? ''), tags, fields, timeMs: Number(time) }
}

function splitOutsideQuotes(text: string, separator: string, quotes = true): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (quotes && text[i] === '"') quoted = !quoted
    else if (!quoted && text[i] === separator) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return quoted ? [] : parts
}

function unescapeName(text: string): string {
  return text.replace(/\\([,= ])/g, '$1')
}

function fieldValue(text: string): FieldValue | undefined {
  if (/^-?\d+i$/.test(text)) return { type: 'long', value: Number(text.slice(0, -1)) }
  if (/^".*"$/s.test(text)) return { type: 'string', value: text.slice(1, -1).replace(/\\(["\\])/g, '$1') }
  if (/^(t|T|true|True|TRUE|f|F|false|False|FALSE)$/.test(text)) return { type: 'boolean', value: /^t/i.test(text) }
  if (/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) return { type: 'double', value: Number(text) }
  return undefined
}

function store(all: Map<string, Series>, point: Point): void {
  for (const [field, value] of Object.entries(point.fields)) {
    const key = JSON.stringify([point.measurement, point.tags, field])
    let series = all.get(key)
    if (series === undefined) {
      series = { measurement: point.measurement, tags: point.tags, field, samples: new Map() }
      all.set(key, series)
    }
    series.samples.set(point.timeMs, { ...value, timeMs: point.timeMs })
    series.sorted = undefined
  }
}
