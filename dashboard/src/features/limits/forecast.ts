/** Beyond this a straight line says little about a machine room. */
const HORIZON_MS = 3_600_000

/** Whole minutes until the forecast comes true, at least 1; undefined when it is too far away or already past. */
export function minutesUntil(atMs: number, nowMs: number): number | undefined {
  const leftMs = atMs - nowMs
  if (leftMs <= 0 || leftMs > HORIZON_MS) return undefined
  return Math.max(1, Math.round(leftMs / 60_000))
}
