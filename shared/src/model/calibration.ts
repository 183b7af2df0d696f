import { type PointKind, pointKindInfo } from './point-kinds.ts'

/** A calibration is shown as outdated after this long. A default of this product: the usual yearly check of a hospital's measuring instruments. */
export const CALIBRATION_VALID_MS = 365 * 86_400_000

/** Corrections larger than this are more likely a wrong probe, a wrong unit or a typing error. Defaults of this product, in the unit of the kind. */
const PLAUSIBLE_OFFSETS: Partial<Record<PointKind, number>> = {
  temperature: 10,
  'dew-point': 10,
  'battery-temperature': 10,
  'board-temperature': 10,
  humidity: 20,
  voltage: 20,
  'battery-voltage': 20,
  frequency: 1,
  load: 20,
}
/** Of the value, for the other kinds. */
const PLAUSIBLE_SHARE = 0.1

/** Whether an offset makes sense for this kind of point: measurements only; counters, charge and run time are the device's own sums. */
export function isCalibratable(kind: PointKind): boolean {
  return pointKindInfo(kind).valueType === 'number' && !['energy', 'battery-charge', 'battery-runtime', 'number'].includes(kind)
}

/** The largest correction that needs no second look, in the point's unit. `value`: what the point reads without correction, if known. */
export function plausibleOffset(kind: PointKind, value: number | null): number {
  return PLAUSIBLE_OFFSETS[kind] ?? Math.abs(value ?? 0) * PLAUSIBLE_SHARE
}
