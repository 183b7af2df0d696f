import { describe, expect, it } from 'vitest'
import { findCoolingGaps, type RoomHistory, type Series } from './cooling-gaps.ts'

const MINUTE = 60_000
/** Every 10 s over half an hour. */
function series<Value>(valueAt: (minute: number) => Value): Series<Value> {
  return Array.from({ length: 181 }, (_, index) => ({ atMs: index * 10_000, value: valueAt(index / 6) }))
}
const between = (from: number, to: number) => (minute: number) => minute >= from && minute < to
const fault = (from: number, to: number) => series(between(from, to))
const warming: RoomHistory = { units: [], celsius: series((minute) => 22 + 0.1 * minute) }

describe('cooling gaps', () => {
  it('finds a fault, a stop and lost mains with start, end and cause', () => {
    const found = findCoolingGaps({
      ...warming,
      units: [{ fault: fault(2, 6), outputPercent: series((minute) => (minute >= 10 && minute < 14 ? 0 : 60)) }],
      upsStatus: series((minute) => (between(20, 25)(minute) ? 'OB DISCHRG' : 'OL')),
    })
    expect(found).toEqual({
      gaps: [
        { startMs: 2 * MINUTE, endMs: 6 * MINUTE, cause: 'cooling-fault' },
        { startMs: 10 * MINUTE, endMs: 14 * MINUTE, cause: 'cooling-stopped' },
        { startMs: 20 * MINUTE, endMs: 25 * MINUTE, cause: 'mains-lost' },
      ],
      leftOut: [],
    })
  })

  it('is only a gap when all units stand, and lasts until the first cools again', () => {
    expect(findCoolingGaps({ ...warming, units: [{ fault: fault(2, 10) }, { fault: fault(5, 20) }] }).gaps).toEqual([
      { startMs: 5 * MINUTE, endMs: 10 * MINUTE, cause: 'cooling-fault' },
    ])
    expect(findCoolingGaps({ ...warming, units: [{ fault: fault(2, 10) }, { fault: fault(30, 31) }] }).gaps).toEqual([])
  })

  it('does not take lost mains for lost cooling where that has other power', () => {
    const mainsVolts = series((minute) => (between(2, 6)(minute) ? 0 : 220))
    expect(findCoolingGaps({ ...warming, mainsVolts }).gaps).toHaveLength(1)
    expect(findCoolingGaps({ ...warming, mainsVolts, coolingNeedsMains: false }).gaps).toEqual([])
  })

  const disturbed: [string, Partial<RoomHistory>][] = [
    ['too-short', { units: [{ fault: fault(2, 2.8) }] }],
    ['still-running', { units: [{ fault: fault(20, 60) }] }],
    ['no-temperature', { celsius: [] }],
    ['history-hole', { celsius: warming.celsius.filter(({ atMs }) => atMs < 5 * MINUTE || atMs > 9 * MINUTE) }],
    ['heat-changed', { heatWatts: series((minute) => (minute < 6 ? 5000 : 2500)) }],
    ['temperature-fell', { celsius: series((minute) => (minute < 6 ? 22 + minute : 23)) }],
  ]
  it.each(disturbed)('leaves a gap out: %s', (reason, change) => {
    const found = findCoolingGaps({ ...warming, units: [{ fault: fault(2, 12) }], ...change })
    expect(found.gaps).toEqual([])
    expect(found.leftOut.map((gap) => gap.reason)).toEqual([reason])
  })

  it('keeps a gap in which one reading is wild', () => {
    const celsius = warming.celsius.map((sample) => (sample.atMs === 5 * MINUTE ? { ...sample, value: 85 } : sample))
    expect(findCoolingGaps({ ...warming, units: [{ fault: fault(2, 12) }], celsius }).gaps).toHaveLength(1)
  })
})
