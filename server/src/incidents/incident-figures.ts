import type { IncidentFigures } from '@roomkeeper/shared/http'

/** What the figures are made of. */
export interface MeasuredIncident {
  openedAtMs: number
  isOpen: boolean
  /** undefined: nobody has classified it yet. */
  faultClass: string | undefined
  acknowledgedMs: number | null
  recoveredMs: number | null
}

/** Of incidents nobody has classified yet. */
const UNCLASSIFIED = 'unclassified'

/** MTTA and MTTR of all, by class of fault (most frequent first) and by month (newest first; the server's time zone). */
export function incidentFigures(incidents: readonly MeasuredIncident[]): {
  all: IncidentFigures
  byClass: (IncidentFigures & { faultClass: string })[]
  byMonth: (IncidentFigures & { month: string })[]
} {
  const byClass = Map.groupBy(incidents, ({ faultClass }) => faultClass ?? UNCLASSIFIED)
  const byMonth = Map.groupBy(incidents, ({ openedAtMs }) => monthOf(openedAtMs))
  return {
    all: figuresOf(incidents),
    byClass: [...byClass].map(([faultClass, own]) => ({ faultClass, ...figuresOf(own) })).sort((a, b) => b.count - a.count),
    byMonth: [...byMonth].map(([month, own]) => ({ month, ...figuresOf(own) })).sort((a, b) => b.month.localeCompare(a.month)),
  }
}

function figuresOf(incidents: readonly MeasuredIncident[]): IncidentFigures {
  const toAcknowledge = incidents.flatMap(({ acknowledgedMs }) => acknowledgedMs ?? [])
  const toRecover = incidents.flatMap(({ recoveredMs }) => recoveredMs ?? [])
  return {
    count: incidents.length,
    open: incidents.filter(({ isOpen }) => isOpen).length,
    mttaMs: mean(toAcknowledge),
    mttaP90Ms: percentile90(toAcknowledge),
    mttrMs: mean(toRecover),
    mttrP90Ms: percentile90(toRecover),
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}

/** Nearest rank: the value that nine of ten do not exceed, one that did happen. */
function percentile90(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? null
}

function monthOf(atMs: number): string {
  const at = new Date(atMs)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`
}
