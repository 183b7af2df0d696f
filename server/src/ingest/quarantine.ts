import type { Db } from '../database/schema.ts'
import type { DeviceScan } from '../readings/scan.ts'

/** Keeps a reading (or a whole scan) the store refuses, with the reason: durable before its offset is committed. Repeating it changes nothing. */
export function quarantineInto(db: Db, clock: { nowMs(): number }) {
  return async (scan: DeviceScan, pointIndex: number | 'all', reason: string): Promise<void> => {
    const { site, node, device } = scan.device
    const devicePath = `${site}/${node}/${device}`
    const indexes = pointIndex === 'all' ? scan.points.map((_, index) => index) : [pointIndex]
    const common = { epoch: scan.epoch, offset: scan.offset, reason: reason.slice(0, 1000), atMs: clock.nowMs() }
    const rows = indexes.map((index) => ({
      ...common,
      path: `${devicePath}/${scan.points[index]?.key ?? index}`,
      timeMs: scan.timesMs[index] ?? null,
      valueJson: JSON.stringify(scan.values[index] ?? null),
    }))
    if (rows.length === 0) rows.push({ ...common, path: devicePath, timeMs: null, valueJson: 'null' })
    for (let i = 0; i < rows.length; i += 200)
      await db
        .insertInto('quarantine')
        .values(rows.slice(i, i + 200))
        .onConflict((conflict) => conflict.columns(['path', 'epoch', 'offset']).doNothing())
        .execute()
  }
}
