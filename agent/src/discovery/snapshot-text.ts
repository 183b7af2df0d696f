import type { DeviceSnapshot } from './read-device.ts'
import { textTable } from './text-table.ts'
import { kindText, plain, qualityText, valueText } from './wording.ts'

export const NO_POINTS = '设备有应答，但没有可读的测点 · it answers, but has no points to read'

/** The points of a device as a table, one line a point. */
export function snapshotTable({ points }: DeviceSnapshot): string[] {
  const rows = points.map(({ point, reading }) => [plain(point.key), kindText(point), valueText(point, reading), qualityText(reading)])
  return textTable([['测点 point', '类型 kind', '值 value', '质量 quality'], ...rows])
}

/** What `read --json` prints. */
export function snapshotJson({ maker, model, timeMs, points }: DeviceSnapshot, driver: string) {
  return {
    driver,
    maker,
    model,
    timeMs,
    points: points.map(({ point: { key, kind, unit, name }, reading: { value, quality, reason } }) => ({
      key,
      kind,
      unit,
      name,
      value,
      quality,
      reason,
    })),
  }
}

export function makerAndModel({ maker, model }: DeviceSnapshot): string {
  return plain([maker, model].filter((text) => text !== undefined && text !== '').join(' '))
}
