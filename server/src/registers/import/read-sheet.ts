import { Worker } from 'node:worker_threads'
import type { Words } from '@roomkeeper/shared/registers'
import type { Cell } from './read-table.ts'

export type SheetAnswer = { rows: Cell[][] } | { problem: string }

/** A file that cannot be read as a whole: what is wrong, and what is allowed. */
export class SheetError extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(`${words.zh} / ${words.en}`)
    this.name = 'SheetError'
    this.words = words
  }
}

/** A sheet of 5 MB takes a second or two; one that takes longer was made to. */
const TIME_LIMIT_MS = 30_000
/** Unpacked. A real sheet is packed ten- to twentyfold; a bomb a thousandfold. */
const UNPACKED_MAX_BYTES = 200_000_000

/**
 * The first sheet's rows, header included, read in a thread of its own: neither ingest nor other people wait for it.
 * @throws SheetError for what is no .xlsx file, is too large, or has more than `maxRows` rows below its header.
 */
export async function readSheetRows(bytes: Uint8Array, { maxBytes, maxRows }: { maxBytes: number; maxRows: number }): Promise<Cell[][]> {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  const unpacked = unpackedBytes(bytes)
  if (unpacked === undefined) throw notExcel()
  if (unpacked > UNPACKED_MAX_BYTES) throw tooLarge(maxBytes)
  const answer = await askWorker(bytes, maxRows + 1)
  if ('problem' in answer) throw notExcel()
  const { rows } = answer
  if (rows.length > maxRows + 1)
    throw new SheetError({
      zh: `超过 ${maxRows} 行，请分成几个文件导入`,
      en: `More than ${maxRows} rows: import it as several files`,
    })
  return rows
}

function askWorker(bytes: Uint8Array, maxRows: number): Promise<SheetAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      workerData: { bytes: Uint8Array.from(bytes), maxRows },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    const timer = setTimeout(() => settle({ problem: 'timeout' }), TIME_LIMIT_MS)
    let isSettled = false
    const settle = (answer: SheetAnswer): void => {
      // Its exit, which follows in any case, says nothing new.
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      worker.terminate().then(() => resolve(answer), reject)
    }
    worker.once('message', settle)
    worker.once('error', (error) => settle({ problem: error.message }))
    worker.once('exit', () => settle({ problem: 'the thread ended' }))
  })
}

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50

/** What the directory of a ZIP says its files are unpacked; undefined: it is none (APPNOTE.TXT 4.3.12, 4.3.16). */
function unpackedBytes(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // The end record is 22 bytes and a comment of at most 64 kB.
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) !== END_OF_DIRECTORY) continue
    let total = 0
    let entry = view.getUint32(at + 16, true)
    for (let left = view.getUint16(at + 10, true); left > 0; left--) {
      if (entry + 46 > bytes.length || view.getUint32(entry, true) !== DIRECTORY_ENTRY) return undefined
      total += view.getUint32(entry + 24, true)
      entry += 46 + view.getUint16(entry + 28, true) + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true)
    }
    return total
  }
  return undefined
}

function notExcel(): SheetError {
  return new SheetError({
    zh: '不是 Excel 文件（.xlsx），或文件已损坏；旧的 .xls 请另存为 .xlsx',
    en: 'Not an Excel file (.xlsx), or it is damaged; save an old .xls as .xlsx',
  })
}

function tooLarge(maxBytes: number): SheetError {
  return new SheetError({ zh: `文件超过 ${maxBytes / 1e6} MB`, en: `The file is larger than ${maxBytes / 1e6} MB` })
}
