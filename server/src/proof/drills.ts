import type { Change } from '@roomkeeper/shared/push'
import type { Selectable } from 'kysely'
import type { Logger } from 'pino'
import type { AlarmChange, AlarmTransitionNotice } from '../alarms/alarm-types.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Credentials } from '../broker/credentials.ts'
import type { Database, Db } from '../database/schema.ts'
import { HEARTBEAT_KINDS } from '../notify/channels/heartbeat-kinds.ts'
import { onDutyAt } from '../notify/roster.ts'
import { decideDrill, NOBODY_ON_DUTY, type Reason } from './decide-drill.ts'
import { decideDue, isDrillStillWanted, isFromTheFuture } from './decide-due.ts'
import { drillAlarm } from './drill-alarm.ts'
import { DRILL_NODE, DRILL_VALUES } from './drill-device.ts'
import { loadDrillFacts } from './drill-facts.ts'
import { connectDrillNode, type DrillNode } from './drill-node.ts'
import { readProofSetting, writeProofSetting } from './stored-settings.ts'

type DrillRow = Selectable<Database['drill']>

export interface DrillsDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  credentials: Pick<Credentials, 'replace' | 'revoke'>
  /** The broker as agents reach it: `mqtt://host:port`, and the PEM of its authority. */
  broker(): { url: string; ca?: string | undefined }
  alarms: { submit(change: AlarmChange): void; flush(): Promise<void> }
  change(change: Change): void
  /** For tests: another way to the broker. */
  connect?: typeof connectDrillNode
}

/** A drill cannot begin now; the message is for people. */
export class DrillRefusedError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DrillRefusedError'
  }
}

/** While a drill goes on it is looked at so often; alarms and acknowledgements do not wait for it. */
const LOOK_EVERY_MS = 5000

/**
 * Drills: a test reading goes by MQTT the whole way to a person's acknowledgement. What there is to do follows from the database alone, so a
 * restart in the middle only delays.
 */
export class Drills {
  private readonly deps: DrillsDeps
  private node: DrillNode | undefined
  /** Why the last attempt to send a reading failed. */
  private trouble = ''
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> | undefined
  private tidying: Promise<void> | undefined
  private isAskedAgain = false
  private isStopped = false

  constructor(deps: DrillsDeps) {
    this.deps = deps
  }

  /** Goes on with what a stop, or the loss of the broker, has cut short. Call when the ingest hears the broker (again). Never rejects. */
  async resume(): Promise<void> {
    const { db, log } = this.deps
    try {
      const running = await this.running()
      if (running && (await loadDrillFacts(db, running)).raisedAtMs === null) await this.send(running)
      else await this.look()
    } catch (error) {
      log.error({ module: 'drill', err: error }, 'the drill could not be taken up again; tried in a minute')
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true
    clearTimeout(this.timer)
    await this.looking
    await this.tidying
    await this.node?.close()
  }

  /** An alarm has changed. */
  readonly noticed = ({ drill }: Pick<AlarmTransitionNotice, 'drill'>): void => {
    if (drill) void this.look()
  }

  /**
   * Begins a drill. Resolves when it is written down; `drill-facts.ts` says how it goes.
   * @throws DrillRefusedError
   */
  async begin(by: string | null, actor: string, note: string): Promise<DrillRow> {
    const { db, clock, change } = this.deps
    await this.tidyUp()
    const drill = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      const running = await transaction.selectFrom('drill').select('id').where('state', '=', 'running').executeTakeFirst()
      if (running) throw new DrillRefusedError('演练正在进行 / a drill is going on')
      await siteOf(transaction)
      return insertDrill(transaction, { startedBy: by, note, nowMs: clock.nowMs(), actor, failed: null })
    })
    change({ topic: 'proof', id: drill.id })
    void this.send(drill)
    return drill
  }

  /** Once a minute: holds what the plan wants, and looks after what goes on. */
  async minute(): Promise<void> {
    await this.holdByPlan()
    await this.look()
    await this.tidyUp()
    await this.keepAlarm()
  }

  /** Decides about the drill that is going on. Calls that overlap are one more look. */
  look(): Promise<void> {
    if (this.isStopped) return Promise.resolve()
    this.isAskedAgain = true
    this.looking ??= this.lookNow()
      .catch((error: unknown) => this.deps.log.error({ module: 'drill', err: error }, 'the drill could not be looked at; tried again'))
      .finally(() => {
        this.looking = undefined
      })
    return this.looking
  }

  private async lookNow(): Promise<void> {
    clearTimeout(this.timer)
    while (this.isAskedAgain) {
      this.isAskedAgain = false
      const drill = await this.running()
      if (drill) await this.decide(drill)
    }
    if (!this.isStopped && (await this.running())) this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS)
  }

  private async decide(drill: DrillRow): Promise<void> {
    const { db, clock, change } = this.deps
    const { failsAfterMinutes } = await readProofSetting(db, 'drillPlan')
    const stored = await loadDrillFacts(db, drill)
    if (stored.alarmId !== null && drill.alarmId === null) {
      await db.updateTable('drill').set({ alarmId: stored.alarmId }).where('id', '=', drill.id).execute()
      change({ topic: 'proof', id: drill.id })
    }
    const trouble = stored.raisedAtMs === null ? this.trouble : stored.notices.sent === 0 ? stored.refusal : ''
    const facts = { ...stored, startedAtMs: drill.startedAtMs, failsAfterMs: failsAfterMinutes * 60_000, trouble }
    const decision = decideDrill(facts, clock.nowMs())
    if (decision.state === 'running') return
    const isPassed = decision.state === 'passed'
    await this.end(drill, isPassed ? decision.atMs : clock.nowMs(), isPassed ? null : decision.reason)
    await this.tidyUp()
    await this.keepAlarm()
  }

  private async end(drill: DrillRow, endedAtMs: number, reason: Reason | null): Promise<void> {
    const { db, clock, log, change } = this.deps
    const state = reason === null ? 'passed' : 'failed'
    await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      const changes = { state, endedAtMs, reasonJson: reason === null ? null : JSON.stringify(reason) }
      await transaction.updateTable('drill').set(changes).where('id', '=', drill.id).where('state', '=', 'running').execute()
      const entry = { actor: 'system', action: `drill.${state}`, entity: `drill:${drill.id}`, after: { reason } }
      await appendAudit(transaction, entry, clock.nowMs())
    })
    log.info({ module: 'drill', drill: drill.id, state, reason: reason?.en }, 'the drill is over')
    change({ topic: 'proof', id: drill.id })
  }

  /** Sends the test reading as an agent would; what fails is said by the drill itself when its time is over. */
  private async send(drill: DrillRow): Promise<void> {
    const { db, clock, log } = this.deps
    try {
      this.trouble = ''
      const node = await this.connected()
      await db.updateTable('drill').set({ startedAtMs: clock.nowMs() }).where('id', '=', drill.id).execute()
      await node.publish(DRILL_VALUES.alarming)
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error)
      log.warn({ module: 'drill', drill: drill.id, err: error }, 'the test reading could not be sent')
    }
    await this.look()
  }

  private async connected(): Promise<DrillNode> {
    if (this.node?.isConnected) return this.node
    const { db, clock, credentials, broker, connect = connectDrillNode } = this.deps
    const site = await siteOf(db)
    // Made anew for each connection: nothing is kept that somebody could come in with.
    const { username, password } = await credentials.replace(site, DRILL_NODE, 'system')
    this.node = await connect({ ...broker(), site, username, password, clock })
    return this.node
  }

  /** After a drill: the reading is normal again, the node goes, and its credential is revoked. What could not be done is tried each minute. */
  private tidyUp(): Promise<void> {
    this.tidying ??= this.tidyUpNow()
      .catch((error: unknown) =>
        this.deps.log.warn({ module: 'drill', err: error }, 'the drill could not be tidied up; tried again in a minute'),
      )
      .finally(() => {
        this.tidying = undefined
      })
    return this.tidying
  }

  private async tidyUpNow(): Promise<void> {
    const { db } = this.deps
    if (await this.running()) return
    const standing = await db.selectFrom('alarm').select('id').where('drill', '=', 1).where('active', '=', 1).executeTakeFirst()
    if (standing || this.node) {
      const node = await this.connected()
      await node.publish(DRILL_VALUES.normal)
      await node.close()
      this.node = undefined
    }
    await this.revoke()
  }

  private async revoke(): Promise<void> {
    const { db, credentials } = this.deps
    const left = await db
      .selectFrom('agentCredential')
      .innerJoin('edgeNode', 'edgeNode.id', 'agentCredential.nodeId')
      .select('nodeId')
      .where('edgeNode.node', '=', DRILL_NODE)
      .where('revoked', '=', 0)
      .execute()
    for (const { nodeId } of left) await credentials.revoke(nodeId, 'the drill is over', 'system')
  }

  /** The drill's own alarm stands while the last one failed. */
  private async keepAlarm(): Promise<void> {
    const { db, clock, alarms } = this.deps
    const last = await db.selectFrom('drill').selectAll().where('state', '<>', 'running').orderBy('id', 'desc').limit(1).executeTakeFirst()
    const standing = await db
      .selectFrom('alarm')
      .select('id')
      .where('source', '=', 'drill')
      .where('condition', '=', 'drill-failed')
      .where('active', '=', 1)
      .executeTakeFirst()
    const isFailed = last?.state === 'failed'
    const isStanding = standing !== undefined
    if (isFailed === isStanding) return
    const reason = last?.reasonJson ? (JSON.parse(last.reasonJson) as Reason) : null
    alarms.submit({ kind: isFailed ? 'raise' : 'clear', signal: drillAlarm(reason, clock.nowMs()) })
    await alarms.flush()
  }

  private async holdByPlan(): Promise<void> {
    const { db, clock, log, timeZone } = this.deps
    const nowMs = clock.nowMs()
    const plan = await readProofSetting(db, 'drillPlan')
    const doneUntilMs = await readProofSetting(db, 'drillDoneUntilMs')
    if (doneUntilMs === null || isFromTheFuture(doneUntilMs, nowMs)) return writeProofSetting(db, 'drillDoneUntilMs', nowMs)
    const due = decideDue({ days: [plan.day], at: plan.at, timeZone }, doneUntilMs, nowMs)
    if (due === null) return
    await writeProofSetting(db, 'drillDoneUntilMs', due.slotMs)
    if (!plan.enabled) return
    if (!isDrillStillWanted(due, timeZone, nowMs)) {
      log.warn({ module: 'drill', lateMs: due.lateMs }, 'a drill was missed while the server was away; the next one is held by plan')
      return
    }
    // Until the first channel is set up there is nothing to prove.
    if (!(await hasChannel(db))) return
    try {
      if ((await onDutyAt(db, nowMs)).length > 0) await this.begin(null, 'system', '')
      else await this.recordFailed(NOBODY_ON_DUTY)
    } catch (error) {
      if (!(error instanceof DrillRefusedError)) throw error
      log.warn({ module: 'drill', reason: error.message }, 'the drill by plan was not begun')
    }
  }

  private async recordFailed(reason: Reason): Promise<void> {
    const { db, clock, change } = this.deps
    const { id } = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      return insertDrill(transaction, { startedBy: null, note: '', nowMs: clock.nowMs(), actor: 'system', failed: reason })
    })
    change({ topic: 'proof', id })
  }

  private running(): Promise<DrillRow | undefined> {
    return this.deps.db.selectFrom('drill').selectAll().where('state', '=', 'running').orderBy('id').limit(1).executeTakeFirst()
  }
}

interface NewDrill {
  startedBy: string | null
  note: string
  nowMs: number
  actor: string
  /** Over before it began. */
  failed: Reason | null
}

async function insertDrill(transaction: Db, { startedBy, note, nowMs, actor, failed }: NewDrill): Promise<DrillRow> {
  const row = await transaction
    .insertInto('drill')
    .values({
      state: failed === null ? 'running' : 'failed',
      startedBy,
      note,
      startedAtMs: nowMs,
      endedAtMs: failed === null ? null : nowMs,
      alarmId: null,
      reasonJson: failed === null ? null : JSON.stringify(failed),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const action = failed === null ? 'drill.start' : 'drill.failed'
  await appendAudit(transaction, { actor, action, entity: `drill:${row.id}`, after: { startedBy, note, reason: failed } }, nowMs)
  return row
}

/** A drill is held in the first room: its alarm needs one. */
async function siteOf(db: Db): Promise<string> {
  const room = await db.selectFrom('room').select('site').orderBy('id').limit(1).executeTakeFirst()
  if (!room) throw new DrillRefusedError('还没有机房，请先建立机房 / there is no room yet: set one up first')
  return room.site
}

async function hasChannel(db: Db): Promise<boolean> {
  let query = db.selectFrom('channel').select('id').where('enabled', '=', 1).where('removedAtMs', 'is', null)
  if (HEARTBEAT_KINDS.length > 0) query = query.where('kind', 'not in', [...HEARTBEAT_KINDS])
  return (await query.limit(1).executeTakeFirst()) !== undefined
}
