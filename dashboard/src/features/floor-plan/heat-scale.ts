/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number]
/** What the map is of. */
export const MAP_KINDS = ['temperature', 'humidity'] as const
export type MapKind = (typeof MAP_KINDS)[number]

/**
 * Values as colours: pale between the limits in force, strong beyond them. Lightness alone tells how far a value is from the middle, and the two
 * sides differ in blue against yellow and red, which people with any of the usual colour blindnesses tell apart.
 */
export interface HeatScale {
  /** Ends of the scale; beyond them the colour stays. */
  from: number
  to: number
  low: number | null
  high: number | null
  colourOf: (value: number) => Rgb
}

/** Lightness 0…1, chroma, hue in degrees (OKLCH: equal steps look equal). */
type Lch = readonly [number, number, number]
/** Far below the low limit, just below it, just inside it, the middle, just inside the high limit, just above it, far above. */
type Ramp = readonly [Lch, Lch, Lch, Lch, Lch, Lch, Lch]

const RAMPS: Record<MapKind, { light: Ramp; dark: Ramp }> = {
  temperature: {
    light: [
      [0.42, 0.15, 262],
      [0.62, 0.14, 255],
      [0.78, 0.115, 238],
      [0.965, 0.012, 110],
      [0.82, 0.155, 78],
      [0.66, 0.19, 45],
      [0.42, 0.17, 25],
    ],
    dark: [
      [0.82, 0.1, 240],
      [0.66, 0.14, 252],
      [0.5, 0.125, 248],
      [0.29, 0.012, 230],
      [0.55, 0.12, 72],
      [0.7, 0.18, 48],
      [0.84, 0.13, 50],
    ],
  },
  humidity: {
    light: [
      [0.42, 0.09, 70],
      [0.62, 0.11, 75],
      [0.84, 0.08, 85],
      [0.965, 0.012, 160],
      [0.8, 0.09, 215],
      [0.58, 0.14, 250],
      [0.38, 0.16, 275],
    ],
    dark: [
      [0.82, 0.09, 80],
      [0.66, 0.11, 75],
      [0.46, 0.07, 80],
      [0.29, 0.012, 190],
      [0.47, 0.09, 225],
      [0.66, 0.14, 250],
      [0.84, 0.09, 262],
    ],
  },
}

/** Where no limit is set: the width of the scale, in the unit of the kind. */
const USUAL_SPAN: Record<MapKind, number> = { temperature: 9, humidity: 30 }
const USUAL_MIDDLE: Record<MapKind, number> = { temperature: 22.5, humidity: 45 }
/** How far the scale goes on beyond a limit, of the way between the limits. */
const BEYOND_SHARE = 1 / 3

export function heatScale(kind: MapKind, limits: { low: number | null; high: number | null }, isDark: boolean): HeatScale {
  const { low, high } = limits
  const span = low !== null && high !== null && high > low ? high - low : USUAL_SPAN[kind]
  const inLow = low ?? (high === null ? USUAL_MIDDLE[kind] - span / 2 : high - span)
  const inHigh = high !== null && high > inLow ? high : inLow + span
  const from = inLow - span * BEYOND_SHARE
  const to = inHigh + span * BEYOND_SHARE
  const ramp = RAMPS[kind][isDark ? 'dark' : 'light']
  // Without a limit on a side nothing there is beyond it: the pale colour stays.
  const below: readonly [Lch, Lch] = low === null ? [ramp[2], ramp[2]] : [ramp[0], ramp[1]]
  const above: readonly [Lch, Lch] = high === null ? [ramp[4], ramp[4]] : [ramp[5], ramp[6]]
  const table = Array.from({ length: TABLE_SIZE }, (_, index): Rgb => {
    const value = from + ((to - from) * index) / (TABLE_SIZE - 1)
    if (value < inLow) return mixed(below[0], below[1], (value - from) / (inLow - from))
    if (value >= inHigh) return mixed(above[0], above[1], (value - inHigh) / (to - inHigh))
    // From the middle outwards; what is near to it differs more, because most of a room is there.
    const aside = (2 * (value - inLow)) / (inHigh - inLow) - 1
    return mixed(ramp[3], aside < 0 ? ramp[2] : ramp[4], Math.abs(aside) ** MIDDLE_POWER)
  })
  const colourOf = (value: number): Rgb => {
    const index = Math.round(((value - from) / (to - from)) * (TABLE_SIZE - 1))
    return table[Math.min(TABLE_SIZE - 1, Math.max(0, index))] ?? [0, 0, 0]
  }
  return { from, to, low, high, colourOf }
}

const TABLE_SIZE = 361
const MIDDLE_POWER = 0.75

/** Mixed in OKLab (Björn Ottosson, 2020), where half way looks half way. */
function mixed(a: Lch, b: Lch, share: number): Rgb {
  const [one, other] = [labOf(a), labOf(b)]
  const [l, x, y] = [0, 1, 2].map((index) => (one[index] ?? 0) * (1 - share) + (other[index] ?? 0) * share)
  return rgbOf(l ?? 0, x ?? 0, y ?? 0)
}

function labOf([lightness, chroma, hue]: Lch): Rgb {
  const angle = (hue * Math.PI) / 180
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]
}

function rgbOf(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  const [red = 0, green = 0, blue = 0] = linear.map((part) => {
    const bounded = Math.min(1, Math.max(0, part))
    return Math.round(255 * (bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055))
  })
  return [red, green, blue]
}
