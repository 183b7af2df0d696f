import type { ReadingStore } from './reading-store.ts'
import { type DeviceScan, scanPart } from './scan.ts'
import { backoffMs, type PartState, SERVER_ERRORS_BEFORE_SUSPICION, stepAfterProbe, stepAfterWrite } from './write-step.ts'

export interface GuiltyReading {
  scan: DeviceScan
  /** Index into the scan's points, or all of them. */
  pointIndex: number | 'all'
  reason: string
}

export interface DeliveryDependencies {
  store: Pick<ReadingStore, 'write' | 'probe'>
  /** Resolves after ms; rejects when the writer stops, which ends the delivery. */
  sleep(ms: number): Promise<void>
  onWait(reason: string): void
  onProgress(): void
}

/** A run of whole scans, or points [from, to) of one scan. */
interface Part {
  scans: readonly DeviceScan[]
  points?: { scan: DeviceScan; from: number; to: number }
  serverErrors: number
  convictions: number
}

/**
 * Brings a batch into the store whatever it answers: waits out outages, halves what is too large or refused until only guilty
 * readings are left. Returns those; everything else is stored then. Throws only what `sleep` throws.
 */
export async function deliverBatch(batch: readonly DeviceScan[], dependencies: DeliveryDependencies): Promise<GuiltyReading[]> {
  const { store, sleep, onWait, onProgress } = dependencies
  const guilty: GuiltyReading[] = []
  const parts: Part[] = [{ scans: batch, serverErrors: 0, convictions: 0 }]
  let waits = 0
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const answer = await store.write(part.scans)
    part.serverErrors = answer.kind === 'server-error' ? part.serverErrors + 1 : 0
    const state: PartState = { divisible: isDivisible(part), serverErrors: part.serverErrors, convictions: part.convictions }
    let next = stepAfterWrite(answer, state)
    if (next.step === 'probe') {
      const probe = await store.probe()
      next = stepAfterProbe(probe, answer, state, next.reason)
      if (probe.kind === 'stored' && next.step === 'wait') part.convictions++
    }
    switch (next.step) {
      case 'done':
        waits = 0
        onProgress()
        break
      case 'split':
        // Pushed in reverse, so the earlier half is tried first.
        parts.push(...halves(part).reverse())
        break
      case 'quarantine':
        guilty.push(...guiltyOf(part, next.reason))
        break
      case 'wait':
        onWait(next.reason)
        parts.push(part)
        await sleep(Math.max(next.atLeastMs, backoffMs(waits++)))
        break
    }
  }
  return mergeWholeScans(guilty)
}

function isDivisible(part: Part): boolean {
  if (part.points !== undefined) return part.points.to - part.points.from > 1
  return part.scans.length > 1 || (part.scans[0]?.points.length ?? 0) > 1
}

function halves(part: Part): Part[] {
  // The halves of a suspect are suspects: their next server error asks the probe at once.
  const serverErrors = Math.min(part.serverErrors, SERVER_ERRORS_BEFORE_SUSPICION - 1)
  if (part.points === undefined && part.scans.length > 1) {
    const middle = part.scans.length >> 1
    return [part.scans.slice(0, middle), part.scans.slice(middle)].map((scans) => ({ scans, serverErrors, convictions: 0 }))
  }
  const whole = part.scans[0] as DeviceScan
  const { scan, from, to } = part.points ?? { scan: whole, from: 0, to: whole.points.length }
  const middle = (from + to) >> 1
  return [
    { from, to: middle },
    { from: middle, to },
  ].map((range) => ({ scans: [scanPart(scan, range.from, range.to)], points: { scan, ...range }, serverErrors, convictions: 0 }))
}

function guiltyOf(part: Part, reason: string): GuiltyReading[] {
  if (part.points !== undefined) return [{ scan: part.points.scan, pointIndex: part.points.from, reason }]
  return part.scans.map((scan) => ({ scan, pointIndex: 'all', reason }))
}

/** When every reading of a scan is guilty, the scan is: one entry says so. */
function mergeWholeScans(guilty: GuiltyReading[]): GuiltyReading[] {
  const perScan = new Map<DeviceScan, GuiltyReading[]>()
  for (const entry of guilty) perScan.set(entry.scan, [...(perScan.get(entry.scan) ?? []), entry])
  return [...perScan].flatMap(([scan, entries]) => {
    const first = entries[0]
    return first !== undefined && entries.length === scan.points.length
      ? [{ scan, pointIndex: 'all' as const, reason: first.reason }]
      : entries
  })
}
