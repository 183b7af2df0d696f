import { parentPort, workerData } from 'node:worker_threads'
import type { Block, ReportFormat, ReportHead } from './document.ts'
import { ExcelReport } from './excel.ts'
import { PdfReport } from './pdf.ts'

/** To the worker. */
export type ReportAsk = { kind: 'blocks'; blocks: Block[] } | { kind: 'end' }
/** From it. `taken`: it is ready for more blocks. */
export type ReportAnswer = { kind: 'taken' } | { kind: 'bytes'; bytes: Uint8Array } | { kind: 'end' }

const port = parentPort
if (!port) throw new Error('report-worker runs as a worker thread')
const { head, format } = workerData as { head: ReportHead; format: ReportFormat }
const answer = (message: ReportAnswer): void => port.postMessage(message)

const sink =
  format === 'pdf'
    ? new PdfReport(
        head,
        (bytes) => answer({ kind: 'bytes', bytes }),
        () => answer({ kind: 'end' }),
      )
    : new ExcelReport(head)

port.on('message', (message: ReportAsk) => {
  if (message.kind === 'blocks') {
    for (const block of message.blocks) sink.add(block)
    return answer({ kind: 'taken' })
  }
  if (sink instanceof PdfReport) return sink.end()
  void sink.end().then((bytes) => {
    answer({ kind: 'bytes', bytes })
    answer({ kind: 'end' })
  })
})
