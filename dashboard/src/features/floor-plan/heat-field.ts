/** What a probe reads at a place; metres. */
export interface FieldProbe {
  x: number
  y: number
  value: number
}

/** Values on a grid over the room, row by row, at the middle of each cell. */
export interface HeatField {
  columns: number
  rows: number
  /** NaN where no probe reaches. */
  values: Float32Array
  /** 1 near a probe, falling to 0 at its reach: how strongly the value may be drawn. */
  cover: Float32Array
}

/** A finer grid is not seen under a smoothed picture, and this one is computed in a few milliseconds with 50 probes. */
const MAX_CELLS = 6000
const MIN_CELL_M = 0.1
/** Probes this near to each other hang at one place, one over the other. */
const SAME_PLACE_M = 0.3
/** Up to this share of the reach a value is drawn in full. */
const FULL_SHARE = 0.55
/** Nearer than this a cell has the probe's own value; the weight would be infinite. */
const AT_PROBE_M = 0.01

export function gridOf(width: number, depth: number): { columns: number; rows: number } {
  const cell = Math.max(MIN_CELL_M, Math.sqrt((width * depth) / MAX_CELLS))
  return { columns: Math.max(1, Math.floor(width / cell)), rows: Math.max(1, Math.floor(depth / cell)) }
}

/** Of probes that hang one over the other, the highest value: seen from above, what is worst there. */
export function highestPerPlace(probes: readonly FieldProbe[]): FieldProbe[] {
  const places: FieldProbe[] = []
  for (const probe of probes) {
    const index = places.findIndex((place) => Math.hypot(place.x - probe.x, place.y - probe.y) <= SAME_PLACE_M)
    const known = places[index]
    if (!known) places.push(probe)
    else if (probe.value > known.value) places[index] = { ...known, value: probe.value }
  }
  return places
}

/**
 * Between probes by inverse distance, each probe counting within its reach only (Shepard's method with the weights of Franke and Little,
 * ((R − d) / (R d))²): exact at each probe, never above the highest nor below the lowest, and nothing where no probe is near. Walls and the
 * flow of the air are not known to it.
 */
export function heatField(probes: readonly FieldProbe[], room: { width: number; depth: number; reach: number }): HeatField {
  const { columns, rows } = gridOf(room.width, room.depth)
  const values = new Float32Array(columns * rows).fill(Number.NaN)
  const cover = new Float32Array(columns * rows)
  const { reach } = room
  const count = probes.length
  const xs = Float64Array.from(probes, ({ x }) => x)
  const ys = Float64Array.from(probes, ({ y }) => y)
  const of = Float64Array.from(probes, ({ value }) => value)
  const reachSquared = reach * reach
  for (let row = 0; row < rows; row++) {
    const y = ((row + 0.5) * room.depth) / rows
    for (let column = 0; column < columns; column++) {
      const x = ((column + 0.5) * room.width) / columns
      let sum = 0
      let weights = 0
      let nearest = reachSquared
      let at = Number.NaN
      for (let probe = 0; probe < count; probe++) {
        const dx = x - (xs[probe] ?? 0)
        const dy = y - (ys[probe] ?? 0)
        const squared = dx * dx + dy * dy
        if (squared >= reachSquared) continue
        if (squared < nearest) nearest = squared
        if (squared < AT_PROBE_M * AT_PROBE_M) {
          at = of[probe] ?? 0
          break
        }
        const distance = Math.sqrt(squared)
        const near = (reach - distance) / (reach * distance)
        sum += near * near * (of[probe] ?? 0)
        weights += near * near
      }
      const index = row * columns + column
      if (Number.isFinite(at)) values[index] = at
      else if (weights > 0) values[index] = sum / weights
      else continue
      cover[index] = fading(Math.sqrt(nearest) / reach)
    }
  }
  return { columns, rows, values, cover }
}

/** 1 up to the full share, 0 at the reach, smooth between (Hermite). */
function fading(share: number): number {
  const part = Math.min(1, Math.max(0, (1 - share) / (1 - FULL_SHARE)))
  return part * part * (3 - 2 * part)
}
