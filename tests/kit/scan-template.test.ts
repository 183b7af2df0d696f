import { decodePayload } from '@roomkeeper/shared/sparkplug'
import { describe, expect, it } from 'vitest'
import { ScanTemplate } from './scan-template.ts'

describe('ScanTemplate', () => {
  it.each([false, true])('writes what the codec reads (historical: %s)', (isHistorical) => {
    const template = new ScanTemplate(3, 10)
    const payload = decodePayload(
      template.encode({ offset: 7, timeMs: 1_795_000_000_123, seq: 3, isHistorical, value: (index) => index + 0.5 }),
    )
    expect(payload.seq).toBe(3)
    expect(payload.timestampMs).toBe(1_795_000_000_123)
    expect(payload.metrics.map(({ alias, value, timestampMs }) => [alias, value, timestampMs])).toEqual([
      [10, 7, 1_795_000_000_123],
      [11, 0.5, 1_795_000_000_123],
      [12, 1.5, 1_795_000_000_123],
      [13, 2.5, 1_795_000_000_123],
    ])
    expect(payload.metrics.every((metric) => (metric.isHistorical ?? false) === isHistorical)).toBe(true)
  })
})
