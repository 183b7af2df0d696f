import type { HeatField } from './heat-field.ts'

/** Less cover than this and the line would be drawn through air that nobody measures. */
const MIN_COVER = 0.2

/**
 * The line of one value through a field, as the `d` of an SVG path in cells (marching squares between the middles of four cells). Empty where
 * the value is not crossed.
 */
export function isoline({ columns, rows, values, cover }: HeatField, level: number): string {
  const parts: string[] = []
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column
      const corners = [at, at + 1, at + columns + 1, at + columns]
      if (corners.some((index) => !((cover[index] ?? 0) >= MIN_COVER))) continue
      const of = corners.map((index) => values[index] ?? Number.NaN)
      const crossings: string[] = []
      for (let side = 0; side < 4; side++) {
        const [from = 0, to = 0] = [of[side], of[(side + 1) % 4]]
        if (from >= level === to >= level) continue
        const share = (level - from) / (to - from)
        const [x1, y1] = CORNERS[side] ?? [0, 0]
        const [x2, y2] = CORNERS[(side + 1) % 4] ?? [0, 0]
        crossings.push(`${round(column + 0.5 + x1 + share * (x2 - x1))} ${round(row + 0.5 + y1 + share * (y2 - y1))}`)
      }
      for (let index = 0; index + 1 < crossings.length; index += 2) parts.push(`M${crossings[index]}L${crossings[index + 1]}`)
    }
  }
  return parts.join('')
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const

function round(cells: number): number {
  return Math.round(cells * 100) / 100
}
