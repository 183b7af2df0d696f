import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import { localMinuteOf } from '../limits/local-minute.ts'
import type { LiveValues } from '../live/live-values.ts'
import { withApprovalNews } from '../paper/approval-news.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import { changeBehaviour } from './change/change-behaviour.ts'
import { DEFINITIONS } from './definitions/index.ts'
import { inspectionBehaviour } from './inspection/inspection.ts'
import type { RegisterBehaviour } from './register.ts'
import type { Registers } from './registers.ts'
import { visitBehaviour } from './visit/visit-behaviour.ts'

/** What registers that do more than their definition may use. */
export interface BehaviourDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  live: LiveValues
  directory: Directory
  readings: Pick<ReadingStore, 'history' | 'raw' | 'textChanges'>
  change(change: Change): void
  /** Only once the server runs: behaviours are made before the registers that use them. */
  registers(): Registers
  alarms: AlarmStore
}

/** By register: what it does beyond its definition. The only list of them. */
export function behavioursOf(deps: BehaviourDeps): Readonly<Record<string, RegisterBehaviour>> {
  return withNews({
    ...papersOf(deps),
    inspection: inspectionBehaviour({ ...deps, localMinute: localMinuteOf(deps.timeZone) }),
  })
}

/** Visits, and every register whose records take their device out of service. */
function papersOf(deps: BehaviourDeps): Record<string, RegisterBehaviour> {
  const localMinute = localMinuteOf(deps.timeZone)
  const changed = (id: number): void => deps.change({ topic: 'registers', id })
  const shelved = (): void => deps.change({ topic: 'alarms' })
  const shelving = DEFINITIONS.filter(({ shelves }) => shelves !== undefined)
  return {
    ...Object.fromEntries(shelving.map((definition) => [definition.name, changeBehaviour(definition, { ...deps, changed, shelved })])),
    visit: visitBehaviour({ ...deps, localMinute, changed }),
  }
}

/** Whoever has to approve is told, and whoever asked hears what was decided: in every register. */
function withNews(behaviours: Record<string, RegisterBehaviour>): Record<string, RegisterBehaviour> {
  return Object.fromEntries(DEFINITIONS.map((definition) => [definition.name, withApprovalNews(definition, behaviours[definition.name])]))
}
