// Worker thread that owns the writing connection: fsync and upkeep must not hold up the server's event loop.
import type { DatabaseSync } from 'node:sqlite'
import { BatchWriting } from './batch-writing.ts'
import { moveKept, purgeSome, putBlocks } from './maintenance.ts'
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
  beginTurn: ({ nowMs, endedByMs }) => opened(open).batches.beginTurn(nowMs, endedByMs),
  put: ({ blocks, marks }) => {
    putBlocks(opened(open).database, blocks, marks)
    return undefined
  },
  moveKept: ({ kind, beforeMs }) => {
    moveKept(opened(open).database, kind, beforeMs)
    return undefined
  },
  purge: ({ kind, beforeMs, afterSeries }) => ({ nextSeries: purgeSome(opened(open).database, kind, beforeMs, afterSeries) }),
  close: () => {
    open?.database.close()
    open = undefined
    return undefined
  },
})
