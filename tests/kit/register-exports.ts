import type { WholeRecord } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { expect } from 'vitest'
import { roomNames } from '../../server/src/registers/rows.ts'
import type { Block, ReportFormat, ReportHead } from '../../server/src/reports/document.ts'
import { ExcelReport } from '../../server/src/reports/excel.ts'
import { PdfReport } from '../../server/src/reports/pdf.ts'
import { ledgerBlocks } from '../../server/src/reports/record/ledger-blocks.ts'
import { loadWholeRecord } from '../../server/src/reports/record/load-record.ts'
import { recordBlocks } from '../../server/src/reports/record/record-blocks.ts'
import { reportHead } from '../../server/src/reports/report-head.ts'
import { reportWords } from '../../server/src/reports/words.ts'
import { officeCsv, pdfText } from './office.ts'
import { type RegistersApp, TIME_ZONE } from './registers-app.ts'

/** A report made without a thread: the suite makes many. */
export async function renderHere(format: ReportFormat, head: ReportHead, blocks: AsyncIterable<Block>): Promise<Buffer> {
  if (format === 'xlsx') {
    const excel = new ExcelReport(head)
    for await (const block of blocks) excel.add(block)
    return await excel.end()
  }
  const parts: Buffer[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const pdf = new PdfReport(head, (bytes) => parts.push(bytes), resolve)
  for await (const block of blocks) pdf.add(block)
  pdf.end()
  await promise
  return Buffer.concat(parts)
}

const excelFiles = new Map<string, { bytes: Buffer; expected: string[] }>()

/** The hook `exports` of the register contract: the record's paper says what it holds; the ledgers are kept for `checkExcelFiles`. */
export async function checkRegisterExports(
  app: RegistersApp,
  definition: RegisterDefinition,
  records: readonly WholeRecord[],
): Promise<void> {
  const [record] = records
  if (!record) throw new Error(`${definition.name}: no record to export`)
  const { db } = app
  const words = reportWords('zh', TIME_ZONE)
  const title = definition.title.zh
  const head = await reportHead(db, { title, words, by: '测试', nowMs: app.clock.nowMs(), layout: 'portrait' })
  const whole = await loadWholeRecord(db, definition.name, record.id)
  if (!whole) throw new Error(`${record.number} is gone`)
  const path = `/registers/${definition.name}/${record.id}`
  const said = await pdfText(await renderHere('pdf', head, recordBlocks({ db, definition, record: whole, words, url: path })))
  const expectText = (part: string): void => expect(said, `${definition.name}: ${part}`).toContain(part.replaceAll(/\s+/g, ''))
  const state = definition.states.find(({ name }) => name === record.state)
  const parts = [title, record.number, state?.label.zh ?? record.state, `${whole.audit?.seq ?? '?'}:`, path, '经过', '核验']
  for (const part of [...parts, ...record.steps.map(({ by }) => by), ...whole.signatures.map(({ contentHash }) => contentHash)])
    expectText(part)

  const ledger = {
    db,
    definition,
    filter: { phase: 'all' as const },
    asking: null,
    nowMs: app.clock.nowMs(),
    words,
    roomNames: await roomNames(db),
    format: 'xlsx' as const,
  }
  const bytes = await renderHere('xlsx', head, ledgerBlocks(ledger))
  const expected = [...records.map(({ number }) => number), state?.label.zh ?? '', '签名']
  excelFiles.set(definition.name, { bytes, expected })
}

/** Opens every Excel file made so far with LibreOffice at once. */
export async function checkExcelFiles(): Promise<number> {
  const opened = await officeCsv(new Map([...excelFiles].map(([name, { bytes }]) => [name, bytes])))
  for (const [name, { expected }] of excelFiles)
    for (const part of expected) expect(opened.get(name), `${name}.xlsx: ${part}`).toContain(part)
  return opened.size
}
