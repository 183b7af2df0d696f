import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Influx1Config, ReadingStoreConfig } from '../../server/src/readings/config.ts'
import { openTarget } from '../../server/src/readings/copy/open-side.ts'
import type { RollupTarget } from '../../server/src/readings/copy/rollup-copying.ts'
import { createReadingStore } from '../../server/src/readings/create-reading-store.ts'
import type { HistorySettings } from '../../server/src/readings/history/history-settings.ts'
import * as influxql from '../../server/src/readings/influx1/influxql.ts'
import type { ReadingStore } from '../../server/src/readings/reading-store.ts'
import { cpuSeconds, startInfluxd } from '../kit/services/influxd.ts'

/** A store for the bench with what lies behind it. */
export interface BenchStore {
  kind: 'embedded' | 'influx1'
  /** A store on the same files, with a clock that the bench moves. */
  open(nowMs: () => number, history: HistorySettings): Promise<ReadingStore>
  /** A way to put blocks; the store must have been open once. */
  rollups(): Promise<{ rollups: RollupTarget; close(): Promise<void> }>
  /** For the server's process. */
  env: Record<string, string>
  /** Forgets that hours before a time are to be rolled up: their blocks were put. The store must be closed. */
  forgetMarks(beforeMs: number): Promise<void>
  /** Of the files, once what waits in memory and logs is written out; the store must be closed. */
  bytesOnDisk(): Promise<number>
  /** CPU seconds of the database's own process so far; 0 where it has none. */
  databaseCpuSeconds(): Promise<number>
  dispose(): Promise<void>
}

const SETTLE_MS = 600_000

/** `isKept`: its files stay in the folder, and those of an earlier run are used. */
export async function openBenchStore(kind: BenchStore['kind'], dataDir: string, isKept: boolean): Promise<BenchStore> {
  return kind === 'embedded' ? embeddedStore(dataDir, isKept) : influxStore(dataDir, isKept)
}

async function open(config: ReadingStoreConfig, nowMs: () => number, history: HistorySettings): Promise<ReadingStore> {
  const onMaintenanceFailure = (error: unknown): void => console.error(error)
  const store = createReadingStore(config, { nowMs, onMaintenanceFailure, history })
  const started = await store.start()
  if (started.kind !== 'ready') throw new Error(started.reason)
  return store
}

async function rollupsOf(config: ReadingStoreConfig): Promise<{ rollups: RollupTarget; close(): Promise<void> }> {
  const opened = await openTarget(config)
  if ('reason' in opened) throw new Error(opened.reason)
  return opened
}

async function embeddedStore(dataDir: string, isKept: boolean): Promise<BenchStore> {
  const path = join(dataDir, 'readings.db')
  const config: ReadingStoreConfig = { kind: 'embedded', path }
  return {
    kind: 'embedded',
    open: (nowMs, history) => open(config, nowMs, history),
    rollups: () => rollupsOf(config),
    env: {},
    bytesOnDisk: async () => (await stat(path)).size,
    databaseCpuSeconds: async () => 0,
    forgetMarks: async (beforeMs) => {
      const database = new DatabaseSync(path)
      database.prepare('DELETE FROM dirty_hour WHERE hour < ?').run(beforeMs)
      database.close()
    },
    dispose: async () => {
      if (isKept) return
      for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true })
    },
  }
}

async function influxStore(dataDir: string, isKept: boolean): Promise<BenchStore> {
  // Its caches are written out and its files compacted soon after the last write, so that their size can be told.
  const data = { 'cache-snapshot-write-cold-duration': '3s', 'compact-full-write-cold-duration': '10s', 'max-values-per-tag': 0 }
  const influxd = await startInfluxd({
    config: { data },
    ...(isKept ? { keptDir: join(dataDir, 'influxd'), startTimeoutMs: 120_000 } : { parentDir: dataDir }),
  })
  const config: Influx1Config = { kind: 'influx1', url: influxd.url, database: 'roomkeeper', requestTimeoutMs: 60_000 }
  return {
    kind: 'influx1',
    open: (nowMs, history) => open(config, nowMs, history),
    rollups: () => rollupsOf(config),
    env: { ROOMKEEPER_INFLUX_URL: influxd.url, ROOMKEEPER_INFLUX_VERSION: '1' },
    bytesOnDisk: () => settledBytes(influxd.dir),
    databaseCpuSeconds: () => cpuSeconds(influxd.pid() as number),
    forgetMarks: async (beforeMs) => {
      const url = new URL('/query', influxd.url)
      url.searchParams.set('db', config.database)
      url.searchParams.set('q', influxql.deleteMarks({ fromMs: 0, toMs: beforeMs }))
      const answer = await fetch(url, { method: 'POST' })
      if (!answer.ok) throw new Error(await answer.text())
    },
    dispose: () => influxd.dispose(),
  }
}

/** The size once it has not changed for a while. */
async function settledBytes(folder: string): Promise<number> {
  const deadlineMs = performance.now() + SETTLE_MS
  let [bytes, sinceMs] = [await bytesIn(folder), performance.now()]
  while (performance.now() < deadlineMs && performance.now() - sinceMs < 15_000) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const now = await bytesIn(folder)
    if (now !== bytes) [bytes, sinceMs] = [now, performance.now()]
  }
  return bytes
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    // Files of a compaction come and go meanwhile.
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  }
  return bytes
}
