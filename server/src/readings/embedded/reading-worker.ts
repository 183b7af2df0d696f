// Worker thread with a connection of its own that only reads: a long export never holds up writing (WAL) nor the event loop.
import type { DatabaseSync } from 'node:sqlite'
import { historyOf, lastTextBeforeOf, rawReadingsOf, storedOffsetsOf } from './queries.ts'
import { openForReading } from './schema.ts'
import type { ReaderRequests } from './worker-requests.ts'
import { opened, serveRequests } from './worker-server.ts'

let database: DatabaseSync | undefined

serveRequests<ReaderRequests>({
  open: ({ path }) => {
    database?.close()
    database = undefined
    database = openForReading(path)
    return undefined
  },
  history: (query) => historyOf(opened(database), query),
  raw: (query) => rawReadingsOf(opened(database), query),
  lastTextBefore: (range) => lastTextBeforeOf(opened(database), range),
  storedOffsets: (log) => storedOffsetsOf(opened(database), log),
  close: () => {
    database?.close()
    database = undefined
    return undefined
  },
})
