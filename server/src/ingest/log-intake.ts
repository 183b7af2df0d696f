import type { AlarmChange } from '../alarms/alarm-types.ts'
import type { LiveValues } from '../live/live-values.ts'
import type { DeviceScan } from '../readings/scan.ts'
import type { TrackedScan } from './commit-queue.ts'
import { beginAnew, forkJudges, joinJudges } from './judge-lanes.ts'
import { judgeHistory, judgeLive } from './judging.ts'
import { LogFrontier, type LogRecord, type Verdict } from './log-frontier.ts'
import type { NodeSession } from './node-session.ts'
import type { DecodedScan } from './scan-decoder.ts'

export interface LogIntakeDependencies {
  clock: { nowMs(): number }
  live: LiveValues
  alarms: { submit: (change: AlarmChange) => void }
  writer: { enqueue(scan: DeviceScan): boolean; hasRoom(): boolean }
  counters: { received(readings: number): void; lagMs(ms: number): void }
  /** Something is missing: asks for it, unless it was just asked for. */
  requestReplay(session: NodeSession): void
}

/** The path of every reading, in the order of its node's log: live value, judgement, store. */
export class LogIntake {
  private readonly dependencies: LogIntakeDependencies

  constructor(dependencies: LogIntakeDependencies) {
    this.dependencies = dependencies
  }

  /**
   * A birth named the node's log. `committedOffset`: how far an earlier run of the server had this log; `firstOffset`: what the log
   * still holds. Returns how many offsets are gone for good.
   */
  takeUp(session: NodeSession, epoch: string, firstOffset: number, committedOffset: number | undefined): number {
    if (session.epoch !== epoch || !session.frontier) {
      session.epoch = epoch
      session.committedOffset = committedOffset
      session.frontier = new LogFrontier(committedOffset === undefined ? firstOffset : committedOffset + 1)
      session.commits.clear()
      beginAnew(session)
    } else if (!session.frontier.isCatchingUp) {
      // There may be records between the last one and this birth; the first live record shows.
      session.frontier.refuse()
      beginAnew(session)
    }
    session.toldOffset = undefined
    const { lost, closes } = session.frontier.skipTo(firstOffset)
    if (closes) {
      joinJudges(session, this.dependencies.alarms.submit)
      beginAnew(session)
    }
    return lost
  }

  /** Takes a scan. A record that cannot be stored now is judged all the same, and replayed later. */
  accept(session: NodeSession, scan: DecodedScan): void {
    this.dependencies.counters.received(scan.points.length)
    const { frontier, epoch } = session
    if (scan.offset === undefined || !frontier || !epoch) {
      if (!scan.isHistorical) this.judgeNow(scan)
      return
    }
    const record: LogRecord = { offset: scan.offset, previousOffset: scan.previousOffset, isHistorical: scan.isHistorical }
    const verdict = frontier.decide(record)
    if (verdict === 'repeated') return
    if (verdict === 'replay-broken') this.dependencies.requestReplay(session)
    else if (verdict === 'closes') {
      frontier.take(record, verdict)
      joinJudges(session, this.dependencies.alarms.submit)
    } else if (verdict === 'replayed' || verdict === 'replayed-last') this.takeReplayed(session, frontier, scan, record, verdict)
    else this.takeLive(session, frontier, scan, record, verdict)
  }

  private takeReplayed(session: NodeSession, frontier: LogFrontier, scan: DecodedScan, record: LogRecord, verdict: Verdict): void {
    session.lastReplayProgressMs = this.dependencies.clock.nowMs()
    if (!this.store(session, scan)) return
    judgeHistory(scan, this.dependencies.alarms.submit)
    frontier.take(record, verdict)
    if (verdict === 'replayed-last') joinJudges(session, this.dependencies.alarms.submit)
  }

  private takeLive(session: NodeSession, frontier: LogFrontier, scan: DecodedScan, record: LogRecord, verdict: Verdict): void {
    if (verdict === 'next-after-gap')
      session.log.warn({ expected: frontier.next, offset: record.offset }, 'records are missing; asking for a replay')
    if (this.store(session, scan)) {
      // The live judges begin with the first record of the run that the replay will meet; what they saw before, the history folds too.
      if (verdict !== 'next' && verdict !== 'ahead') beginAnew(session)
      if (verdict === 'joins') joinJudges(session, this.dependencies.alarms.submit)
      frontier.take(record, verdict)
    } else {
      // Its replay begins with the judges as they stand before it. The live ones miss nothing and go on, so that delays run out in time.
      if (verdict === 'next-after-gap') beginAnew(session)
      else forkJudges(session)
      frontier.refuse()
    }
    this.judgeNow(scan)
    if (verdict === 'next-after-gap') this.dependencies.requestReplay(session)
  }

  private judgeNow(scan: DecodedScan): void {
    const { alarms, clock, counters } = this.dependencies
    judgeLive(scan, alarms.submit)
    this.show(scan)
    if (scan.timesMs.length > 0) counters.lagMs(clock.nowMs() - (scan.timesMs[0] as number))
  }

  private store(session: NodeSession, scan: DecodedScan): boolean {
    const { device, points, timesMs, values, reasons, isHistorical } = scan
    const place = { epoch: session.epoch as string, offset: scan.offset as number }
    const tracked: TrackedScan = { ...place, device, points, timesMs, values, reasons, isHistorical, isStored: false }
    if (!this.dependencies.writer.enqueue(tracked)) return false
    session.commits.push(tracked)
    return true
  }

  /** Sets live values without judging. `sentAtMs`: agent's clock when it was sent, where that is later than its readings (a birth repeats old ones). */
  show(scan: DecodedScan, sentAtMs = 0): void {
    const { live, clock } = this.dependencies
    const nowMs = clock.nowMs()
    for (let i = 0; i < scan.points.length; i++) {
      const point = scan.points[i] as DecodedScan['points'][number]
      const reason = scan.reasons?.[i]
      const value = point.live
      value.timeMs = scan.timesMs[i] as number
      value.receivedAtMs = nowMs - Math.max(0, sentAtMs - value.timeMs)
      value.value = scan.values[i] ?? null
      value.quality = reason === undefined ? 'good' : 'bad'
      value.reason = reason ?? null
      live.touch(value)
    }
  }
}
