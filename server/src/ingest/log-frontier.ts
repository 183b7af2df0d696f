/** One record of a node's log, as it arrived. */
export interface LogRecord {
  offset: number
  /** The offset before it in the log: everything between the two does not exist (damaged, or dropped by the agent's limit). */
  previousOffset: number
  isHistorical: boolean
}

/** What to do with a record. */
export type Verdict =
  /** It follows on what is known: judge it live, store it. */
  | 'next'
  /** A stretch before it is missing: remember how the judges stood, then judge it live and store it. */
  | 'next-after-gap'
  /** Live, while a stretch before it is still missing, and following on the last such one: judge it live, store it. */
  | 'ahead'
  /** As `ahead`, but the first of a new run: what lies before it is for the replay, so the live judges begin anew with it. */
  | 'ahead-anew'
  /** The awaited part of a replay: judge it as history, store it. */
  | 'replayed'
  /** The last awaited part of a replay: as `replayed`, and then the judges are joined. */
  | 'replayed-last'
  /** Known already, but its place in the log shows that nothing is missing any more before the live records: join the judges. */
  | 'closes'
  /** The first live record after a start, with nothing missing before it: join the judges, then judge it live and store it. */
  | 'joins'
  /** Known already. */
  | 'repeated'
  /** A replay that has lost a message on the way: ask for it again. */
  | 'replay-broken'

/**
 * How much of one node's log is known without a hole. `next` is the frontier: everything before it was taken. While a stretch is
 * missing, live records go on "ahead" of it as one unbroken run; a replay closes the stretch. Pure: decides, holds no readings.
 */
export class LogFrontier {
  /** Every offset below it was taken, or does not exist. */
  next: number
  /** A stretch is (or, after a start, may be) missing. */
  isCatchingUp = true
  /** The unbroken run of live records ahead of the missing stretch: [first, end), and the offset before `first` in the log. */
  private ahead: { first: number; previous: number; end: number } | undefined

  constructor(next: number) {
    this.next = next
  }

  /** Decides about a record without taking it. */
  decide(record: LogRecord): Verdict {
    return record.isHistorical ? this.decideHistorical(record) : this.decideLive(record)
  }

  private decideLive({ offset, previousOffset }: LogRecord): Verdict {
    if (offset < this.next) return 'repeated'
    const follows = previousOffset < this.next
    if (!this.isCatchingUp) return follows ? 'next' : 'next-after-gap'
    if (!this.ahead) return follows ? 'joins' : 'ahead-anew'
    if (offset < this.ahead.end) return 'repeated'
    return previousOffset < this.ahead.end ? 'ahead' : 'ahead-anew'
  }

  private decideHistorical({ offset, previousOffset }: LogRecord): Verdict {
    if (!this.isCatchingUp || offset < this.next) return 'repeated'
    if (previousOffset >= this.next) return 'replay-broken'
    if (!this.ahead) return 'replayed'
    if (offset >= this.ahead.first) return 'closes'
    return this.ahead.previous <= offset ? 'replayed-last' : 'replayed'
  }

  /** The record was accepted by the writer. */
  take(record: LogRecord, verdict: Verdict): void {
    switch (verdict) {
      case 'next':
      case 'replayed':
        this.next = record.offset + 1
        return
      case 'joins':
        this.next = record.offset + 1
        this.isCatchingUp = false
        return
      case 'next-after-gap':
        this.isCatchingUp = true
        this.ahead = { first: record.offset, previous: record.previousOffset, end: record.offset + 1 }
        return
      case 'ahead':
        if (this.ahead) this.ahead.end = record.offset + 1
        return
      case 'ahead-anew':
        this.ahead = { first: record.offset, previous: record.previousOffset, end: record.offset + 1 }
        return
      case 'closes':
      case 'replayed-last':
        this.next = this.ahead?.end ?? record.offset + 1
        this.ahead = undefined
        this.isCatchingUp = false
        return
      default:
        return
    }
  }

  /** The writer refused a live record: it and what follows will have to be replayed. */
  refuse(): void {
    this.isCatchingUp = true
    this.ahead = undefined
  }

  /**
   * The log begins later than what is awaited: the stretch before is gone for good. `lost`: how many offsets that was. `closes`: all
   * that was missing before the live run is gone; the judges are to be joined, before the frontier waits for what comes behind it.
   */
  skipTo(first: number): { lost: number; closes: boolean } {
    const { ahead } = this
    if (first <= this.next) return { lost: 0, closes: false }
    const lost = Math.min(first, ahead ? ahead.previous + 1 : first) - this.next
    const closes = ahead !== undefined && first > ahead.previous
    this.next = closes ? Math.max(first, ahead.end) : first
    if (closes) this.ahead = undefined
    return { lost: Math.max(0, lost), closes }
  }
}
