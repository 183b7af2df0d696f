import { describe, expect, it } from 'vitest'
import { simulatedUps } from '../../../tests/kit/simulated-ups.ts'
import { batteryReplacement } from './battery-replacement.ts'
import { type Discharge, findDischarges, learnRuntime, runtimeLeft, type UpsSample } from './ups-truth.ts'

const START_MS = Date.UTC(2026, 5, 1)
const HOUR = 3_600_000

describe('a UPS after three partial discharges', () => {
  const rows: Record<string, string | number>[] = []
  const cases = [
    { rackCount: 1, rackWatts: 2000, fullLoadMinutes: 6, promises: 1.6 },
    { rackCount: 2, rackWatts: 2000, fullLoadMinutes: 8, promises: 1 },
    { rackCount: 3, rackWatts: 1500, fullLoadMinutes: 5, promises: 2 },
    { rackCount: 3, rackWatts: 2500, fullLoadMinutes: 20, promises: 1.3 },
  ]
  it.each(cases)('foretells what is left at a quarter within 15 %: %j', ({ rackCount, rackWatts, fullLoadMinutes, promises }) => {
    const { discharge } = simulatedUps({ rackCount, rackWatts, fullLoadMinutes, promises, startMs: START_MS })
    const samples = [0.9, 0.8, 0.85].flatMap((toCharge, index) => discharge(START_MS + (2 + 12 * index) * HOUR, toCharge))
    const found = findDischarges(samples)
    expect(found.leftOut).toEqual([])
    const learned = learnRuntime(found.discharges)
    const last = discharge(START_MS + 48 * HOUR, 0).filter(({ status }) => status?.includes('OB'))
    const emptyMs = last.find(({ status }) => status?.includes('OFF'))?.atMs ?? 0
    const quarterMs = (last[0]?.atMs ?? 0) + (emptyMs - (last[0]?.atMs ?? 0)) / 4
    const now = last.find(({ atMs }) => atMs >= quarterMs)
    if (now === undefined) throw new Error('no sample at a quarter')
    const left = runtimeLeft(learned, now)
    if ('unknown' in left) throw new Error(left.unknown)
    const trueSeconds = (emptyMs - now.atMs) / 1000
    const error = left.seconds / trueSeconds - 1
    rows.push({
      'load %': Math.round(now.loadPercent ?? 0),
      'true min left': (trueSeconds / 60).toFixed(1),
      'told min left': (left.seconds / 60).toFixed(1),
      by: left.by,
      'UPS claims min': ((now.runtimeSeconds ?? 0) / 60).toFixed(1),
      'learned / claimed': (learned?.claimRatio ?? 0).toFixed(2),
      'error %': (100 * error).toFixed(1),
    })
    if (rows.length === cases.length) console.table(rows)
    expect(Math.abs(error)).toBeLessThan(0.15)
    expect(Math.abs((learned?.claimRatio ?? 0) * promises - 1)).toBeLessThan(0.15)
  })
})

describe('discharges that teach nothing', () => {
  const at = (seconds: number, chargePercent: number | undefined, loadPercent: number | undefined): UpsSample => ({
    atMs: seconds * 1000,
    status: 'OB DISCHRG',
    ...(chargePercent === undefined ? {} : { chargePercent }),
    ...(loadPercent === undefined ? {} : { loadPercent }),
  })
  it.each<[string, UpsSample[]]>([
    ['too-short', [at(0, 100, 50), at(30, 90, 50)]],
    ['too-little-charge', [at(0, 100, 50), at(60, 98, 50), at(120, 97, 50)]],
    ['no-load', [at(0, 100, undefined), at(60, 90, undefined)]],
    ['no-charge', [at(0, undefined, 50), at(60, undefined, 50)]],
    ['history-hole', [at(0, 100, 50), at(600, 60, 50)]],
  ])('%s', (reason, samples) => {
    expect(findDischarges(samples).leftOut.map((each) => each.reason)).toEqual([reason])
  })

  it('finds a discharge by its falling charge where there is no status', () => {
    const samples = [100, 100, 97, 94, 91, 88, 88, 90].map((chargePercent, index) => ({
      atMs: index * 30_000,
      chargePercent,
      loadPercent: 50,
    }))
    expect(findDischarges(samples).discharges.map(({ chargeUsed }) => chargeUsed)).toEqual([0.12])
  })

  it('takes the claim when it is the smaller one, or the only one', () => {
    const learned = { fullLoadSeconds: 600, spread: null, claimRatio: null, discharges: 1 }
    expect(runtimeLeft(learned, { atMs: 0, chargePercent: 50, loadPercent: 100, runtimeSeconds: 200 })).toEqual({
      seconds: 200,
      by: 'claimed',
    })
    expect(runtimeLeft(learned, { atMs: 0, chargePercent: 50, loadPercent: 100, runtimeSeconds: 900 })).toEqual({
      seconds: 300,
      by: 'learned',
    })
    expect(runtimeLeft(undefined, { atMs: 0 })).toEqual({ unknown: 'nothing-learned-or-claimed' })
  })
})

describe('battery replacement', () => {
  const YEAR = 365.25 * 24 * HOUR
  const measured = (years: number, fullLoadSeconds: number): Discharge => ({
    startMs: years * YEAR,
    endMs: years * YEAR + HOUR,
    chargeUsed: 0.2,
    meanLoadPercent: 50,
    fullLoadSeconds,
    claimedFullLoadSeconds: null,
  })

  it('is where the measured capacity reaches 80 %', () => {
    const due = batteryReplacement({
      discharges: [0, 0.5, 1, 1.5].map((years) => measured(years, 600 - 40 * years)),
      nominalFullLoadSeconds: 600,
    })
    expect(due).toMatchObject({ basis: 'capacity', confidence: 'medium' })
    expect('dueMs' in due && due.dueMs / YEAR).toBeCloseTo(3, 3)
  })

  it('is by age without a trend, and half as long 8.3 °C warmer', () => {
    expect(batteryReplacement({ discharges: [], installedMs: 0 })).toMatchObject({ dueMs: 4 * YEAR, basis: 'age', confidence: 'low' })
    const warm = batteryReplacement({ discharges: [], installedMs: 0, meanBatteryCelsius: 33.3 })
    expect('dueMs' in warm && warm.dueMs / YEAR).toBeCloseTo(2, 6)
    expect(batteryReplacement({ discharges: [] })).toEqual({ unknown: 'no-trend-and-no-installation-date' })
  })
})
