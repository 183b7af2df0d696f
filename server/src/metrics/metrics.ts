import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Counters are added to once per message or batch, never per reading. */
export interface Metrics {
  registry: Registry
  readingsReceived: Counter
  /** In the readings store, judged, and confirmed to the agent's log. */
  readingsCommitted: Counter
  /** The store refused them for what they are; kept in the quarantine table. */
  readingsQuarantined: Counter
  /** Not accepted at the door, e.g. unknown aliases, a stranger's topic, a payload that does not decode. */
  readingsRefused: Counter
  /** Seconds from the time at the device to the commit, of live readings. */
  ingestLagSeconds: Histogram
  /** Seconds the readings store took to answer one write. */
  storeWriteSeconds: Histogram
  browsers: Gauge
  /** Sets the gauge of each priority; priorities not named become 0. */
  setAlarmsActive(counts: Partial<Record<AlarmPriority, number>>): void
  stop(): void
}

/** How often the event loop's delay is sampled, ms. The sample itself costs nothing that can be measured. */
const EVENT_LOOP_RESOLUTION_MS = 10

/** One registry per server, not prom-client's global one: tests start several servers in a process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS })
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
  const alarmsActive = new Gauge({
    name: 'roomkeeper_alarms_active',
    help: 'Alarms whose condition is true or that nobody has acknowledged, by priority',
    labelNames: ['priority'] as const,
    registers,
  })
  const setAlarmsActive: Metrics['setAlarmsActive'] = (counts) => {
    for (const priority of ALARM_PRIORITIES) alarmsActive.set({ priority }, counts[priority] ?? 0)
  }
  setAlarmsActive({})
  const eventLoopDelay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS })
  eventLoopDelay.enable()
  addEventLoopDelay(registry, eventLoopDelay)
  return {
    registry,
    readingsReceived: counter('roomkeeper_readings_received_total', 'Readings that arrived from agents, replays included'),
    readingsCommitted: counter('roomkeeper_readings_committed_total', 'Readings stored, judged and confirmed to the agent'),
    readingsQuarantined: counter('roomkeeper_readings_quarantined_total', 'Readings the store refused, kept aside with the reason'),
    readingsRefused: counter('roomkeeper_readings_refused_total', 'Readings not accepted: unknown, malformed or from a stranger'),
    ingestLagSeconds: new Histogram({
      name: 'roomkeeper_ingest_lag_seconds',
      help: 'From the time at the device to the commit, live readings only',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
    storeWriteSeconds: new Histogram({
      name: 'roomkeeper_store_write_seconds',
      help: 'How long the readings store took to answer one write',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    browsers: new Gauge({ name: 'roomkeeper_browsers_connected', help: 'Open sockets of browsers and programs', registers }),
    setAlarmsActive,
    stop: () => eventLoopDelay.disable(),
  }
}

/** The delay since the last scrape: p50 and p99 of what a timer had to wait beyond its time. */
function addEventLoopDelay(registry: Registry, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  new Gauge({
    name: 'roomkeeper_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last scrape, by quantile',
    labelNames: ['quantile'] as const,
    registers: [registry],
    collect() {
      for (const [quantile, percentile] of [
        ['0.5', 50],
        ['0.99', 99],
      ] as const) {
        // The histogram holds the whole interval between samples; the delay is what exceeds the resolution.
        const nanoseconds = delay.count === 0 ? 0 : delay.percentile(percentile) - EVENT_LOOP_RESOLUTION_MS * 1e6
        this.set({ quantile }, Math.max(0, nanoseconds) / 1e9)
      }
      delay.reset()
    },
  })
}
