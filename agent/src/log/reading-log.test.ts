import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, cp, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LogDamage, LogError, type LogLoss, openReadingLog, type ReadingLog, type ReadingLogOptions } from './index.ts'
import type { LoggedScan, ScanRecord } from './scan-record.ts'

let folder: string
let losses: LogLoss[]
let damages: LogDamage[]
let warnings: string[]
const opened: ReadingLog[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-log-'))
  losses = []
  damages = []
  warnings = []
})
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close()
  await rm(folder, { recursive: true, force: true })
})

async function openLog(more: Partial<ReadingLogOptions> = {}): Promise<ReadingLog> {
  const log = await openReadingLog({
    folder,
    maxBytes: 1e9,
    maxAgeMs: 30 * 86_400_000,
    clock: { nowMs: () => Date.now() },
    events: {
      onLoss: (loss) => losses.push(loss),
      onDamage: (damage) => damages.push(damage),
      onWarning: (message) => warnings.push(message),
    },
    ...more,
  })
  opened.push(log)
  return log
}

const scan = (n: number, pad = ''): ScanRecord => ({
  device: 'ups1',
  timeMs: 1_700_000_000_000 + n,
  readings: [
    { key: '温度', value: n + 0.5, quality: 'good' },
    { key: 'status', value: `OL ${pad}`, quality: 'good' },
    { key: 'leak', value: false, quality: 'good' },
    { key: 'humidity', value: null, quality: 'bad', reason: 'sensor-error' },
    { key: 'count', value: -7, quality: 'bad', reason: 'out-of-range' },
  ],
})

async function append(log: ReadingLog, n: number): Promise<number> {
  return (await log.append(scan(n))).offset
}

async function readAll(log: ReadingLog, from = 1): Promise<LoggedScan[]> {
  const records: LoggedScan[] = []
  for await (const batch of log.readFrom(from)) records.push(...batch)
  return records
}

async function segmentFiles(): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith('.rklog'))
    .sort()
    .map((name) => join(folder, name))
}

/** Leaves the folder as a killed process would: the files as they are, the log never closed. */
async function copyAsKilled(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'roomkeeper-log-'))
  await cp(folder, copy, { recursive: true })
  await rm(join(copy, 'lock'), { force: true })
  return copy
}

describe('reading log', () => {
  it('gives back what was appended, in order, with growing offsets', async () => {
    const log = await openLog()
    const offsets = await Promise.all([1, 2, 3].map((n) => append(log, n)))
    expect(offsets).toEqual([1, 2, 3])
    expect(await readAll(log)).toEqual([1, 2, 3].map((n) => ({ ...scan(n), offset: n })))
    expect(await readAll(log, 3)).toHaveLength(1)
    expect(log.backlog).toBe(3)
  })

  it('keeps epoch, offsets and the committed offset over a reopening', async () => {
    const log = await openLog()
    for (let n = 1; n <= 5; n++) await log.append(scan(n))
    await log.commit(3)
    await log.close()
    const again = await openLog()
    expect(again.epoch).toBe(log.epoch)
    expect(again.committedOffset).toBe(3)
    expect(await append(again, 6)).toBe(6)
    expect((await readAll(again)).map((record) => record.offset)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('shares writes between scans that arrive together', async () => {
    let syncs = 0
    const log = await openLog({
      open: (async (path: string, flags: string, mode?: number) => {
        const file = await open(path, flags, mode)
        const sync = file.datasync.bind(file)
        file.datasync = () => {
          syncs++
          return sync()
        }
        return file
      }) as typeof open,
    })
    await Promise.all(Array.from({ length: 500 }, (_, n) => log.append(scan(n))))
    expect(syncs).toBeLessThan(10)
    expect(await readAll(log)).toHaveLength(500)
  })

  it('recovers from a tail torn at every byte of the last record, without ever using an offset twice', { timeout: 60_000 }, async () => {
    const log = await openLog()
    for (let n = 1; n <= 3; n++) await log.append(scan(n))
    const file = (await segmentFiles())[0] as string
    const before = (await stat(file)).size
    await log.append(scan(4))
    const after = (await stat(file)).size
    const original = folder
    for (let size = before; size < after; size++) {
      folder = original
      folder = await copyAsKilled()
      await truncate(file.replace(original, folder), size)
      warnings = []
      const torn = await openLog()
      expect((await readAll(torn)).map((record) => record.offset)).toEqual([1, 2, 3])
      // A tail cut exactly between two records leaves no trace; its offset was then never acknowledged on this boot.
      if (size > before) expect(warnings.join()).toContain('torn')
      const { offset, previousOffset } = await torn.append(scan(5))
      expect(previousOffset).toBe(3)
      if (size > before) expect(offset).toBeGreaterThan(4)
      expect((await readAll(torn)).map((record) => record.offset)).toEqual([1, 2, 3, offset])
      await torn.close()
      await rm(folder, { recursive: true })
    }
    folder = original
    expect(after - before).toBeGreaterThan(50)
  })

  it('skips offsets when the machine was restarted without a clean stop', async () => {
    const log = await openLog()
    for (let n = 1; n <= 3; n++) await log.append(scan(n))
    const original = folder
    folder = await copyAsKilled()
    const identity = JSON.parse(await readFile(join(folder, 'identity.json'), 'utf8'))
    await writeFile(join(folder, 'identity.json'), JSON.stringify({ ...identity, bootId: 'another boot' }))
    const again = await openLog()
    expect(await append(again, 4)).toBeGreaterThan(identity.reservedThrough)
    await again.close()
    await rm(folder, { recursive: true })
    folder = original
  })

  it.each([
    ['an older segment', 0],
    ['the last segment', -1],
  ])('loses only the record in which a bit flipped, in %s', { timeout: 30_000 }, async (_where, index) => {
    const log = await openLog({ segmentBytes: 2000 })
    for (let n = 1; n <= 100; n++) await log.append(scan(n))
    await log.close()
    const files = await segmentFiles()
    expect(files.length).toBeGreaterThan(3)
    const path = files.at(index) as string
    const length = (await stat(path)).size
    const pristine = `${path}.pristine`
    await copyFile(path, pristine)
    for (let position = 5; position < length / 2; position += 37) {
      const bytes = await readFile(pristine)
      bytes[position] = (bytes[position] as number) ^ 0x10
      await writeFile(path, bytes)
      damages = []
      const damaged = await openLog({ segmentBytes: 2000 })
      const offsets = (await readAll(damaged)).map((record) => record.offset)
      expect(offsets).toHaveLength(99)
      expect(damages).toEqual([expect.objectContaining({ segment: path, isTail: false })])
      expect(damaged.nextOffset).toBe(101)
      await damaged.close()
    }
  })

  it('deletes whole segments on commit, and never one that holds an uncommitted record', async () => {
    const log = await openLog({ segmentBytes: 2000 })
    for (let n = 1; n <= 100; n++) await log.append(scan(n))
    const before = (await segmentFiles()).length
    expect(await log.commit(50)).toBe('committed')
    expect((await segmentFiles()).length).toBeLessThan(before)
    expect(log.firstOffset).toBeGreaterThan(1)
    expect(log.firstOffset).toBeLessThanOrEqual(51)
    expect((await readAll(log)).at(-1)?.offset).toBe(100)
    expect(await log.commit(20)).toBe('unchanged')
    expect(await log.commit(100)).toBe('committed')
    expect(log.backlog).toBe(0)
    expect(losses).toEqual([])
  })

  it('notices a host that knows more than the log, and takes a new epoch', async () => {
    const log = await openLog()
    await log.append(scan(1))
    const epoch = log.epoch
    expect(await log.commit(2)).toBe('ahead')
    await log.renewEpoch()
    expect(log.epoch).not.toBe(epoch)
    expect(await readAll(log)).toHaveLength(1)
    await log.close()
    expect((await openLog()).epoch).toBe(log.epoch)
  })

  it('drops the oldest when it grows too big, and says so before', async () => {
    const filesAtLoss: number[] = []
    const log = await openLog({
      segmentBytes: 2000,
      maxBytes: 10_000,
      events: {
        onLoss: (loss) => {
          losses.push(loss)
          filesAtLoss.push(log.firstOffset)
        },
        onDamage: () => {},
        onWarning: () => {},
      },
    })
    for (let n = 1; n <= 200; n++) await log.append(scan(n))
    expect(losses.length).toBeGreaterThan(1)
    expect(losses[0]).toMatchObject({ firstOffset: 1, why: 'size' })
    expect(filesAtLoss[0]).toBe(1)
    expect(losses.at(-1)?.lastOffset).toBe(log.firstOffset - 1)
    expect(log.bytes).toBeLessThanOrEqual(12_500)
    const offsets = (await readAll(log)).map((record) => record.offset)
    expect(offsets[0]).toBe(log.firstOffset)
    expect(offsets.at(-1)).toBe(200)
  })

  it('drops too old segments one in each call', async () => {
    let nowMs = Date.now()
    const log = await openLog({ segmentBytes: 2000, maxAgeMs: 1000, clock: { nowMs: () => nowMs } })
    for (let n = 1; n <= 100; n++) await log.append(scan(n))
    const before = (await segmentFiles()).length
    await log.enforceAge()
    expect((await segmentFiles()).length).toBe(before)
    nowMs += 5000
    await log.enforceAge()
    expect((await segmentFiles()).length).toBe(before - 1)
    expect(losses).toEqual([expect.objectContaining({ firstOffset: 1, why: 'age' })])
  })

  it('refuses a second agent in the same folder', async () => {
    await openLog()
    await expect(openLog()).rejects.toMatchObject({ name: 'LogError', kind: 'locked' })
  })

  it('starts a new epoch when the identity is damaged, and keeps the records', async () => {
    const log = await openLog()
    await log.append(scan(1))
    await log.close()
    await writeFile(join(folder, 'identity.json'), '{"epo')
    const again = await openLog()
    expect(again.epoch).not.toBe(log.epoch)
    expect(await readAll(again)).toHaveLength(1)
    expect(await append(again, 2)).toBe(2)
  })

  it.each(['write', 'datasync'] as const)('rejects with a name when %s fails, and goes on afterwards', async (call) => {
    let isFailing = false
    const log = await openLog({
      open: (async (path: string, flags: string, mode?: number) => {
        const file = await open(path, flags, mode)
        const original = file[call].bind(file) as (...args: unknown[]) => Promise<unknown>
        Object.assign(file, {
          [call]: (...args: unknown[]) =>
            isFailing ? Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' })) : original(...args),
        })
        return file
      }) as typeof open,
    })
    await log.append(scan(1))
    isFailing = true
    await expect(log.append(scan(2))).rejects.toMatchObject({ kind: 'disk-full' })
    await expect(log.append(scan(3))).rejects.toBeInstanceOf(LogError)
    isFailing = false
    const offset = await append(log, 4)
    expect((await readAll(log)).map((record) => [record.offset, record.timeMs])).toEqual([
      [1, scan(1).timeMs],
      [offset, scan(4).timeMs],
    ])
    await log.close()
    const offsets = (await readAll(await openLog())).map((record) => record.offset)
    expect(new Set(offsets).size).toBe(offsets.length)
    expect(offsets).toContain(offset)
  })

  it('keeps every acknowledged offset when its process is killed', { timeout: 60_000 }, async () => {
    const acknowledged = new Map<number, number>()
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'appending-child.ts'), folder, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      const enough = 300 + round * 170
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          if (text.length > enough) resolve()
        })
      })
      child.kill('SIGKILL')
      await once(child, 'close')
      // The last line may have been cut by the kill.
      for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
        const [offset, timeMs] = line.split(' ').map(Number) as [number, number]
        expect(acknowledged.has(offset)).toBe(false)
        acknowledged.set(offset, timeMs)
      }
    }
    const log = await openLog()
    const found = new Map((await readAll(log)).map((record) => [record.offset, record.timeMs]))
    expect(acknowledged.size).toBeGreaterThan(100)
    for (const [offset, timeMs] of acknowledged) expect(found.get(offset)).toBe(timeMs)
    expect(damages.filter((damage) => !damage.isTail)).toEqual([])
  })
})
