import type { Shift } from '@roomkeeper/shared/http'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

export const HOLD_PRESETS = ['15min', '1h', '4h', 'shift', 'custom', 'never'] as const
export type HoldPreset = (typeof HOLD_PRESETS)[number]

const LENGTH_MS: Partial<Record<HoldPreset, number>> = { '15min': 15 * MINUTE_MS, '1h': HOUR_MS, '4h': 4 * HOUR_MS }

/** When the present shift ends: one's own, or else the last of those that run. Undefined when nobody has a shift. */
export function shiftEndMs(shifts: readonly Pick<Shift, 'accountId' | 'fromMs' | 'toMs'>[], accountId: number, nowMs: number) {
  const running = shifts.filter(({ fromMs, toMs }) => fromMs <= nowMs && toMs > nowMs)
  const own = running.filter((shift) => shift.accountId === accountId)
  const ends = (own.length > 0 ? own : running).map(({ toMs }) => toMs)
  return ends.length > 0 ? Math.max(...ends) : undefined
}

export interface HoldTimeInput {
  preset: HoldPreset
  customMs: number | undefined
  nowMs: number
  shiftEndMs: number | undefined
  /** The longest that is allowed, hours from now; undefined: any. */
  maxHours: number | undefined
}

export type HoldTime =
  | { ok: true; untilMs: number | null }
  /** `missing`: no time chosen; `past`: it is over already; `too-long`: beyond what its priority allows. */
  | { ok: false; problem: 'missing' | 'past' | 'too-long' }

/**
 * Until when a choice means, or why it cannot be. A time a few seconds beyond the longest is the longest: the clock
 * ran on while someone chose. Ends are full minutes.
 */
export function holdTime({ preset, customMs, nowMs, shiftEndMs: endMs, maxHours }: HoldTimeInput): HoldTime {
  if (preset === 'never') return maxHours === undefined ? { ok: true, untilMs: null } : { ok: false, problem: 'too-long' }
  const length = LENGTH_MS[preset]
  const untilMs = length !== undefined ? nowMs + length : preset === 'shift' ? endMs : customMs
  if (untilMs === undefined) return { ok: false, problem: 'missing' }
  if (untilMs <= nowMs) return { ok: false, problem: 'past' }
  const latestMs = maxHours === undefined ? Number.POSITIVE_INFINITY : nowMs + maxHours * HOUR_MS
  if (untilMs > latestMs + MINUTE_MS) return { ok: false, problem: 'too-long' }
  return { ok: true, untilMs: Math.floor(Math.min(untilMs, latestMs) / MINUTE_MS) * MINUTE_MS }
}
