import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { Neighbour } from '../ingest/node-metrics.ts'

export interface SeenAddressesDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  changed(): void
  /** Whether the agent is there: what it told last is still so. */
  isOnline(source: string): boolean
}

/** Agents tell a list only when it changed. */
const REFRESH_MS = 60 * 60_000

/** Keeps when each agent saw which address last. Beside the way of the readings: one write for each list, in the background. */
export class SeenAddresses {
  private readonly deps: SeenAddressesDeps
  private readonly latest = new Map<string, readonly Neighbour[]>()
  private writing: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | undefined

  constructor(deps: SeenAddressesDeps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => this.refresh(), REFRESH_MS)
    this.timer.unref()
  }

  /** Says once more what agents that are there told last. */
  refresh(): void {
    for (const [source, neighbours] of this.latest) if (this.deps.isOnline(source)) this.note(source, neighbours)
  }

  readonly note = (source: string, neighbours: readonly Neighbour[]): void => {
    const { log, changed } = this.deps
    this.latest.set(source, neighbours)
    this.writing = this.writing
      .then(() => this.write(source, neighbours))
      .then(changed)
      .catch((error: unknown) => log.warn({ module: 'network', source, err: error }, 'What an agent sees in its network could not be kept'))
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.writing
  }

  private async write(source: string, neighbours: readonly Neighbour[]): Promise<void> {
    const lastSeenMs = this.deps.clock.nowMs()
    await this.deps.db.transaction().execute(async (transaction) => {
      for (const { address, mac, device } of neighbours) {
        const seen = { name: device, mac, lastSeenMs }
        await transaction
          .insertInto('ipSeen')
          .values({ address, source, ...seen })
          // An agent that knows a device's address only by its settings must not forget the MAC that it saw.
          .onConflict((conflict) => conflict.columns(['address', 'source']).doUpdateSet(mac === '' ? { name: device, lastSeenMs } : seen))
          .execute()
      }
    })
  }
}
