// Worker thread that owns the writing connection: fsync and rollups must not hold up the server's event loop.
import type { DatabaseSync } from 'node:sqlite'
import { BatchWriting } from './batch-writing.ts'
import { purgeSome, rollUpSome } from './maintenance.ts'
import { openForWriting } from './schema.ts'
import type { WriterRequests } from './worker-requests.ts'
import { opened, serveRequests } from './worker-server.ts'

let open: { database: DatabaseSync; batches: BatchWriting } | undefined

serveRequests<WriterRequests>({
  open: ({ path }) => {
    open?.database.close()
    open = undefined
    const database = openForWriting(path)
    open = { database, batches: new BatchWriting(database) }
    return undefined
  },
  write: (batch) => {
    opened(open).batches.write(batch)
    return undefined
  },
  probe: ({ nowMs }) => {
    opened(open).database.prepare('INSERT OR REPLACE INTO probe (id, time) VALUES (1, ?)').run(Math.trunc(nowMs))
    return undefined
  },
  rollUp: ({ nowMs }) => {
    const { database, batches } = opened(open)
    return { more: rollUpSome(database, batches, nowMs) }
  },
  purge: ({ beforeMs, afterSeries }) => ({ nextSeries: purgeSome(opened(open).database, beforeMs, afterSeries) }),
  close: () => {
    open?.database.close()
    open = undefined
    return undefined
  },
})
