import { DatabaseSync } from 'node:sqlite'

const SCHEMA_VERSION = 2

// One B-tree ordered by (series, time): a point's history is one contiguous stretch, and writing a reading again replaces it.
const SCHEMA = `
CREATE TABLE reading (
  series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, text TEXT, bad TEXT,
  PRIMARY KEY (series, time)
) STRICT, WITHOUT ROWID;
-- Aggregates (history/block.ts). resolution: 1 = minutes, 15 = quarters of an hour, 1440 = days.
CREATE TABLE block (
  series INTEGER NOT NULL, resolution INTEGER NOT NULL, start INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (series, resolution, start)
) STRICT, WITHOUT ROWID;
-- Hours of a series written since they were last rolled up, set in the transaction that writes: their aggregates must not be trusted.
-- mark: grows with the turns of rolling up, so that an hour written to meanwhile is known by it; about the time of the last write.
CREATE TABLE dirty_hour (
  series INTEGER NOT NULL, hour INTEGER NOT NULL, mark INTEGER NOT NULL,
  PRIMARY KEY (series, hour)
) STRICT, WITHOUT ROWID;
-- What may be gone: readings and minutes before these times.
CREATE TABLE kept (id INTEGER PRIMARY KEY CHECK (id = 1), raw_since INTEGER NOT NULL, minute_since INTEGER NOT NULL) STRICT;
INSERT INTO kept (id, raw_since, minute_since) VALUES (1, 0, 0);
-- Log offsets stored so far, as ranges; kept in the transaction that stores their readings.
CREATE TABLE offset_range (
  node INTEGER NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (node, epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (id INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT;
`

/** Column `resolution` of a block. */
export const RESOLUTION_MINUTES = { '1m': 1, '15m': 15, '1d': 1440 } as const

/** Opens the store's file, creating it if needed. FULL: a batch answered as stored survives a power cut. Throws on another schema. */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  // Before anything else: the file of another program stays as it is.
  const isNew = versionOf(database) === 0
  if (!isNew) checkVersion(database, path)
  // A batch touches a page per point, so the default of 1,000 pages would checkpoint at nearly every batch.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -64000')
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_size_limit = 67108864')
  if (isNew) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  return database
}

/** Throws on a file that is missing, empty or of another schema. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true })
  checkVersion(database, path)
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -16000')
  return database
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version)
}

/** The start of the message for a file that this program cannot use, whatever is tried again. */
export const OTHER_SCHEMA = '读数文件的版本不符 / the readings file is of another version'

function checkVersion(database: DatabaseSync, path: string): void {
  const version = versionOf(database)
  if (version === SCHEMA_VERSION) return
  database.close()
  throw new Error(
    version > SCHEMA_VERSION
      ? `${OTHER_SCHEMA}: ${path} 由更新的程序写成，请升级程序 / was written by a newer program, upgrade this one (${version} > ${SCHEMA_VERSION})`
      : `${OTHER_SCHEMA}: ${path} 由旧的程序写成，请将其移走后重新启动，文件未改动 / was written by an older program, move it away and start again; it was not changed (${version} < ${SCHEMA_VERSION})`,
  )
}
