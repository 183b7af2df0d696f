// The queries that the mock of InfluxDB 2.x answers: exactly the Flux pipelines of server/src/readings/influx2/flux.ts.
export type FieldValue = { type: 'double' | 'long' | 'string' | 'boolean'; value: number | string | boolean }
export interface Sample extends FieldValue {
  timeMs: number
}
export interface Series {
  measurement: string
  tags: Record<string, string>
  field: string
  samples: Map<number, Sample>
  /** The samples in order of time, until one comes or goes. */
  sorted?: Sample[] | undefined
}

interface Table {
  columns: Record<string, string>
  rows: Sample[]
}

/** One pipeline per line; `name = …` names its tables for later lines. */
export function evaluate(query: string, buckets: Map<string, Map<string, Series>>): string {
  const named = new Map<string, Table[]>()
  let output = ''
  for (const line of query.split('\n')) {
    const assignment = /^(\w+) = (from\(.*)$/.exec(line)
    if (assignment !== null) {
      named.set(assignment[1] as string, runPipeline(assignment[2] as string, buckets, named).tables)
      continue
    }
    const { tables, name } = runPipeline(line, buckets, named)
    output += render(tables, name)
  }
  return output
}

function runPipeline(
  text: string,
  buckets: Map<string, Map<string, Series>>,
  named: Map<string, Table[]>,
): { tables: Table[]; name: string } {
  const [first, ...stages] = text.split(' |> ') as [string, ...string[]]
  let name = '_result'
  let tables: Table[] = named.get(first) ?? []
  const from = /^from\(bucket: ("(?:[^"\\]|\\.)*")\)$/.exec(first)
  if (from !== null) {
    const bucket = buckets.get(unquote(from[1] as string))
    if (bucket === undefined) throw new Error('bucket not found')
    tables = [...bucket.values()].map((series) => ({
      columns: { _measurement: series.measurement, _field: series.field, ...series.tags },
      rows: sortedSamples(series),
    }))
  } else if (!named.has(first)) throw new Error(`this mock does not know: ${first}`)
  // Filters look at columns only, so they may come before the range: far fewer rows are looked at.
  for (const stage of [...stages.filter(isFilter), ...stages.filter((stage) => !isFilter(stage))]) {
    const named = /^yield\(name: "(\w+)"\)$/.exec(stage)
    if (named !== null) name = named[1] as string
    else tables = runStage(stage, tables)
  }
  return { tables: tables.filter((table) => table.rows.length > 0), name }
}

function isFilter(stage: string): boolean {
  return stage.startsWith('filter(')
}

function sortedSamples(series: Series): Sample[] {
  series.sorted ??= [...series.samples.values()].sort((a, b) => a.timeMs - b.timeMs)
  return series.sorted
}

function runStage(stage: string, tables: Table[]): Table[] {
  const range = /^range\(start: ([\dTZ:.-]+), stop: ([\dTZ:.-]+)\)$/.exec(stage)
  if (range !== null) {
    const [fromMs, toMs] = [Date.parse(range[1] as string), Date.parse(range[2] as string)]
    if (!(fromMs < toMs)) throw new Error('cannot query an empty range')
    return tables.map((table) => ({ ...table, rows: table.rows.filter((row) => row.timeMs >= fromMs && row.timeMs < toMs) }))
  }
  const filter = /^filter\(fn: \(r\) => (.*)\)$/s.exec(stage)
  if (filter !== null) {
    const wanted = new Map<string, string[]>()
    for (const match of (filter[1] as string).matchAll(/r\.(\w+) == ("(?:[^"\\]|\\.)*")/g)) {
      wanted.set(match[1] as string, [...(wanted.get(match[1] as string) ?? []), unquote(match[2] as string)])
    }
    return tables.filter((table) => [...wanted].every(([column, values]) => values.includes(table.columns[column] ?? '')))
  }
  const window = /^aggregateWindow\(every: (\d+)ms, fn: (min|max|mean|count), createEmpty: false, timeSrc: "_start"\)$/.exec(stage)
  if (window !== null) return tables.map((table) => aggregate(table, Number(window[1]), window[2] as string))
  const limit = /^limit\(n: (\d+)\)$/.exec(stage)
  if (limit !== null) return tables.map((table) => ({ ...table, rows: table.rows.slice(0, Number(limit[1])) }))
  if (stage === 'first()') return tables.map((table) => ({ ...table, rows: table.rows.slice(0, 1) }))
  if (stage === 'last()') return tables.map((table) => ({ ...table, rows: table.rows.slice(-1) }))
  const keep = /^keep\(columns: \[(.*)\]\)$/.exec(stage)
  if (keep !== null) {
    const names = [...(keep[1] as string).matchAll(/"(\w+)"/g)].map((match) => match[1] as string)
    return tables.map((table) => ({
      ...table,
      columns: Object.fromEntries(Object.entries(table.columns).filter(([key]) => names.includes(key))),
    }))
  }
  throw new Error(`this mock does not know: ${stage}`)
}

/** `_start` of a window as Flux gives it: aligned to the epoch. */
function aggregate(table: Table, everyMs: number, fn: string): Table {
  const windows = new Map<number, Sample[]>()
  for (const row of table.rows) {
    const start = Math.floor(row.timeMs / everyMs) * everyMs
    const rows = windows.get(start)
    if (rows === undefined) windows.set(start, [row])
    else rows.push(row)
  }
  const rows = [...windows].map(([timeMs, samples]): Sample => {
    if (fn === 'count') return { timeMs, type: 'long', value: samples.length }
    const numbers = samples.map((sample) => Number(sample.value))
    const sum = numbers.reduce((a, b) => a + b, 0)
    const value = fn === 'mean' ? sum / numbers.length : fn === 'min' ? Math.min(...numbers) : Math.max(...numbers)
    return { timeMs, type: 'double', value }
  })
  return { ...table, rows }
}

/** Flux string literal: its escapes are those of JSON plus `\$`. */
function unquote(literal: string): string {
  return JSON.parse(literal.replaceAll('\\$', '$')) as string
}

/** Annotated CSV, one block per table, as the query API returns it. */
function render(tables: Table[], result: string): string {
  return tables
    .map((table, index) => {
      const keys = Object.keys(table.columns)
      const type = table.rows[0]?.type ?? 'double'
      const header = [
        ['#datatype', 'string', 'long', 'dateTime:RFC3339', type, ...keys.map(() => 'string')],
        ['#group', 'false', 'false', 'false', 'false', ...keys.map(() => 'true')],
        ['#default', result, '', '', '', ...keys.map(() => '')],
        ['', 'result', 'table', '_time', '_value', ...keys],
      ]
      const rows = table.rows.map((row) => [
        '',
        '',
        String(index),
        new Date(row.timeMs).toISOString(),
        String(row.value),
        ...keys.map((key) => table.columns[key] ?? ''),
      ])
      return `${[...header, ...rows].map((cells) => cells.map(csv).join(',')).join('\r\n')}\r\n\r\n`
    })
    .join('')
}

function csv(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
