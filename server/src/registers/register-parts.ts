import type { Logger } from 'pino'
import type { PaperWatchDeps } from '../paper/paper-watch.ts'
import { PaperWatch } from '../paper/paper-watch.ts'
import { dueSchedules } from '../schedules/load-schedules.ts'
import { type BehaviourDeps, behavioursOf } from './behaviours.ts'
import type { RegistersDeps } from './engine.ts'
import { createRegisters, type Registers } from './registers.ts'

type Deps = Omit<BehaviourDeps, 'registers'> &
  Pick<RegistersDeps, 'accounts'> &
  Pick<PaperWatchDeps, 'localMinute' | 'unknownDevices'> & {
    log: Logger
    schedules: { run(): Promise<void> }
  }

/** The registers with what they do beyond their definitions, and what the time brings to visits and changes. */
export function createRegisterParts(deps: Deps): { registers: Registers; paper: PaperWatch } {
  const { db, clock, log, timeZone, live, directory, readings, alarms, change, schedules } = deps
  const registers: Registers = createRegisters({
    ...{ db, clock, log, timeZone, live, accounts: deps.accounts },
    behaviours: behavioursOf({ db, clock, log, timeZone, live, directory, readings, alarms, change, registers: () => registers }),
    change: (one) => {
      change(one)
      // What was done, or moved on, clears its alarm at once; what this run cannot do, the next minute does.
      schedules.run().catch((error: unknown) => log.warn({ module: 'schedules', err: error }, 'schedules are looked at later'))
    },
    dueSchedules: (actor, nowMs) => dueSchedules({ db, timeZone }, actor, nowMs),
  })
  const paper = new PaperWatch({
    ...{ db, clock, log, readings, directory, live, registers, alarms },
    localMinute: deps.localMinute,
    unknownDevices: deps.unknownDevices,
    changed: (id) => change({ topic: 'registers', id }),
    shelved: () => change({ topic: 'alarms' }),
  })
  return { registers, paper }
}
