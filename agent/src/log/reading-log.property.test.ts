import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openReadingLog, type ReadingLog } from './index.ts'
import type { LoggedScan } from './scan-record.ts'

/** What may happen to a log, in any order. Fractions choose a place in what is there. */
type Step =
  | { kind: 'append'; states: boolean[] }
  | { kind: 'commit'; at: number }
  | { kind: 'reopen' }
  /** The process is killed; `tail`: bytes of a write that was under way. */
  | { kind: 'crash'; tail: Uint8Array; sameBoot: boolean }
  | { kind: 'flip'; segment: number; at: number; bit: number }
  | { kind: 'thin' }
  | { kind: 'renewEpoch' }

const fraction = fc.double({ min: 0, max: 0.999, noNaN: true })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('append' as const), states: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), tail: fc.uint8Array({ maxLength: 50 }), sameBoot: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('flip' as const), segment: fraction, at: fraction, bit: fc.integer({ min: 0, max: 7 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('thin' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renewEpoch' as const) }) },
)

interface Acknowledged {
  offset: number
  timeMs: number
  state: boolean
}

/** The log beside a model of it: everything acknowledged, and what was done to it. */
class Trial {
  folder: string
  log!: ReadingLog
  readonly acknowledged: Acknowledged[] = []
  committed = 0
  flips = 0
  isThinned = false
  losses = 0
  private count = 0
  private readonly folders: string[] = []

  constructor(folder: string) {
    this.folder = folder
    this.folders.push(folder)
  }

  async open(): Promise<void> {
    this.log = await openReadingLog({
      folder: this.folder,
      maxBytes: 1e9,
      maxAgeMs: 1e15,
      segmentBytes: 1500,
      clock: { nowMs: () => 1e12 },
      events: { onLoss: () => this.losses++, onDamage: () => {}, onWarning: () => {} },
    })
  }

  async do(next: Step): Promise<void> {
    switch (next.kind) {
      case 'append':
        await Promise.all(next.states.map((state) => this.append(state)))
        return
      case 'commit': {
        const entry = this.acknowledged[Math.floor(next.at * this.acknowledged.length)]
        if (entry === undefined) return
        await this.log.commit(entry.offset)
        this.committed = Math.max(this.committed, entry.offset)
        return
      }
      case 'reopen':
        await this.log.close()
        await this.open()
        return
      case 'crash':
        return this.crash(next.tail, next.sameBoot)
      case 'flip':
        return this.flip(next)
      case 'thin':
        if ((await this.log.thinOldest()) !== undefined) this.isThinned = true
        return
      case 'renewEpoch':
        await this.log.renewEpoch()
        // A new host asks for everything that is left.
        return
    }
  }

  private async append(state: boolean): Promise<void> {
    const timeMs = 1e12 + 10_000 * this.count++
    const readings = [{ key: 'state', value: state, quality: 'good' as const }]
    const { offset } = await this.log.append({ device: 'd', timeMs, readings })
    this.acknowledged.push({ offset, timeMs, state })
  }

  /** Goes on with a copy of the files as a killed process leaves them. */
  private async crash(tail: Uint8Array, sameBoot: boolean): Promise<void> {
    const copy = await mkdtemp(join(tmpdir(), 'roomkeeper-property-'))
    await cp(this.folder, copy, { recursive: true })
    await rm(join(copy, 'lock'), { force: true })
    await this.log.close()
    this.folder = copy
    this.folders.push(copy)
    const newest = (await this.segments()).at(-1)
    if (newest) await appendFile(newest, tail)
    if (!sameBoot) {
      const path = join(copy, 'identity.json')
      await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), bootId: 'another' }))
    }
    await this.open()
  }

  private async flip({ segment, at, bit }: Extract<Step, { kind: 'flip' }>): Promise<void> {
    await this.log.close()
    const paths = await this.segments()
    const path = paths[Math.floor(segment * paths.length)]
    const bytes = path ? await readFile(path) : Buffer.alloc(0)
    if (path && bytes.length > 0) {
      const place = Math.floor(at * bytes.length)
      bytes[place] = (bytes[place] as number) ^ (1 << bit)
      await writeFile(path, bytes)
      this.flips++
    }
    await this.open()
  }

  private async segments(): Promise<string[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.rklog'))
    return names.sort().map((name) => join(this.folder, name))
  }

  async check(): Promise<void> {
    const read: LoggedScan[] = []
    for await (const batch of this.log.readFrom(1)) read.push(...batch)
    const offsets = read.map(({ offset }) => offset)
    for (let i = 1; i < offsets.length; i++) expect(offsets[i]).toBeGreaterThan(offsets[i - 1] as number)
    const left = new Map(read.map((record) => [record.offset, record]))
    let missing = 0
    this.acknowledged.forEach((entry, i) => {
      const before = this.acknowledged[i - 1]
      if (before) expect(entry.offset).toBeGreaterThan(before.offset)
      const found = left.get(entry.offset)
      if (found) {
        expect(found.timeMs).toBe(entry.timeMs)
        expect(found.readings[0]?.value).toBe(entry.state)
        return
      }
      if (entry.offset <= this.committed) return
      const after = this.acknowledged[i + 1]
      const isEdge = before?.state !== entry.state || (after !== undefined && after.state !== entry.state)
      if (isEdge || !this.isThinned) missing++
    })
    expect(missing).toBeLessThanOrEqual(this.flips)
    expect(this.losses).toBe(0)
    const known = this.acknowledged.at(-1)
    if (known) expect(this.log.nextOffset).toBeGreaterThan(known.offset)
  }

  async dispose(): Promise<void> {
    await this.log.close()
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true })
  }
}

it('loses nothing that was acknowledged and not committed, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const trial = new Trial(await mkdtemp(join(tmpdir(), 'roomkeeper-property-')))
      await trial.open()
      try {
        for (const next of steps) {
          await trial.do(next)
          await trial.check()
        }
      } finally {
        await trial.dispose()
      }
    }),
    { numRuns: Number(process.env.ROOMKEEPER_PROPERTY_RUNS ?? 60), interruptAfterTimeLimit: 100_000 },
  )
})
