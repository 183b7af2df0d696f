import { describe, expect, it } from 'vitest'
import { FillRate, fillingMessage } from './filling.ts'

const HOUR_MS = 3_600_000
const figures = { bytes: 400e6, capacityBytes: 1000e6, bytesPerHour: 2e6, backlog: 1000 }

describe('a log that fills', () => {
  it('is told at half, or a day before thinning, whichever comes first', () => {
    expect(fillingMessage(figures, false)).toBeUndefined()
    expect(fillingMessage({ ...figures, bytes: 510e6 }, false)).toContain('50% of the reading log')
    // 400 MB are left until 80 %: at 20 MB/h that is 20 h.
    expect(fillingMessage({ ...figures, bytesPerHour: 20e6 }, false)).toContain('in about 20 h')
    expect(fillingMessage({ ...figures, bytes: 50e6, bytesPerHour: 200e6 }, false)).toBeUndefined()
    expect(fillingMessage({ ...figures, bytes: 850e6 }, false)).toContain('正在抽稀')
  })

  it('says nothing while the server takes the readings', () => {
    expect(fillingMessage({ ...figures, bytes: 900e6, backlog: 0 }, true)).toBeUndefined()
  })

  it('stays told until there is clearly more room, and is not told anew for every megabyte', () => {
    expect(fillingMessage({ ...figures, bytes: 450e6 }, true)).toBeDefined()
    expect(fillingMessage({ ...figures, bytes: 380e6 }, true)).toBeUndefined()
    expect(fillingMessage({ ...figures, bytes: 512e6 }, true)).toBe(fillingMessage({ ...figures, bytes: 513e6 }, true))
  })

  it('knows the rate of the last hour', () => {
    const rate = new FillRate()
    expect(rate.note(0, 0)).toBe(0)
    expect(rate.note(1e6, 1000)).toBe(0)
    expect(rate.note(2e6, HOUR_MS)).toBe(2e6)
    for (let minute = 1; minute <= 120; minute++) rate.note(2e6 + minute * 1e5, HOUR_MS + minute * 60_000)
    expect(rate.note(2e6 + 121e5, HOUR_MS + 121 * 60_000)).toBeCloseTo(6e6, -5)
    // The log was opened anew.
    expect(rate.note(0, 4 * HOUR_MS)).toBe(0)
  })
})
