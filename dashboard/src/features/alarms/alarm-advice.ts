import type { Alarm } from '@roomkeeper/shared/http'

/** What a person can do about an alarm as it is now; a dictionary entry words it. */
export type Advice =
  | 'drill'
  | 'act'
  | 'check-sensor'
  | 'seen'
  | 'seen-latching'
  | 'returned'
  | 'reset'
  | 'silent-standing'
  | 'silent-gone'
  | 'consequence'
  | 'covered'
  | 'paper-awaited'
  | 'without-paper'
  | 'over'

/** The one next thing to do. Someone who is tired reads this and not the state's name. */
export function adviceOf(
  alarm: Pick<Alarm, 'state' | 'active' | 'latching' | 'drill' | 'valueUnknown' | 'condition'> &
    Partial<Pick<Alarm, 'paper' | 'withoutPaper'>>,
): Advice {
  switch (alarm.state) {
    case 'UNACK':
      if (alarm.drill) return 'drill'
      if (alarm.withoutPaper && isDoneByPeople(alarm)) return 'without-paper'
      return alarm.valueUnknown || alarm.condition === 'sensor-suspect' ? 'check-sensor' : 'act'
    case 'ACKED':
      if (alarm.valueUnknown) return 'check-sensor'
      return alarm.latching ? 'seen-latching' : 'seen'
    case 'RTNUN':
      if (alarm.withoutPaper && isDoneByPeople(alarm)) return 'without-paper'
      return needsReset(alarm) ? 'reset' : 'returned'
    case 'DSUPR':
      if (alarm.paper) return 'covered'
      return alarm.condition === 'door-opened' ? 'paper-awaited' : 'consequence'
    case 'SHLVD':
    case 'OOSRV':
      return alarm.active ? 'silent-standing' : 'silent-gone'
    case 'NORM':
      return 'over'
  }
}

/** A machine may go away by itself; a door does not open so, and an unknown device was plugged in by somebody. */
function isDoneByPeople({ condition }: Pick<Alarm, 'condition'>): boolean {
  return condition === 'door-opened' || condition === 'restarted' || condition === 'device-unknown'
}

/** A latching alarm whose condition has gone: acknowledging it is what resets it. */
export function needsReset(alarm: Pick<Alarm, 'state' | 'latching'>): boolean {
  return alarm.latching && alarm.state === 'RTNUN'
}

/** What waits for a person's acknowledgement is not put aside, only acknowledged; what is silent already is extended instead. */
export function mayBeShelved(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'ACKED'
}
