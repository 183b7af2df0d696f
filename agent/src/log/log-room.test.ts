import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FaultBook } from '../faults/fault-book.ts'
import { openReadingLog, type ReadingLog } from './index.ts'
import { LogRoom } from './log-room.ts'

const MAX_BYTES = 200_000
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-room-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('tells that the log fills before it thins, thins before anything is dropped, and is quiet again when the server has taken all', async () => {
  /** What people saw, in the order in which it came. */
  const told: string[] = []
  const faults: FaultBook = new FaultBook(() => {
    for (const { kind } of faults.list()) if (!told.includes(kind)) told.push(kind)
  })
  let drops = 0
  let readingLog: ReadingLog | undefined
  const room = new LogRoom({
    folder,
    maxBytes: MAX_BYTES,
    clock: { monotonicMs: () => performance.now() },
    log: pino({ level: 'silent' }),
    faults,
    readingLog: () => readingLog,
    checkMs: 3_600_000,
  })
  readingLog = await openReadingLog({
    folder,
    maxBytes: MAX_BYTES,
    maxAgeMs: 1e15,
    segmentBytes: MAX_BYTES / 16,
    clock: { nowMs: () => 1e12 },
    events: { onLoss: () => drops++, onThinned: (thinned) => room.onThinned(thinned), onDamage: () => {}, onWarning: () => {} },
  })
  room.start()
  let largest = 0
  let backlog = 0
  for (let n = 0; n < 16_000; n += 100) {
    const log = readingLog
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => {
        // One alarm record in a thousand.
        const value = (n + i) % 1000 === 500 ? 45 : 22 + ((n + i) % 7) / 10
        const readings = [{ key: 'temperature', value, quality: 'good' as const }]
        return log.append({ device: 'd', timeMs: 1e12 + (n + i) * 10_000, readings })
      }),
    )
    await room.check()
    largest = Math.max(largest, readingLog.bytes)
    backlog = Math.max(backlog, readingLog.backlog)
  }
  expect(told).toEqual(['log-filling', 'log-thinned'])
  expect(drops).toBe(0)
  expect(largest).toBeLessThan(MAX_BYTES)
  // Four times as much as fits in full.
  expect(backlog * 50).toBeGreaterThan(MAX_BYTES * 3.5)
  const alarms: number[] = []
  for await (const batch of readingLog.readFrom(1)) {
    for (const { offset, readings } of batch) if (readings[0]?.value === 45) alarms.push(offset - 1)
  }
  expect(alarms).toEqual(Array.from({ length: 16 }, (_, i) => i * 1000 + 500))
  await readingLog.commit(readingLog.nextOffset - 1)
  await room.check()
  expect(faults.list().map(({ kind }) => kind)).toEqual(['log-thinned'])
  await room.stop()
  await readingLog.close()
})
