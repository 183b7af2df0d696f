import { mkdir, open as openFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lockFolder } from './folder-lock.ts'
import { toLogError } from './log-error.ts'
import { currentBootId, newEpoch, readCommitted, readIdentity, writeIdentity } from './log-identity.ts'
import type { ReadingLogOptions } from './log-options.ts'
import { ReadingLog } from './reading-log.ts'
import { listSegments, recoverLastSegment } from './segments.ts'

export { LogError } from './log-error.ts'
export type { LogDamage, LogEvents, LogLoss, LogPlace, LogThinned, ReadingLogOptions } from './log-options.ts'
export type { ReadingLog } from './reading-log.ts'
export type { LoggedScan, Reading, ScanRecord } from './scan-record.ts'

/**
 * Opens the log in `options.folder`, making it when there is none. A torn tail is cut off and told; a damaged record is kept out of the way
 * and told when it is read. Throws a LogError, of kind `locked` when another agent has the folder.
 */
export async function openReadingLog(options: ReadingLogOptions): Promise<ReadingLog> {
  const { folder, events } = options
  let unlock: (() => Promise<void>) | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    unlock = await lockFolder(join(folder, 'lock'))
    const bootId = await currentBootId()
    const found = await readIdentity(folder, (error) => events.onWarning('the identity of the reading log is damaged', error))
    const segments = await listSegments(folder)
    const last = segments.at(-1)
    const reportedDamage = new Set<string>()
    const recovered =
      last &&
      (await recoverLastSegment(last, options.open ?? openFile, (damage) => {
        reportedDamage.add(`${last.path}:${damage.position}`)
        events.onDamage({ ...damage, segment: last.path })
      }))
    if (recovered?.isTorn) events.onWarning(`the end of ${basename(last?.path ?? '')} was torn and has been cut off`)

    const lastFound = last?.lastOffset ?? 0
    const reserved = found?.reservedThrough ?? 0
    // Offsets beyond what is found may have been given out unless the end is intact and the machine was not restarted.
    const isEndCertain = last !== undefined && recovered?.isTorn === false && bootId !== '' && found?.bootId === bootId
    const lastUsed = Math.max(lastFound, isEndCertain ? (found?.usedThrough ?? 0) : reserved)
    const identity = { epoch: found?.epoch ?? newEpoch(), reservedThrough: Math.max(reserved, lastUsed), usedThrough: lastUsed, bootId }
    if (found === undefined && segments.length > 0)
      events.onWarning(`the reading log starts the new epoch ${identity.epoch}; the host will ask for all of it`)
    try {
      await writeIdentity(folder, identity)
    } catch (error) {
      // On a full disk the log must still be read, replayed and trimmed, or its own size would keep the disk full for ever.
      if (found === undefined || toLogError(error, '').kind !== 'disk-full') throw error
      events.onWarning('the disk is full: the reading log can be read and trimmed, but takes nothing new', error)
      identity.reservedThrough = lastUsed
    }
    const committed = await readCommitted(folder, identity.epoch)
    // An empty last segment keeps its name's offset below the ones to come, also when offsets were skipped.
    if (last && last.bytes === 0) {
      await rm(last.path, { force: true })
      segments.pop()
    }
    const lastRecordOffset = segments.length > 0 ? lastFound : committed
    return new ReadingLog(options, { identity, committed, lastRecordOffset, segments, nextOffset: lastUsed + 1, unlock, reportedDamage })
  } catch (error) {
    await unlock?.().catch(() => {})
    throw toLogError(error, `the reading log in ${folder} cannot be opened`)
  }
}
