import { open as openFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { syncFolder } from './durable-file.ts'
import { frame } from './frame.ts'
import { decodeScan, type LoggedScan } from './scan-record.ts'
import { type DamagedBytes, readSegment } from './segment-reader.ts'
import { type Segment, thinnedPath } from './segments.ts'
import { Usual } from './usual.ts'

/**
 * What is left of the usual records of a device at each level: one in a minute, then one in ten minutes. At 10-s scans that is a sixth
 * and a sixtieth. Alarm records stay at both.
 */
export const THINNED_WINDOWS_MS: readonly number[] = [60_000, 600_000]

/** A rest after so many records, so that thinning takes no noticeable part of processor and disk from the scans. */
const REST_EVERY = 2000
const REST_MS = 10
const WRITE_BYTES = 64 * 1024
/** A thinned segment that is not smaller than this share of the old one is not worth the copy. */
const WORTH_SHARE = 0.9

export interface ThinnedFile {
  /** Where the new content is, flushed to the disk; undefined when the old one stays. */
  temporary: string | undefined
  bytes: number
  records: number
  kept: number
}

/**
 * Writes what stays of a closed segment at `level` (1 or 2) beside it, without touching it. Unreadable bytes are left out (and told);
 * records of an unknown version stay. Rejects with the file system's error, and then leaves nothing behind.
 */
export async function writeThinned(segment: Segment, level: number, onDamage: (damage: DamagedBytes) => void): Promise<ThinnedFile> {
  const windowMs = THINNED_WINDOWS_MS[level - 1] as number
  const temporary = `${thinnedPath(segment, level)}.tmp`
  const source = await openFile(segment.path, 'r')
  try {
    const usual = new Usual()
    for await (const scan of scansOf(segment, source, onDamage)) if (scan) usual.add(scan)
    usual.settle()
    const choice = new Choice(usual, windowMs)
    for await (const scan of scansOf(segment, source, () => {})) choice.add(scan)
    choice.finish()
    const { records, kept } = choice
    const bytes = await copyChosen(segment, source, temporary, choice)
    if (bytes <= segment.bytes * WORTH_SHARE) return { temporary, bytes, records, kept }
    await rm(temporary, { force: true })
    return { temporary: undefined, bytes: segment.bytes, records, kept: records }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  } finally {
    await source.close()
  }
}

/** Puts the thinned content in the segment's place. A stop in between leaves both files; the next start takes the thinned one. */
export async function replaceByThinned(segment: Segment, level: number, thinned: ThinnedFile): Promise<Segment> {
  const path = thinnedPath(segment, level)
  await rename(thinned.temporary ?? segment.path, path)
  await syncFolder(dirname(path))
  if (thinned.temporary !== undefined) await rm(segment.path, { force: true })
  return { ...segment, path, bytes: thinned.bytes, level }
}

/** Removes what was written for a segment that is gone. */
export async function discardThinned(thinned: ThinnedFile): Promise<void> {
  if (thinned.temporary !== undefined) await rm(thinned.temporary, { force: true })
}

/** Which records of a segment stay, by their place in it. */
class Choice {
  readonly #usual: Usual
  readonly #windowMs: number
  readonly #chosen: boolean[] = []
  readonly #devices = new Map<string, { place: number; states: string; window: number }>()

  constructor(usual: Usual, windowMs: number) {
    this.#usual = usual
    this.#windowMs = windowMs
  }

  get records(): number {
    return this.#chosen.length
  }

  get kept(): number {
    return this.#chosen.reduce((sum, isKept) => sum + Number(isKept), 0)
  }

  has(place: number): boolean {
    return this.#chosen[place] === true
  }

  /** The last record of every device stays: the next segment may begin with a change. */
  finish(): void {
    for (const { place } of this.#devices.values()) this.#chosen[place] = true
  }

  /** The next record; undefined for one that cannot be decoded, which stays. */
  add(scan: LoggedScan | undefined): void {
    const place = this.#chosen.length
    if (scan === undefined) {
      this.#chosen.push(true)
      return
    }
    const states = this.#usual.statesOf(scan)
    const window = Math.floor(scan.timeMs / this.#windowMs)
    const before = this.#devices.get(scan.device)
    const isChange = before !== undefined && before.states !== states
    const isFirstOfWindow = before === undefined || before.window !== window
    // The last record before a change says how long the old state held.
    if (isChange) this.#chosen[before.place] = true
    this.#chosen.push(isChange || isFirstOfWindow || this.#usual.isUnusual(scan))
    this.#devices.set(scan.device, { place, states, window })
  }
}

async function* scansOf(
  segment: Segment,
  source: Awaited<ReturnType<typeof openFile>>,
  onDamage: (damage: DamagedBytes) => void,
): AsyncGenerator<LoggedScan | undefined> {
  let count = 0
  for await (const { payload } of readSegment(source, segment.bytes, onDamage)) {
    if (++count % REST_EVERY === 0) await delay(REST_MS)
    let scan: LoggedScan | undefined
    try {
      scan = decodeScan(payload)
    } catch {
      // Written by another version of this program.
    }
    yield scan
  }
}

async function copyChosen(
  segment: Segment,
  source: Awaited<ReturnType<typeof openFile>>,
  path: string,
  choice: Pick<Choice, 'has'>,
): Promise<number> {
  const target = await openFile(path, 'w', 0o600)
  try {
    let bytes = 0
    let pending: Buffer[] = []
    let pendingBytes = 0
    const flush = async (): Promise<void> => {
      await target.writeFile(Buffer.concat(pending))
      bytes += pendingBytes
      pending = []
      pendingBytes = 0
    }
    let place = 0
    for await (const { payload } of readSegment(source, segment.bytes, () => {})) {
      if (!choice.has(place++)) continue
      const framed = frame(payload)
      pending.push(framed)
      pendingBytes += framed.length
      if (pendingBytes < WRITE_BYTES) continue
      await flush()
      await delay(REST_MS)
    }
    await flush()
    // The age of its records, which a restart takes from the file.
    await target.utimes(new Date(segment.newestMs), new Date(segment.newestMs))
    await target.sync()
    return bytes
  } finally {
    await target.close()
  }
}
