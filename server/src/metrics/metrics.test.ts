import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from './metrics.ts'

describe('metrics', () => {
  let metrics: Metrics | undefined
  afterEach(() => metrics?.stop())

  it('are exported under their names', async () => {
    metrics = createMetrics()
    metrics.readingsReceived.inc(50)
    metrics.readingsCommitted.inc(40)
    metrics.ingestLagSeconds.observe(0.2)
    metrics.setAlarmsActive({ critical: 2, low: 1 })
    metrics.setAlarmsActive({ critical: 3 })
    const text = await metrics.registry.metrics()
    expect(text).toContain('roomkeeper_readings_received_total 50')
    expect(text).toContain('roomkeeper_readings_committed_total 40')
    expect(text).toContain('roomkeeper_readings_quarantined_total 0')
    expect(text).toContain('roomkeeper_readings_refused_total 0')
    expect(text).toContain('roomkeeper_alarms_active{priority="critical"} 3')
    expect(text).toContain('roomkeeper_alarms_active{priority="low"} 0')
    expect(text).toContain('roomkeeper_ingest_lag_seconds_bucket{le="0.25"} 1')
    expect(text).toContain('process_resident_memory_bytes')
  })

  it('show a blocked event loop, and forget it after the scrape', async () => {
    metrics = createMetrics()
    await setTimeout(30)
    const until = performance.now() + 200
    while (performance.now() < until);
    await setTimeout(30)
    expect(await p99(metrics)).toBeGreaterThan(0.1)
    await setTimeout(60)
    expect(await p99(metrics)).toBeLessThan(0.1)
  })
})

async function p99(metrics: Metrics): Promise<number> {
  const text = await metrics.registry.metrics()
  return Number(/roomkeeper_event_loop_delay_seconds\{quantile="0.99"\} (\S+)/.exec(text)?.[1])
}
