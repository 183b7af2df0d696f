import { parentPort, workerData } from 'node:worker_threads'
import { readSheet } from 'read-excel-file/node'
import type { SheetAnswer } from './read-sheet.ts'

const port = parentPort
if (!port) throw new Error('read-worker runs as a worker thread')
const { bytes, maxRows } = workerData as { bytes: Uint8Array; maxRows: number }

/** The first sheet. One row more than is allowed tells that there are more. */
const answer: SheetAnswer = await readSheet(Buffer.from(bytes)).then(
  (rows) => ({ rows: (rows as unknown as (string | number | boolean | Date | null)[][]).slice(0, maxRows + 1) }),
  (error: Error) => ({ problem: error.message }),
)
port.postMessage(answer)
