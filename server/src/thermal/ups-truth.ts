import { upsTokens } from '@roomkeeper/shared/model'
/** What a UPS really carries, measured at its own discharges, against what it claims. */

export interface UpsSample {
  atMs: number
  /** ups.status tokens of NUT; OB is on battery. */
  status?: string
  chargePercent?: number
  /** Of rated power. */
  loadPercent?: number
  /** What the UPS itself says is left. */
  runtimeSeconds?: number
}

export interface Discharge {
  startMs: number
  endMs: number
  /** Share of a full charge, 0..1. */
  chargeUsed: number
  meanLoadPercent: number
  /** What a full charge would carry at rated power by this discharge, s. */
  fullLoadSeconds: number
  /** The same by the UPS's claim at the start; null where it claims nothing. */
  claimedFullLoadSeconds: number | null
}
export type DischargeLeftOut = 'too-short' | 'too-little-charge' | 'no-load' | 'no-charge' | 'history-hole'

export interface LearnedRuntime {
  fullLoadSeconds: number
  /** Relative standard deviation between discharges; null after one. */
  spread: number | null
  /** Learned / claimed; below 1 the UPS promises too much. Null where it claimed nothing. */
  claimRatio: number | null
  discharges: number
}

/**
 * Runtime goes with load to the power of −k (Peukert). Makers and dealers name 1.05–1.15 for AGM and 1.1–1.25 for gel batteries
 * (bdbatteries.com/peukert.php); 1.1–1.2 is usual for UPS batteries, and k grows with age.
 */
const PEUKERT_EXPONENT = 1.15
/** Below this the UPS's own consumption decides. */
const LEAST_LOAD_SHARE = 0.05
const SHORTEST_MS = 60_000
/** Charge is shown in whole per cent: 5 % measured is right to a fifth. */
const LEAST_CHARGE_USED = 0.05
const HOLE_MS = 120_000

function loadFactor(loadPercent: number): number {
  return Math.max(LEAST_LOAD_SHARE, loadPercent / 100) ** PEUKERT_EXPONENT
}

/** Stretches on battery. Without a status, a charge that falls from sample to sample tells. */
function stretches(samples: readonly UpsSample[]): UpsSample[][] {
  const found: UpsSample[][] = []
  let current: UpsSample[] | undefined
  for (const [index, sample] of samples.entries()) {
    const next = samples[index + 1]
    const falls =
      (next?.chargePercent ?? 0) < (sample.chargePercent ?? 0) || (sample.chargePercent ?? 0) < (samples[index - 1]?.chargePercent ?? 0)
    const discharging = sample.status === undefined ? next !== undefined && falls : upsTokens(sample.status).includes('OB')
    if (!discharging) current = undefined
    else if (current === undefined) {
      current = [sample]
      found.push(current)
    } else current.push(sample)
  }
  return found
}

function measure(samples: readonly UpsSample[]): Discharge | DischargeLeftOut {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_MS) return 'too-short'
  const charged = samples.filter(({ chargePercent }) => chargePercent !== undefined)
  const from = charged[0]
  const to = charged.at(-1)
  if (from?.chargePercent === undefined || to?.chargePercent === undefined) return 'no-charge'
  const chargeUsed = (from.chargePercent - to.chargePercent) / 100
  if (chargeUsed < LEAST_CHARGE_USED) return 'too-little-charge'
  let equivalentSeconds = 0
  let loadSeconds = 0
  let seconds = 0
  for (const [index, sample] of samples.entries()) {
    const next = samples[index + 1]
    if (next === undefined) break
    if (next.atMs - sample.atMs > HOLE_MS) return 'history-hole'
    if (sample.loadPercent === undefined) continue
    if (sample.atMs < from.atMs || sample.atMs >= to.atMs) continue
    const step = (next.atMs - sample.atMs) / 1000
    equivalentSeconds += step * loadFactor(sample.loadPercent)
    loadSeconds += step * sample.loadPercent
    seconds += step
  }
  if (loadSeconds === 0) return 'no-load'
  // Where some samples lack the load, those that have it stand for all.
  const known = seconds / ((to.atMs - from.atMs) / 1000)
  const claim = samples.find(({ runtimeSeconds, loadPercent, chargePercent }) => (runtimeSeconds ?? 0) > 0 && loadPercent && chargePercent)
  return {
    startMs: first.atMs,
    endMs: last.atMs,
    chargeUsed,
    meanLoadPercent: loadSeconds / seconds,
    fullLoadSeconds: equivalentSeconds / known / chargeUsed,
    claimedFullLoadSeconds:
      claim === undefined ? null : ((claim.runtimeSeconds ?? 0) * loadFactor(claim.loadPercent ?? 0) * 100) / (claim.chargePercent ?? 100),
  }
}

/** Every discharge in the samples (in order of time), measured; those that teach nothing with the reason. */
export function findDischarges(samples: readonly UpsSample[]): {
  discharges: Discharge[]
  leftOut: { startMs: number; endMs: number; reason: DischargeLeftOut }[]
} {
  const discharges: Discharge[] = []
  const leftOut: { startMs: number; endMs: number; reason: DischargeLeftOut }[] = []
  for (const stretch of stretches(samples)) {
    const measured = measure(stretch)
    if (typeof measured !== 'string') discharges.push(measured)
    else leftOut.push({ startMs: stretch[0]?.atMs ?? 0, endMs: stretch.at(-1)?.atMs ?? 0, reason: measured })
  }
  return { discharges, leftOut }
}

/** Deeper discharges measure better, and count by the charge they used. Undefined without any. */
export function learnRuntime(discharges: readonly Discharge[]): LearnedRuntime | undefined {
  if (discharges.length === 0) return undefined
  const weights = discharges.reduce((sum, { chargeUsed }) => sum + chargeUsed, 0)
  const fullLoadSeconds = discharges.reduce((sum, each) => sum + each.chargeUsed * each.fullLoadSeconds, 0) / weights
  const variance = discharges.reduce((sum, each) => sum + each.chargeUsed * (each.fullLoadSeconds - fullLoadSeconds) ** 2, 0) / weights
  const claimed = discharges.flatMap((each) =>
    each.claimedFullLoadSeconds === null ? [] : [{ ratio: each.fullLoadSeconds / each.claimedFullLoadSeconds, weight: each.chargeUsed }],
  )
  const claimedWeights = claimed.reduce((sum, { weight }) => sum + weight, 0)
  return {
    fullLoadSeconds,
    spread: discharges.length < 2 ? null : Math.sqrt(variance) / fullLoadSeconds,
    claimRatio: claimed.length === 0 ? null : claimed.reduce((sum, { ratio, weight }) => sum + ratio * weight, 0) / claimedWeights,
    discharges: discharges.length,
  }
}

export type RuntimeLeft = { seconds: number; by: 'learned' | 'claimed' } | { unknown: 'nothing-learned-or-claimed' }

/** Seconds left at the present charge and load: the smaller of what was learned and what the UPS claims. */
export function runtimeLeft(learned: LearnedRuntime | undefined, { chargePercent, loadPercent, runtimeSeconds }: UpsSample): RuntimeLeft {
  const byLearning =
    learned === undefined || chargePercent === undefined || loadPercent === undefined
      ? undefined
      : ((chargePercent / 100) * learned.fullLoadSeconds) / loadFactor(loadPercent)
  if (byLearning !== undefined && (runtimeSeconds === undefined || byLearning <= runtimeSeconds))
    return { seconds: byLearning, by: 'learned' }
  if (runtimeSeconds !== undefined) return { seconds: runtimeSeconds, by: 'claimed' }
  return { unknown: 'nothing-learned-or-claimed' }
}
