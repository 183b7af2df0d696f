import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Reason } from './decide-drill.ts'

/** There is one drill at a time, and one alarm about it. */
const DRILL_ID = 1

/** The alarm that the last drill failed; its value says why. */
export function drillAlarm(reason: Reason | null, atMs: number): AlarmSignal {
  const value = reason === null ? null : `${reason.zh} / ${reason.en}`
  return ownSignal({ source: 'drill', sourceId: DRILL_ID, condition: 'drill-failed', priority: 'medium', atMs, value })
}
