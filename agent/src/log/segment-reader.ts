import type { FileHandle } from 'node:fs/promises'
import { FRAME_HEADER_BYTES, findMagic, MAX_PAYLOAD_BYTES, readFrame } from './frame.ts'

export interface SegmentRecord {
  position: number
  /** Valid until the next record is asked for. */
  payload: Buffer
}

export interface DamagedBytes {
  position: number
  bytes: number
  /** True when no whole record follows: the write that was under way when the program or the power died. */
  isTail: boolean
}

/** Bytes read at once. */
const CHUNK_BYTES = 256 * 1024

/**
 * Reads the records of a segment in order, up to `endBytes`. Damaged bytes are skipped to the next whole record and told once,
 * after what follows them is known.
 */
export async function* readSegment(
  file: FileHandle,
  endBytes: number,
  onDamage: (damage: DamagedBytes) => void,
): AsyncGenerator<SegmentRecord> {
  let window = Buffer.alloc(0)
  let windowStart = 0
  let at = 0
  let damagedSince: number | undefined

  /** Makes at least `bytes` bytes available at `at`, as far as the file has them. */
  const need = async (bytes: number): Promise<void> => {
    const missing = bytes - (window.length - at)
    const windowEnd = windowStart + window.length
    if (missing <= 0 || windowEnd >= endBytes) return
    const wanted = Math.min(Math.max(missing, CHUNK_BYTES), endBytes - windowEnd)
    const next = Buffer.allocUnsafe(window.length - at + wanted)
    window.copy(next, 0, at)
    const { bytesRead } = await file.read(next, window.length - at, wanted, windowEnd)
    const length = window.length - at + bytesRead
    windowStart += at
    at = 0
    window = next.subarray(0, length)
  }

  for (;;) {
    await need(FRAME_HEADER_BYTES)
    if (at >= window.length) break
    let result = readFrame(window, at)
    if (result.kind === 'incomplete') {
      const length = window.length - at >= FRAME_HEADER_BYTES ? window.readUInt32LE(at + 4) : 0
      await need(FRAME_HEADER_BYTES + Math.min(length, MAX_PAYLOAD_BYTES))
      result = readFrame(window, at)
    }
    if (result.kind === 'record') {
      if (damagedSince !== undefined) {
        onDamage({ position: damagedSince, bytes: windowStart + at - damagedSince, isTail: false })
        damagedSince = undefined
      }
      yield { position: windowStart + at, payload: result.payload }
      at += result.bytes
      continue
    }
    // Also a record that seems to go on after the end may be a whole one behind a flipped length: look for the next one.
    damagedSince ??= windowStart + at
    const next = findMagic(window, at + 1)
    // The last three bytes may be the beginning of a magic that the next chunk completes.
    at = next >= 0 ? next : Math.max(at + 1, window.length - 3)
    if (next < 0 && windowStart + window.length >= endBytes) break
  }
  if (damagedSince !== undefined) onDamage({ position: damagedSince, bytes: endBytes - damagedSince, isTail: true })
}
