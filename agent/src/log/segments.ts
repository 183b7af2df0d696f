import { type FileHandle, type open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from './durable-file.ts'
import { offsetOf } from './scan-record.ts'
import { type DamagedBytes, readSegment } from './segment-reader.ts'

/** One file of the log. */
export interface Segment {
  path: string
  /** From the file's name: no record in it has a smaller offset. */
  firstOffset: number
  /** No record in it has a greater offset; `firstOffset - 1` while it is empty. */
  lastOffset: number
  /** Bytes that are known to be on the disk. */
  bytes: number
  /** When its newest record was written, UTC ms; from the file's time after a restart. */
  newestMs: number
  /** Whether records may still be added. */
  isOpen: boolean
  /** 0: everything that was written to it; 1 and 2: thinned, see thinning.ts. */
  level: number
}

const SUFFIX = '.rklog'
/** Enough for any safe integer, so that names sort like offsets. */
const DIGITS = 16

export async function createSegment(
  folder: string,
  firstOffset: number,
  nowMs: number,
  open: typeof openFile,
): Promise<{ segment: Segment; file: FileHandle }> {
  const path = join(folder, `${String(firstOffset).padStart(DIGITS, '0')}${SUFFIX}`)
  // 'w': an empty file of this name may be left from an attempt on a full disk.
  const file = await open(path, 'w', 0o600)
  try {
    await syncFolder(folder)
  } catch (error) {
    await file.close()
    throw error
  }
  return { segment: { path, firstOffset, lastOffset: firstOffset - 1, bytes: 0, newestMs: nowMs, isOpen: true, level: 0 }, file }
}

export function deleteSegment(segment: Segment): Promise<void> {
  return rm(segment.path, { force: true })
}

/** Where the thinned content of a segment belongs: the level is in the name, so that it needs no place inside. */
export function thinnedPath(segment: Segment, level: number): string {
  return join(dirname(segment.path), `${String(segment.firstOffset).padStart(DIGITS, '0')}.t${level}${SUFFIX}`)
}

const NAME = /^(\d{16})(?:\.t([12]))?\.rklog$/

/**
 * The segments of a folder, oldest first. Their last offsets follow from the next one's name; the last one's must be found by reading.
 * Where a stop left a segment and its thinned form the thinned one counts, and the other is deleted.
 */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).sort()
  await Promise.all(names.filter((name) => name.endsWith(`${SUFFIX}.tmp`)).map((name) => rm(join(folder, name), { force: true })))
  const segments: Segment[] = []
  for (const name of names) {
    const match = NAME.exec(name)
    if (match === null) continue
    const path = join(folder, name)
    const { size, mtimeMs } = await stat(path)
    const [firstOffset, level] = [Number(match[1]), Number(match[2] ?? 0)]
    const segment: Segment = { path, firstOffset, lastOffset: firstOffset - 1, bytes: size, newestMs: mtimeMs, isOpen: false, level }
    const previous = segments.at(-1)
    if (previous?.firstOffset === firstOffset) {
      const [kept, other] = previous.level > level ? [previous, segment] : [segment, previous]
      segments[segments.length - 1] = kept
      await rm(other.path, { force: true })
      continue
    }
    if (previous) previous.lastOffset = firstOffset - 1
    segments.push(segment)
  }
  return segments
}

/**
 * Finds the end of the last segment after a stop: reads all of it, and cuts off a torn tail. Damage with whole records behind it is no
 * torn tail and stays, since those records may have been promised.
 */
export async function recoverLastSegment(
  segment: Segment,
  open: typeof openFile,
  onDamage: (damage: DamagedBytes) => void,
): Promise<{ isTorn: boolean }> {
  let isTorn = false
  let goodBytes = segment.bytes
  const file = await open(segment.path, 'r+')
  try {
    const damaged = (damage: DamagedBytes) => {
      if (damage.isTail) {
        isTorn = true
        goodBytes = damage.position
      }
      onDamage(damage)
    }
    for await (const record of readSegment(file, segment.bytes, damaged))
      segment.lastOffset = Math.max(segment.lastOffset, offsetOf(record.payload))
    if (isTorn) {
      await file.truncate(goodBytes)
      await file.sync()
    }
  } finally {
    await file.close()
  }
  segment.bytes = goodBytes
  segment.isOpen = true
  return { isTorn }
}
