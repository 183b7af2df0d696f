import type { Point } from '@roomkeeper/shared/http'

/** What a room is judged by first, in the order of reading. */
const KEY_KINDS: readonly string[] = ['temperature', 'humidity', 'voltage', 'ups-status', 'battery-charge']
/** Two rows of three are still read at 5 m. */
const MOST_FIGURES = 6

/** The key figures of a room's leading points, and in the places left whatever else is in alarm, the worst first. */
export function keyFigures(leading: readonly Point[]): Point[] {
  const key = KEY_KINDS.flatMap((kind) => leading.filter((point) => point.kind === kind).slice(0, 1))
  const others = leading.filter((point) => point.alarm !== null && !key.includes(point))
  return [...key, ...others].slice(0, MOST_FIGURES)
}
