import type { PartState } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { allClearMinute } from './all-clear.ts'
import type { LiveCounts } from './all-clear-facts.ts'
import { Drills, type DrillsDeps } from './drills.ts'
import { queueHeartbeats } from './heartbeat.ts'

export interface ProofDeps extends Omit<DrillsDeps, 'log'> {
  log: Logger
  health(): Record<string, PartState>
  counts(): LiveCounts
  /** Something is in the outbox. */
  wake(): void
}

/** Proof that alarms reach people: drills, the daily all-clear, heartbeats to outside watchers. */
export interface Proof {
  drills: Drills
  db: Db
  clock: { nowMs(): number }
  timeZone: string
  health(): Record<string, PartState>
  counts(): LiveCounts
  change(change: Change): void
  wake(): void
  /** After the minute's own checks: what fails is logged and tried again; it never rejects. */
  minute(): Promise<void>
}

export function createProof(deps: ProofDeps): Proof {
  const { log } = deps
  const drills = new Drills(deps)
  /** One failing part does not stop the others, and the heartbeat comes last. */
  const tasks = {
    drills: () => drills.minute(),
    'all-clear': () => allClearMinute(deps),
    heartbeat: () => queueHeartbeats(deps),
  }
  return {
    ...deps,
    drills,
    minute: async () => {
      for (const [name, task] of Object.entries(tasks))
        await task().catch((error: unknown) => log.error({ module: 'proof', task: name, err: error }, 'not done; tried again in a minute'))
    },
  }
}
