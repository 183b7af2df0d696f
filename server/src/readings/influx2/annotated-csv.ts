import { type FluxTableMetaData, linesToTables } from '@influxdata/influxdb-client'

/**
 * Rows of a query's answer. Throws on anything that is not annotated CSV, as the page of a proxy, and on the table by which a server
 * tells an error after it has begun to answer: taken for no rows, either would pass for "nothing is stored".
 */
export function rowsOfLines<Row>(lines: readonly string[]): Row[] {
  const first = lines.find((line) => line.trim() !== '')
  if (first !== undefined && !first.startsWith('#')) throw new Error(`the answer is not annotated CSV: ${first.slice(0, 100)}`)
  const rows: Row[] = []
  let failure: unknown
  const reader = linesToTables({
    next: (values: string[], table: FluxTableMetaData) => {
      const row = table.toObject(values) as Row & { error?: unknown; reference?: unknown }
      if (table.columns.some(({ label }) => label === 'error')) failure ??= new Error(String(row.error))
      rows.push(row)
    },
    error: (error) => {
      failure ??= error
    },
    complete: () => undefined,
  })
  for (const line of lines) reader.next(line)
  reader.complete()
  if (failure !== undefined) throw failure
  return rows
}
