import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import type { PointHandle } from '../../server/src/readings/scan.ts'
import { device, readingStoreContract, scan } from '../kit/readings-contract.ts'

const failing = (error: unknown): void => console.error(error)

readingStoreContract('embedded', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-readings-'))
  const path = join(dir, 'readings.db')
  let locker: DatabaseSync | undefined
  return {
    open: () => new EmbeddedStore({ kind: 'embedded', path }, { nowMs: Date.now, onMaintenanceFailure: failing }),
    // Another program holding the file's write lock is how a SQLite file is away.
    takeAway: async () => {
      locker = new DatabaseSync(path)
      locker.exec('BEGIN IMMEDIATE')
    },
    bringBack: async () => {
      locker?.exec('ROLLBACK')
      locker?.close()
    },
    maintain: (store) => (store as EmbeddedStore).maintain(),
    dispose: () => rm(dir, { recursive: true, force: true }),
  }
})

describe('embedded', () => {
  it('a folder that does not exist is a configuration error that names the file', async () => {
    const path = '/nonexistent-roomkeeper/readings.db'
    const store = new EmbeddedStore({ kind: 'embedded', path }, { nowMs: Date.now, onMaintenanceFailure: failing })
    expect(await store.start()).toMatchObject({ kind: 'configuration', reason: expect.stringContaining(path) })
    await store.stop()
  })

  it('purges raw readings beyond the retention and keeps their history', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-readings-'))
    const nowMs = Date.UTC(2026, 5, 1)
    const store = new EmbeddedStore(
      { kind: 'embedded', path: join(dir, 'readings.db'), retentionMs: 86_400_000 },
      { nowMs: () => nowMs, onMaintenanceFailure: failing },
    )
    try {
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      const fromMs = nowMs - 10 * 86_400_000
      // More than one purge step's worth of old readings.
      const scans = Array.from({ length: 14_400 }, (_, i) => scan(sensor, fromMs + i * 60_000, [i]))
      expect(await store.write(scans)).toEqual({ kind: 'stored' })
      const before = await store.history({ point, fromMs, toMs: nowMs, maxBuckets: 100 })
      await store.maintain()
      const left = await store.raw({ point, fromMs: 0, toMs: nowMs, limit: 100_000 })
      expect(left).toHaveLength(1440)
      const after = await store.history({ point, fromMs, toMs: nowMs, maxBuckets: 100 })
      // Means of means differ in the last bits.
      const rounded = (history: typeof after) => history.buckets.map((bucket) => ({ ...bucket, mean: bucket.mean?.toFixed(6) }))
      expect(rounded(after)).toEqual(rounded(before))
      expect(after.buckets.length).toBeGreaterThan(50)
    } finally {
      await store.stop()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
