import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { PointJudge } from '../limits/point-judge.ts'
import type { PointEntry } from './entries.ts'
import type { Ingest } from './ingest.ts'
import type { NodeSession } from './node-session.ts'

export interface CommitterDependencies {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  ingest: Pick<Ingest, 'sessions' | 'commands'>
  alarms: { flush(): Promise<void> }
  committed(readings: number): void
}

/** The agents hear of commits at most this often. */
export const COMMIT_EVERY_MS = 1000

/**
 * Tells the agents what they may forget. An offset is committed when every reading up to it is durable in the store or in quarantine,
 * and every alarm it gave rise to is durable; position and judges are written in one transaction, so that a restart goes on from both.
 */
export class Committer {
  private readonly dependencies: CommitterDependencies
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private runningSinceMs = 0
  private failure: string | undefined

  constructor(dependencies: CommitterDependencies) {
    this.dependencies = dependencies
  }

  start(): void {
    this.timer = setInterval(() => {
      if (!this.running) this.runningSinceMs = performance.now()
      this.running ??= this.run().finally(() => {
        this.running = undefined
      })
    }, COMMIT_EVERY_MS)
  }

  /** Commits once more, then stops. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.running
    await this.run()
  }

  /** How long the commit under way has taken, ms. */
  get runningMs(): number {
    return this.running === undefined ? 0 : performance.now() - this.runningSinceMs
  }

  health(): { ok: boolean; message: string } {
    return this.failure === undefined ? { ok: true, message: '' } : { ok: false, message: `positions cannot be saved: ${this.failure}` }
  }

  private async run(): Promise<void> {
    for (const session of this.dependencies.ingest.sessions.values()) {
      try {
        await this.commit(session)
        this.failure = undefined
      } catch (error) {
        this.failure = error instanceof Error ? error.message : String(error)
        this.dependencies.log.error({ module: 'commit', node: session.path, err: error }, 'commit failed; the agent keeps its records')
      }
    }
  }

  private async commit(session: NodeSession): Promise<void> {
    const { frontier, epoch } = session
    if (!frontier || !epoch) return
    let readings = 0
    const offset = session.commits.committable(frontier.next, (scan) => {
      readings += scan.points.length
    })
    this.dependencies.committed(readings)
    // Taken before waiting: judges move on with every reading.
    const changed = dirtyJudges(session)
    const states = changed.map(({ point, judge }) => ({ pointId: point.id, stateJson: JSON.stringify(judge.snapshot()) }))
    if (offset !== session.committedOffset || states.length > 0) {
      for (const { judge } of changed) judge.isDirty = false
      try {
        await this.dependencies.alarms.flush()
        await this.write(session, epoch, offset, states)
      } catch (error) {
        for (const { point } of changed) (point.history ?? point.judge).isDirty = true
        throw error
      }
      if (session.epoch === epoch) session.committedOffset = offset
    }
    if (session.isOnline && session.toldOffset !== offset && session.epoch === epoch) {
      session.toldOffset = offset
      this.dependencies.ingest.commands.committed(session, offset, epoch)
    }
  }

  private async write(
    session: NodeSession,
    epoch: string,
    offset: number,
    states: { pointId: number; stateJson: string }[],
  ): Promise<void> {
    const { db, clock } = this.dependencies
    const position = { nodeId: session.entry.id, epoch, committedOffset: offset, updatedAtMs: clock.nowMs() }
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('logPosition')
        .values(position)
        .onConflict((conflict) =>
          conflict.columns(['nodeId', 'epoch']).doUpdateSet({ committedOffset: offset, updatedAtMs: position.updatedAtMs }),
        )
        .execute()
      for (let i = 0; i < states.length; i += 500) {
        await transaction
          .insertInto('judgeState')
          .values(states.slice(i, i + 500))
          .onConflict((conflict) => conflict.column('pointId').doUpdateSet((set) => ({ stateJson: set.ref('excluded.stateJson') })))
          .execute()
      }
    })
  }
}

/** The judges whose state belongs to the position: while a stretch is missing, those that will fold its replay. */
function dirtyJudges(session: NodeSession): { point: PointEntry; judge: PointJudge }[] {
  const dirty: { point: PointEntry; judge: PointJudge }[] = []
  for (const device of session.entry.devices.values()) {
    for (const point of device.points.values()) {
      const judge = point.history ?? point.judge
      if (judge.isDirty) dirty.push({ point, judge })
    }
  }
  return dirty
}
