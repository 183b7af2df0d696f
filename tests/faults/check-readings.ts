import { InfluxDB } from 'influx'
import type { LoggedScan } from '../../agent/src/log/scan-record.ts'

export interface ReadingsCheck {
  /** Readings of the log that are not in the store, or not with their value and offset. */
  lost: number
  /** Rows of the store beyond one for each record: an offset stored twice, or one that the log never gave. */
  duplicate: number
  expected: number
}

type Row = Record<string, unknown>

/** Compares what the log held up to an offset with what InfluxDB holds now: each record is one row of its device, at its time, with its offset. */
export async function checkReadings(
  influxUrl: string,
  records: ReadonlyMap<number, LoggedScan>,
  lastOffset: number,
): Promise<ReadingsCheck> {
  const { hostname, port } = new URL(influxUrl)
  const influx = new InfluxDB({ host: hostname, port: Number(port), database: 'roomkeeper' })
  const check: ReadingsCheck = { lost: 0, duplicate: 0, expected: 0 }
  const byDevice = Map.groupBy(
    [...records.values()].filter(({ offset }) => offset <= lastOffset),
    ({ device }) => device,
  )
  for (const [device, scans] of byDevice) {
    const rows = await rowsOf(influx, device)
    for (const scan of scans) {
      check.expected += scan.readings.length
      const row = rows.get(scan.timeMs)
      const isSame = row?.['log:offset'] === scan.offset
      for (const { key, value, quality } of scan.readings) {
        const stored = row?.[quality === 'good' ? key : `${key}:bad`]
        if (!isSame || (quality === 'good' ? stored !== value : typeof stored !== 'string')) check.lost++
      }
      if (isSame) rows.delete(scan.timeMs)
    }
    check.duplicate += [...rows.values()].filter((row) => (row['log:offset'] as number) <= lastOffset).length
  }
  return check
}

async function rowsOf(influx: InfluxDB, device: string): Promise<Map<number, Row>> {
  const answer = (await influx.queryRaw(`SELECT * FROM "reading" WHERE "device" = '${device}'`, { precision: 'ms' })) as {
    results: { series?: { columns: string[]; values: unknown[][] }[] }[]
  }
  const series = answer.results[0]?.series?.[0]
  const rows = new Map<number, Row>()
  for (const values of series?.values ?? []) {
    const row: Row = Object.fromEntries((series as { columns: string[] }).columns.map((column, i) => [column, values[i]]))
    rows.set(row.time as number, row)
  }
  return rows
}
