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
  | 'over'

/** The one next thing to do. Someone who is tired reads this and not the state's name. */
export function adviceOf(alarm: Pick<Alarm, 'state' | 'active' | 'latching' | 'drill' | 'valueUnknown' | 'condition'>): Advice {
  switch (alarm.state) {
    case 'UNACK':
      if (alarm.drill) return 'drill'
      return alarm.valueUnknown || alarm.condition === 'sensor-suspect' ? 'check-sensor' : 'act'
    case 'ACKED':
      if (alarm.valueUnknown) return 'check-sensor'
      return alarm.latching ? 'seen-latching' : 'seen'
    case 'RTNUN':
      return needsReset(alarm) ? 'reset' : 'returned'
    case 'DSUPR':
      return 'consequence'
    case 'SHLVD':
    case 'OOSRV':
      return alarm.active ? 'silent-standing' : 'silent-gone'
    case 'NORM':
      return 'over'
  }
}

/** A latching alarm whose condition has gone: acknowledging it is what resets it. */
export function needsReset(alarm: Pick<Alarm, 'state' | 'latching'>): boolean {
  return alarm.latching && alarm.state === 'RTNUN'
}

/** What waits for a person's acknowledgement is not put aside, only acknowledged; what is silent already is extended instead. */
export function mayBeShelved(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'ACKED'
}
