import { describe, expect, it } from 'vitest'
import { type FieldProbe, gridOf, type HeatField, heatField, highestPerPlace } from './heat-field.ts'
import { isoline } from './isoline.ts'

const ROOM = { width: 10, depth: 6, reach: 3 }

function at({ columns, rows, values, cover }: HeatField, x: number, y: number) {
  const index = Math.floor((y / ROOM.depth) * rows) * columns + Math.floor((x / ROOM.width) * columns)
  return { value: values[index] ?? 0, cover: cover[index] ?? 0 }
}

describe('the heat between probes', () => {
  it('is a probe’s own value beside it, and of one probe everywhere in its reach', () => {
    const field = heatField([{ x: 5, y: 3, value: 24 }], ROOM)
    expect(at(field, 5.01, 3.01)).toEqual({ value: 24, cover: 1 })
    expect(at(field, 7.5, 3).value).toBe(24)
    expect(at(field, 7.5, 3).cover).toBeGreaterThan(0)
    expect(at(field, 7.5, 3).cover).toBeLessThan(0.5)
  })

  it('is nothing where no probe is near', () => {
    const field = heatField([{ x: 1, y: 3, value: 24 }], ROOM)
    expect(at(field, 4.2, 3)).toEqual({ value: Number.NaN, cover: 0 })
    expect(heatField([], ROOM).cover.every((cover) => cover === 0)).toBe(true)
  })

  it('is half way between two equal distances, and weighs by ((R − d) / (R d))²', () => {
    const probes = [
      { x: 4, y: 3, value: 20 },
      { x: 6, y: 3, value: 30 },
    ]
    // The grid has an even number of columns: the two cells about the middle are its mirror images.
    const field = heatField(probes, ROOM)
    expect((at(field, 4.95, 3).value + at(field, 5.05, 3).value) / 2).toBeCloseTo(25, 4)
    const { columns, rows } = gridOf(ROOM.width, ROOM.depth)
    const column = Math.floor(0.45 * columns)
    const row = Math.floor(rows / 2)
    const [x, y] = [((column + 0.5) * 10) / columns, ((row + 0.5) * 6) / rows]
    const weight = (probe: FieldProbe) => {
      const d = Math.hypot(x - probe.x, y - probe.y)
      return ((3 - d) / (3 * d)) ** 2
    }
    const [a = 0, b = 0] = probes.map(weight)
    expect(field.values[row * columns + column]).toBeCloseTo((20 * a + 30 * b) / (a + b), 4)
  })

  it('never leaves the range of what is measured', () => {
    const probes = Array.from({ length: 20 }, (_, n) => ({ x: (n * 37) % 10, y: (n * 17) % 6, value: 18 + ((n * 7) % 13) }))
    const { values } = heatField(probes, ROOM)
    const known = values.filter((value) => !Number.isNaN(value))
    expect(Math.min(...known)).toBeGreaterThanOrEqual(18)
    expect(Math.max(...known)).toBeLessThanOrEqual(30)
  })

  it('takes the highest of those that hang one over the other', () => {
    const column = [22, 26, 24].map((value) => ({ x: 1, y: 1, value }))
    expect(highestPerPlace([...column, { x: 2, y: 1, value: 20 }])).toEqual([
      { x: 1, y: 1, value: 26 },
      { x: 2, y: 1, value: 20 },
    ])
  })

  it('has at most 6,000 cells, and is computed in a few milliseconds with 50 probes', () => {
    for (const [width, depth] of [
      [1, 1],
      [10, 6],
      [100, 60],
      [100, 1],
    ] as const) {
      const { columns, rows } = gridOf(width, depth)
      expect(columns * rows).toBeLessThanOrEqual(6000)
      expect(columns * rows).toBeGreaterThan(0)
    }
    const probes = Array.from({ length: 50 }, (_, n) => ({ x: (n * 0.73) % 10, y: (n * 0.41) % 6, value: 20 + (n % 9) }))
    heatField(probes, { ...ROOM, reach: 20 })
    const times = Array.from({ length: 9 }, () => {
      const startMs = performance.now()
      heatField(probes, { ...ROOM, reach: 20 })
      return performance.now() - startMs
    }).sort((a, b) => a - b)
    console.log(`heat field of ${gridOf(10, 6).columns} × ${gridOf(10, 6).rows} cells, 50 probes: median ${times[4]?.toFixed(2)} ms`)
    // Five times the budget: the machine of the test has others to serve.
    expect(times[4]).toBeLessThan(25)
  })
})

describe('the line of a value', () => {
  const field = (values: number[], columns: number): HeatField => {
    const rows = values.length / columns
    return { columns, rows, values: Float32Array.from(values), cover: new Float32Array(values.length).fill(1) }
  }
  it('runs where the value is crossed', () => {
    expect(isoline(field([20, 30, 20, 30], 2), 25)).toBe('M1 0.5L1 1.5')
    expect(isoline(field([20, 20, 30, 30], 2), 22.5)).toBe('M1.5 0.75L0.5 0.75')
  })
  it('is nowhere where it is not, or where nobody measures', () => {
    expect(isoline(field([20, 21, 20, 21], 2), 25)).toBe('')
    expect(isoline({ ...field([20, 30, 20, 30], 2), cover: new Float32Array(4) }, 25)).toBe('')
  })
})
