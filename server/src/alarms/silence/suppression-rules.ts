import { type AlarmCondition, type AlarmPriority, type ReadingValue, upsTokens } from '@roomkeeper/shared/model'
import { roomCauseOf } from '../../incidents/incident-rule.ts'

/** What the rules look at. */
export interface PowerFacts {
  /** Kind of the point, null when the alarm is not about a point. */
  kind: string | null
  /** Key of the point, e.g. `input.L1-N.voltage`. */
  key: string | null
  condition: AlarmCondition
  priority: AlarmPriority
  value: ReadingValue
}

interface Rule {
  kinds: readonly string[]
  conditions: readonly AlarmCondition[]
  /** Why it says nothing new once the mains are known to be lost. */
  why: string
}

/**
 * Consequences of lost mains that fold under the alarm of their cause. Whatever is not here never folds: temperature, leak, smoke, door and
 * battery alarms each call for something else to be done.
 */
const CONSEQUENCES: readonly Rule[] = [
  {
    kinds: ['voltage', 'line-to-line-voltage'],
    conditions: ['low', 'low-low'],
    why: 'the other phases of the same supply fall with the first',
  },
  { kinds: ['frequency'], conditions: ['low', 'low-low', 'high', 'high-high'], why: 'a dead or failing line has no frequency to speak of' },
  { kinds: ['ups-status'], conditions: ['state', 'state-notice'], why: 'every UPS of the room goes on battery; one tells it' },
  {
    kinds: ['cooling-fault'],
    conditions: ['state', 'state-notice'],
    why: 'air conditioners stop with the mains; the temperature itself is told',
  },
]

/** What a UPS says beside being on battery while nothing else is wrong with it. */
const ON_BATTERY = new Set(['OB', 'DISCHRG', 'OL', 'CHRG', 'CAL', 'TRIM', 'BOOST'])
/** What feeds the load, or the battery's own side, is no measure of the mains: a sagging output is a failure of its own. */
const NOT_THE_MAINS = /output|outlet|battery|bypass|load/i

/** Whether it tells that the mains are lost. */
export function isMainsLost(facts: PowerFacts): boolean {
  if (facts.kind !== 'ups-status' && (!isVoltage(facts.kind) || isBehindUps(facts))) return false
  return roomCauseOf(facts) === 'power'
}

/** Whether an alarm of this kind could be cause or consequence at all; the quick first look. */
export function mayBePower(condition: string): boolean {
  return ['low', 'low-low', 'high', 'high-high', 'state', 'state-notice', 'state-critical'].includes(condition)
}

/** Kinds of points that can be cause or consequence. */
export const POWER_KINDS = [...new Set(CONSEQUENCES.flatMap(({ kinds }) => kinds))]

/** Whether it may fold under a cause. What is critical never does. */
export function canFold(facts: PowerFacts): boolean {
  if (facts.priority === 'critical' || facts.kind === null) return false
  const { kind, condition, value } = facts
  if (!CONSEQUENCES.some((rule) => rule.kinds.includes(kind) && rule.conditions.includes(condition))) return false
  if (kind !== 'ups-status') return kind === 'cooling-fault' || !isBehindUps(facts)
  const tokens = upsTokens(value)
  return tokens.includes('OB') && tokens.every((token) => ON_BATTERY.has(token))
}

function isVoltage(kind: string | null): boolean {
  return kind === 'voltage' || kind === 'line-to-line-voltage'
}

function isBehindUps({ key }: PowerFacts): boolean {
  return key !== null && NOT_THE_MAINS.test(key)
}
