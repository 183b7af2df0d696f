import type { AlarmPriority } from '@roomkeeper/shared/model'

/** What a person was told through one channel in the last minutes. */
export interface ToldLately {
  /** Notices of alarms within FLOOD_WINDOW_MS. */
  count: number
  /** Incidents whose alarm was announced within THREAD_MS. */
  incidentIds: ReadonlySet<number>
}

/** Alarms that join an incident this soon after it was announced to the same person follow in one summary. */
export const THREAD_MS = 5 * 60_000
/** ISA-18.2: more than 10 alarms for one operator in 10 minutes are a flood; nobody reads the eleventh message. */
export const FLOOD_WINDOW_MS = 10 * 60_000
const FLOOD_COUNT = 10
/** A summary waits so long for others to join it. */
export const SUMMARY_DELAY_MS = 2 * 60_000

/** Whether this person is told now (null) or in the next summary, and why. What is critical is always told now. */
export function group(alarm: { priority: AlarmPriority; incidentId: number | null }, lately: ToldLately): 'incident' | 'flood' | null {
  if (alarm.priority === 'critical') return null
  if (alarm.incidentId !== null && lately.incidentIds.has(alarm.incidentId)) return 'incident'
  return lately.count >= FLOOD_COUNT ? 'flood' : null
}
