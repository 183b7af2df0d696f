import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface NoticeMetrics {
  /** One attempt or cancellation ended: sent, pending (to be tried again), failed, cancelled. */
  ended: Counter<'kind' | 'state'>
  /** Seconds from the queueing to the channel's own answer. */
  sendSeconds: Histogram
  /** "Should be alarming" without "was told". */
  gaps: Counter
  pending: Gauge
}

export function createNoticeMetrics(registry: Registry): NoticeMetrics {
  const registers = [registry]
  return {
    ended: new Counter({
      name: 'roomkeeper_notice_attempts_total',
      help: 'Attempts to tell somebody, by kind of notice and how they ended; pending = to be tried again',
      labelNames: ['kind', 'state'] as const,
      registers,
    }),
    sendSeconds: new Histogram({
      name: 'roomkeeper_notice_send_seconds',
      help: 'From the alarm in the database to the answer of the channel that took its notice',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
      registers,
    }),
    gaps: new Counter({
      name: 'roomkeeper_notice_gaps_total',
      help: 'Alarms found each minute that stood unacknowledged and nobody had been told of',
      registers,
    }),
    pending: new Gauge({ name: 'roomkeeper_notices_pending', help: 'Notices that wait to be sent', registers }),
  }
}
