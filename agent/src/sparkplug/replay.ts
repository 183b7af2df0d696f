import type { LoggedScan, ReadingLog } from '../log/index.ts'
import type { TokenBucket } from './token-bucket.ts'

/** Where replayed scans go. */
export interface ReplayTarget {
  historical(scan: LoggedScan, previousOffset: number): void
  noteGapAfter(offset: number): void
  drained(signal: AbortSignal): Promise<void>
}

export interface ReplayOptions {
  log: Pick<ReadingLog, 'readFrom' | 'nextOffset'>
  fromOffset: number
  target: ReplayTarget
  bucket: TokenBucket
  /** Aborted when the connection ends or another replay takes over. */
  signal: AbortSignal
}

/**
 * Sends everything the log holds from an offset up to now, in order and paced; rejects when the signal is aborted. It goes up to the log's
 * end when it was asked for, not to the first live scan of the session: a host also asks because live messages were lost on the way.
 * What the log does not hold (damaged, dropped, never used offsets) is said by the previous offset of the next scan that goes out.
 * @returns how many scans were sent
 */
export async function replay(options: ReplayOptions): Promise<number> {
  const { log, fromOffset, target, signal } = options
  const until = log.nextOffset
  let last = fromOffset - 1
  let sent = 0
  const send = async (scan: LoggedScan): Promise<void> => {
    await options.bucket.take(Math.max(1, scan.readings.length), signal)
    await target.drained(signal)
    target.historical(scan, last)
    last = scan.offset
    sent++
  }
  for await (const batch of log.readFrom(fromOffset, until)) {
    for (const scan of batch) await send(scan)
  }
  if (last >= until - 1) return sent
  // The log's end is missing up to `until`: the next scan must say so, whether it was sent live already or is still to come.
  for await (const batch of log.readFrom(until)) {
    await send(batch[0] as LoggedScan)
    return sent
  }
  target.noteGapAfter(last)
  return sent
}
