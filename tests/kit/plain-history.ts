import type { HistorySettings } from '../../server/src/readings/history/history-settings.ts'
import type { BandChange } from '../../server/src/readings/history/minute-slots.ts'
import type { PointHandle } from '../../server/src/readings/scan.ts'

export interface PlainHistory extends HistorySettings {
  /** Points that the store can be told of; filled by the test. */
  known: PointHandle[]
  /** Limits of every point. */
  bands: BandChange[]
}

/** History settings of a hospital without limits, in UTC unless said otherwise; a reading holds for `holdMs`. */
export function plainHistory(options: { zone?: string; holdMs?: number } = {}): PlainHistory {
  const { zone = 'UTC', holdMs = 60_000 } = options
  const plain: PlainHistory = {
    known: [],
    bands: [],
    zone: () => zone,
    holdMs: () => holdMs,
    bandsOf: async () => plain.bands,
    pointById: (id) => plain.known.find((point) => point.id === id),
    pointsOfDevice: ({ site, node, device }) =>
      plain.known.filter(({ device: of }) => of.site === site && of.node === node && of.device === device),
  }
  return plain
}
