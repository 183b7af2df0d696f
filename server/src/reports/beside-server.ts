import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ConfigError, loadConfig } from '../config/load-config.ts'
import type { ServerConfig } from '../config/settings.ts'
import { storeConfigOf } from '../config/store-config.ts'
import { openUnchanged, SCHEMA_VERSION } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { Directory } from '../ingest/directory.ts'
import type { PointEntry } from '../ingest/entries.ts'
import { historySettingsOf } from '../ingest/history-settings.ts'
import { createReadingStore } from '../readings/create-reading-store.ts'
import type { ReadingStore } from '../readings/reading-store.ts'

/** Runs `work` on the configured database, which is never migrated or created here. Answers the exit code: 2 where configuration or database do not fit. */
export async function withDatabase(work: (db: Db, config: ServerConfig) => Promise<number>): Promise<number> {
  let config: ServerConfig
  try {
    config = loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`设置有误 / The configuration is wrong:\n${error.problems.join('\n')}`)
    return 2
  }
  const location = config.databaseUrl ?? join(config.dataDir, 'roomkeeper.db')
  // A mistyped folder must not become an empty database.
  if (config.databaseUrl === undefined && !(await stat(location).catch(() => undefined))) {
    console.error(`没有数据库：${location} / There is no database: ${location}`)
    return 2
  }
  // Never migrated here: the server may be running beside, and be of another version.
  const opened = await openUnchanged(location).catch((error: Error) => error)
  if (opened instanceof Error) {
    console.error(`数据库打不开 / The database cannot be opened: ${opened.message}`)
    return 2
  }
  const { db, version } = opened
  try {
    if (version !== SCHEMA_VERSION) {
      console.error(
        `数据库结构为 ${version}，本程序为 ${SCHEMA_VERSION}：请先用同版本启动一次服务器 / The database has schema ${version}, this program knows ${SCHEMA_VERSION}: start the server of this version once`,
      )
      return 2
    }
    return await work(db, config)
  } finally {
    await db.destroy()
  }
}

/** Opens the readings store and the points beside a running server; says so on stderr where the store is away, and goes on. */
export async function withReadings(
  db: Db,
  config: ServerConfig,
  work: (store: ReadingStore, points: PointEntry[]) => Promise<number>,
): Promise<number> {
  const directory = new Directory(db)
  await directory.load()
  const history = historySettingsOf({ db, nowMs: Date.now, timeZone: config.timeZone, directory })
  const store = createReadingStore(storeConfigOf(config), { nowMs: Date.now, onMaintenanceFailure: () => undefined, history })
  const started = await store.startReading()
  try {
    if (started.kind !== 'ready') console.error(`读数库不可用 / The readings store is not available: ${started.reason}`)
    return await work(store, [...directory.points.values()])
  } finally {
    await store.stop()
  }
}

/** Exit code 0: written whole; 1: nothing was. Half a report must not look like one, nor take the place of an older one. */
export async function writeReport(out: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const unfinished = `${out}.part`
  try {
    await pipeline(Readable.from(chunks), createWriteStream(unfinished))
    await rename(unfinished, out)
  } catch (error) {
    await rm(unfinished, { force: true })
    console.error(`未能写入 ${out} / Could not be written: ${(error as Error).message}`)
    return 1
  }
  console.log(`已写入 / Written: ${out}`)
  return 0
}
