import { isBitTable, type RegisterPoint, type Table, widthOf } from './register-map.ts'

/** One read request and the points whose values its answer holds. */
export interface ReadRequest {
  table: Table
  start: number
  count: number
  points: readonly RegisterPoint[]
}

/** Modbus application protocol V1.1b3 §6.1–6.4: at most this many in one answer. */
export const MAX_REGISTERS = 125
const MAX_BITS = 2000

/**
 * Puts the points into as few requests as possible. Points of one table whose addresses follow each other share a request; `maxGap`
 * addresses that nobody asked for may lie between them (0: none), as some devices refuse to read those. `maxRegisters` is what the device gives at once.
 */
export function planRequests(points: readonly RegisterPoint[], maxGap: number, maxRegisters = MAX_REGISTERS): ReadRequest[] {
  const sorted = [...points].sort((a, b) => a.type.localeCompare(b.type) || a.register - b.register)
  const requests: { table: Table; start: number; count: number; points: RegisterPoint[] }[] = []
  for (const point of sorted) {
    const end = point.register + widthOf(point)
    const open = requests.at(-1)
    const limit = isBitTable(point.type) ? MAX_BITS : maxRegisters
    if (open?.table === point.type && point.register <= open.start + open.count + maxGap && end - open.start <= limit) {
      open.count = Math.max(open.count, end - open.start)
      open.points.push(point)
    } else {
      requests.push({ table: point.type, start: point.register, count: end - point.register, points: [point] })
    }
  }
  return requests
}
