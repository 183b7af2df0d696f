import { DatabaseSync } from 'node:sqlite'

const SCHEMA_VERSION = 1

// One B-tree ordered by (series, time): a point's history is one contiguous stretch, and writing a reading again replaces it.
const SCHEMA = `
CREATE TABLE reading (
  series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, text TEXT, bad TEXT,
  PRIMARY KEY (series, time)
) STRICT, WITHOUT ROWID;
-- Aggregates of the good numbers per 5 minutes and per hour.
CREATE TABLE rollup_5m (
  series INTEGER NOT NULL, time INTEGER NOT NULL, min REAL, mean REAL, max REAL, count INTEGER NOT NULL, bad INTEGER NOT NULL,
  PRIMARY KEY (series, time)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_1h (
  series INTEGER NOT NULL, time INTEGER NOT NULL, min REAL, mean REAL, max REAL, count INTEGER NOT NULL, bad INTEGER NOT NULL,
  PRIMARY KEY (series, time)
) STRICT, WITHOUT ROWID;
-- Hours of a series written since they were last rolled up, set in the transaction that writes: their rollups must not be trusted.
CREATE TABLE dirty_hour (series INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (series, hour)) STRICT, WITHOUT ROWID;
-- Log offsets stored so far, as ranges; kept in the transaction that stores their readings.
CREATE TABLE offset_range (
  node INTEGER NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (node, epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (id INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT;
`

/** Opens the store's file, creating it if needed. FULL: a batch answered as stored survives a power cut. Throws on a newer schema. */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  // A batch touches a page per point, so the default of 1,000 pages would checkpoint at nearly every batch.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -64000')
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_size_limit = 67108864')
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  if (version > SCHEMA_VERSION) {
    database.close()
    throw new Error(`${path} was written by a newer version (schema ${version}, this program knows ${SCHEMA_VERSION})`)
  }
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  return database
}

export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true })
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -16000')
  return database
}
