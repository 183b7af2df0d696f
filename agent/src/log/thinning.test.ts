import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openReadingLog, type ReadingLog, type ReadingLogOptions } from './index.ts'
import type { LogThinned } from './log-options.ts'
import type { LoggedScan, Reading, ScanRecord } from './scan-record.ts'

const START_MS = 1_800_000_000_000
let folder: string
let thinned: LogThinned[]
let losses: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-thin-'))
  thinned = []
  losses = 0
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (more: Partial<ReadingLogOptions> = {}): Promise<ReadingLog> =>
  openReadingLog({
    folder,
    maxBytes: 1e9,
    maxAgeMs: 1e12,
    segmentBytes: 30_000,
    clock: { nowMs: () => START_MS },
    events: {
      onLoss: () => losses++,
      onThinned: (thinning) => thinned.push(thinning),
      onDamage: () => expect.fail('nothing is damaged'),
      onWarning: (message) => expect.fail(message),
    },
    ...more,
  })

async function readAll(log: ReadingLog): Promise<LoggedScan[]> {
  const records: LoggedScan[] = []
  for await (const batch of log.readFrom(1)) records.push(...batch)
  return records
}

/** A scan each 10 s: a temperature that breathes by the hour, a status, a contact; `n` is the scan's number. */
function scan(n: number, change: Partial<Record<'temperature' | 'status' | 'leak', Partial<Reading>>> = {}): ScanRecord {
  return {
    device: 'probe',
    timeMs: START_MS + n * 10_000,
    readings: [
      { key: 'temperature', value: 22 + Math.sin(n / 57) + ((n * 7) % 5) / 20, quality: 'good', ...change.temperature },
      { key: 'status', value: 'OL', quality: 'good', ...change.status },
      { key: 'leak', value: false, quality: 'good', ...change.leak },
    ] as Reading[],
  }
}

async function fill(log: ReadingLog, scans: readonly ScanRecord[]): Promise<void> {
  for (let i = 0; i < scans.length; i += 100) await Promise.all(scans.slice(i, i + 100).map((entry) => log.append(entry)))
}

async function thinAll(log: ReadingLog): Promise<number> {
  for (let calls = 0; ; calls++) if ((await log.thinOldest()) === undefined) return calls
}

/** Twelve hours, with an outage, a leak, a hot spell, a sensor fault and a spike in it. */
const EVENTS = {
  outage: [700, 760],
  leak: [1200, 1230],
  hot: [2000, 2060],
  fault: [2600, 2640],
  spike: [3200, 3201],
} as const
const isIn = (n: number, [from, to]: readonly [number, number]): boolean => n >= from && n < to
const HALF_A_DAY = Array.from({ length: 4320 }, (_, n) =>
  scan(n, {
    ...(isIn(n, EVENTS.outage) && { status: { value: 'OB DISCHRG' } }),
    ...(isIn(n, EVENTS.leak) && { leak: { value: true } }),
    ...(isIn(n, EVENTS.hot) && { temperature: { value: 31 + n / 1000 } }),
    ...(isIn(n, EVENTS.fault) && { temperature: { value: null, quality: 'bad' as const, reason: 'sensor-error' as const } }),
    ...(isIn(n, EVENTS.spike) && { temperature: { value: 45 } }),
  }),
)

describe('thinning', () => {
  it('keeps every record of every event, with the one before and after it, and one in a minute of the rest', async () => {
    const log = await open()
    await fill(log, HALF_A_DAY)
    const before = log.bytes
    const closed = (await readdir(folder)).filter((name) => name.endsWith('.rklog')).length - 1
    for (let i = 0; i < closed; i++) expect(await log.thinOldest()).toMatchObject({ windowMs: 60_000 })
    await log.close()
    const again = await open()
    const left = new Map((await readAll(again)).map((record) => [(record.timeMs - START_MS) / 10_000, record]))
    for (const [from, to] of Object.values(EVENTS)) {
      for (let n = from; n < to; n++) expect(left.get(n)?.readings, `scan ${n}`).toEqual(HALF_A_DAY[n]?.readings)
    }
    // States have edges on both sides; a number that only moved has its neighbours within the minute.
    for (const [from, to] of [EVENTS.outage, EVENTS.leak, EVENTS.fault]) {
      expect(left.has(from - 1)).toBe(true)
      expect(left.has(to)).toBe(true)
    }
    expect(again.bytes).toBeLessThan(before / 3)
    // Between two that are left there is never more than a whole window, 6 scans on either side.
    const times = [...left.keys()].sort((a, b) => a - b)
    for (let i = 1; i < times.length; i++) expect((times[i] as number) - (times[i - 1] as number)).toBeLessThanOrEqual(6)
    expect(losses).toBe(0)
    await again.close()
  })

  it('thins the oldest first, all of it once before any of it twice, and never what is being written', async () => {
    const log = await open()
    await fill(log, HALF_A_DAY)
    const newest = (await readAll(log)).at(-1)?.offset
    const calls = await thinAll(log)
    expect(thinned.map(({ windowMs }) => windowMs)).toEqual([
      ...Array.from({ length: calls / 2 }, () => 60_000),
      ...Array.from({ length: calls / 2 }, () => 600_000),
    ])
    const firsts = thinned.slice(0, calls / 2).map(({ firstOffset }) => firstOffset)
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
    expect(log.nextOffset).toBe(4321)
    const records = await readAll(log)
    expect(records.at(-1)?.offset).toBe(newest)
    expect(records.length).toBeLessThan(HALF_A_DAY.length / 5)
    expect(await log.append(scan(5000))).toMatchObject({ offset: 4321, previousOffset: 4320 })
    await log.close()
  })

  it('survives a stop at every step: either form of a segment counts, never both and never none', async () => {
    const log = await open()
    await fill(log, HALF_A_DAY)
    const original = folder
    const full = await mkdtemp(join(tmpdir(), 'roomkeeper-thin-'))
    await cp(folder, full, { recursive: true })
    const whole = (await readAll(log)).map(({ offset }) => offset)
    await log.thinOldest()
    const afterThinning = (await readAll(log)).map(({ offset }) => offset)
    await log.close()
    try {
      // Renamed, the old one not yet deleted.
      const name = (await readdir(folder)).find((entry) => entry.includes('.t1.')) as string
      await cp(join(full, name.replace('.t1', '')), join(folder, name.replace('.t1', '')))
      // Another one under way.
      await writeFile(join(folder, '0000000000000400.t1.rklog.tmp'), 'half')
      const again = await open()
      expect((await readAll(again)).map(({ offset }) => offset)).toEqual(afterThinning)
      expect((await readdir(folder)).filter((entry) => entry.startsWith(name.slice(0, 16)) || entry.endsWith('.tmp'))).toEqual([name])
      await again.close()
      expect(afterThinning.length).toBeLessThan(whole.length)
      expect(whole).toEqual(expect.arrayContaining(afterThinning))
    } finally {
      folder = original
      await rm(full, { recursive: true, force: true })
    }
  })

  it('goes on while scans are appended, committed and replayed', async () => {
    const log = await open()
    await fill(log, HALF_A_DAY)
    const replayed: number[] = []
    const reading = (async () => {
      for await (const batch of log.readFrom(1)) {
        replayed.push(...batch.map(({ offset }) => offset))
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
    })()
    const appending = fill(
      log,
      Array.from({ length: 500 }, (_, n) => scan(4320 + n)),
    )
    const thinning = thinAll(log)
    await log.commit(600)
    await Promise.all([reading, appending, thinning])
    expect(replayed).toEqual(replayed.toSorted((a, b) => a - b))
    const events = new Set(replayed)
    for (let n = EVENTS.leak[0]; n < EVENTS.spike[1]; n++) {
      if (Object.values(EVENTS).some((event) => isIn(n, event))) expect(events.has(n + 1), `scan ${n}`).toBe(true)
    }
    expect((await readAll(log)).at(-1)?.offset).toBe(4820)
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await log.close()
  })
})
