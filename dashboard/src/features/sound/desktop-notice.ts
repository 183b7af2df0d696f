import type { Alarm } from '@roomkeeper/shared/http'
import { isLoud } from '../alarms/alarm-order.ts'

export type DesktopNotice<A> =
  | { action: 'keep' }
  /** Nothing is left to acknowledge, or not for this person. */
  | { action: 'close' }
  /** One notification for all of them, most urgent first. */
  | { action: 'show'; alarms: readonly A[] }

/**
 * Whether the notification outside of the page has to change. It comes for what sounds, while nobody sees the page, once for each alarm,
 * and goes when all are acknowledged, in whichever browser.
 */
export function desktopNotice<A extends Pick<Alarm, 'id' | 'state' | 'priority' | 'drill'>>(input: {
  alarms: readonly A[]
  isOnDuty: boolean
  isHidden: boolean
  /** Of the notification that is there; empty when none is. */
  shownIds: ReadonlySet<number>
}): DesktopNotice<A> {
  const loud = input.alarms.filter(isLoud)
  if (loud.length === 0 || !input.isOnDuty) return { action: 'close' }
  if (input.isHidden && loud.some(({ id }) => !input.shownIds.has(id))) return { action: 'show', alarms: loud }
  return { action: 'keep' }
}
