import type { DueItem } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import type { Accounts } from '../accounts/accounts.ts'
import type { Actor } from '../api/base.ts'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { LiveValues } from '../live/live-values.ts'
import { DEFINITIONS } from './definitions/index.ts'
import { notFound } from './refusals.ts'
import type { RegisterBehaviour } from './register.ts'

export interface RegistersDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  /** Numbers count by its years, dates end by its clock. */
  timeZone: string
  accounts: Pick<Accounts, 'verifySignature'>
  live: Pick<LiveValues, 'get'>
  change(change: Change): void
  /** Absent: DEFINITIONS. */
  definitions?: readonly RegisterDefinition[]
  /** By register. */
  behaviours?: Readonly<Record<string, RegisterBehaviour>>
  /** What schedules make due, for the list of everything that is due. */
  dueSchedules?(actor: Actor, nowMs: number): Promise<DueItem[]>
}

/** One transaction and what follows it. */
export interface Unit {
  transaction: Db
  nowMs: number
  /** Told to browsers once the transaction is durable. */
  changed: Change[]
  /** Run once the transaction is durable. */
  afterwards: (() => Promise<void>)[]
}

/** What every part of the registers works with. */
export interface Engine extends RegistersDeps {
  definitions: readonly RegisterDefinition[]
  behaviours: Readonly<Record<string, RegisterBehaviour>>
  /** Throws NOT_FOUND for a name that no register has. */
  definitionOf(register: string): RegisterDefinition
  /** The one writer at a time; then browsers are told and what must wait is done. */
  write<T>(work: (unit: Unit) => Promise<T>): Promise<T>
}

export function createEngine(deps: RegistersDeps): Engine {
  const { db, clock, log, definitions = DEFINITIONS, behaviours = {} } = deps
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  return {
    ...deps,
    definitions,
    behaviours,
    definitionOf: (register) => {
      const definition = byName.get(register)
      if (!definition) throw notFound(register)
      return definition
    },
    write: async (work) => {
      const changed: Change[] = []
      const afterwards: Unit['afterwards'] = []
      const result = await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        return await work({ transaction, nowMs: clock.nowMs(), changed, afterwards })
      })
      for (const change of changed) deps.change(change)
      for (const act of afterwards)
        await act().catch((error: unknown) => log.error({ module: 'registers', err: error }, 'what follows a step of a record failed'))
      return result
    },
  }
}
