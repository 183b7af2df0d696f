import { type Asking, type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import type { Block, Cell, ReportFormat, TableColumn } from '../document.ts'
import type { ReportWords } from '../words.ts'
import { fieldCell } from './field-text.ts'
import { type LedgerFilter, type LedgerRow, ledgerPages } from './ledger-rows.ts'
import { emergencySpan } from './record-blocks.ts'

export interface LedgerPaper {
  db: Db
  definition: RegisterDefinition
  filter: LedgerFilter
  /** null: whoever may have every record (the inspection pack). */
  asking: Asking | null
  nowMs: number
  words: ReportWords
  roomNames: ReadonlyMap<number, string>
  /** The Excel file has a column for each short field, the paper only those of lists. */
  format: ReportFormat
}

/** A printed ledger: one row for each record, with who signed it. In Excel one sheet with typed cells. */
export async function* ledgerBlocks(ledger: LedgerPaper): AsyncGenerator<Block, void, undefined> {
  const { definition, words } = ledger
  const title = words.of(definition.title)
  yield { kind: 'sheet', name: title, frozenRows: 1 }
  yield { kind: 'heading', level: 1, text: title, paperOnly: true }
  yield {
    kind: 'paragraph',
    text: [
      {
        text: `${words.of(definition.summary)}  ${words.of({ zh: '条款', en: 'Clauses' })} ${definition.clauses.join(' ')}`,
        tone: 'muted',
      },
    ],
    paperOnly: true,
  }
  yield { kind: 'facts', facts: filterFacts(ledger), paperOnly: true }
  const count = yield* ledgerTable(ledger)
  if (ledger.format === 'pdf') yield { kind: 'paragraph', text: words.of({ zh: `共 ${count} 条记录。`, en: `${count} records.` }) }
  if (definition.print?.footer)
    yield { kind: 'paragraph', text: [{ text: words.of(definition.print.footer), tone: 'muted' }], paperOnly: true }
}

/** The table alone; gives the number of its records. */
export async function* ledgerTable(ledger: LedgerPaper): AsyncGenerator<Block, number, undefined> {
  const { db, definition, filter, asking, nowMs } = ledger
  const columns = columnsOf(ledger)
  let count = 0
  for await (const page of ledgerPages(db, definition, filter, asking, nowMs)) {
    if (page.length === 0) continue
    yield { kind: 'table', columns, rows: page.map((one) => cellsOf(one, ledger)), continues: count > 0 }
    count += page.length
  }
  if (count === 0) yield { kind: 'table', columns, rows: [] }
  return count
}

function fieldsShown({ definition, format }: LedgerPaper) {
  const short = definition.fields.filter(({ type }) => type !== 'photo' && type !== 'signature')
  return format === 'xlsx' ? short : short.filter(({ inList }) => inList)
}

function columnsOf(ledger: LedgerPaper): TableColumn[] {
  const { words, definition } = ledger
  const listsRoom = fieldsShown(ledger).some(({ type }) => type === 'room')
  return [
    { title: words.of({ zh: '编号', en: 'Number' }), width: 2.3 },
    { title: words.of({ zh: '时间', en: 'When' }), width: 1.8 },
    ...(definition.byRoom && !listsRoom ? [{ title: words.of({ zh: '机房', en: 'Room' }), width: 1.5 }] : []),
    ...fieldsShown(ledger).map(
      (field): TableColumn => ({
        title: words.of(field.label),
        width: field.type === 'text' ? (field.multiline ? 3.6 : 2.4) : field.type === 'number' || field.type === 'yes-no' ? 1.1 : 1.6,
        ...(field.type === 'number' ? { align: 'right' } : {}),
      }),
    ),
    { title: words.of({ zh: '状态', en: 'State' }), width: 1.2 },
    { title: words.of({ zh: '登记人', en: 'Entered by' }), width: 1.2 },
    { title: words.of({ zh: '签名', en: 'Signed' }), width: 2.2 },
  ]
}

function cellsOf({ row, signatures }: LedgerRow, ledger: LedgerPaper): Cell[] {
  const { words, definition, roomNames } = ledger
  const fields = JSON.parse(row.fieldsJson) as RecordFields
  const shown = fieldsShown(ledger)
  const state = stateOf(definition, row.state)
  const room = row.roomId === null ? '' : (roomNames.get(row.roomId) ?? `#${row.roomId}`)
  return [
    row.number,
    { text: words.time(row.whenMs), atMs: row.whenMs },
    ...(definition.byRoom && !shown.some(({ type }) => type === 'room') ? [room] : []),
    ...shown.map((field) => fieldCell(field, fields[field.key], words)),
    [{ text: state ? words.of(state.label) : row.state }, ...(row.emergency === 1 ? [emergencySpan(words)] : [])],
    row.createdBy,
    signatures.length === 0
      ? [{ text: state?.phase === 'draft' ? words.of({ zh: '未签', en: 'not signed' }) : '—', tone: 'muted' }]
      : signatures.map((one) => signatureText(one, words)).join('\n'),
  ]
}

function signatureText({ name, atMs, kind }: { name: string; atMs: number; kind: string }, words: ReportWords): string {
  return `${name} ${words.time(atMs)} ${words.of(kind === 'drawn' ? { zh: '手写', en: 'drawn' } : { zh: '密码', en: 'password' })}`
}

const PHASES = {
  open: { zh: '未完成', en: 'open' },
  done: { zh: '已完成', en: 'done' },
  overdue: { zh: '逾期', en: 'overdue' },
  mine: { zh: '等待本人处理', en: 'waiting for oneself' },
  all: { zh: '全部', en: 'all' },
} as const

function filterFacts({ filter, definition, words, roomNames }: LedgerPaper): [string, string][] {
  const state = filter.state === undefined ? undefined : stateOf(definition, filter.state)
  const facts: [string, string][] = [
    [words.of({ zh: '范围', en: 'Which' }), words.of(PHASES[filter.phase]) + (state ? ` · ${words.of(state.label)}` : '')],
  ]
  if (filter.roomId !== undefined) facts.push([words.of({ zh: '机房', en: 'Room' }), roomNames.get(filter.roomId) ?? `#${filter.roomId}`])
  if (filter.q) facts.push([words.of({ zh: '含有', en: 'Containing' }), filter.q])
  if (filter.fromMs !== undefined || filter.toMs !== undefined)
    facts.push([
      words.of({ zh: '期间', en: 'Period' }),
      `${filter.fromMs === undefined ? '…' : words.date(filter.fromMs)} — ${filter.toMs === undefined ? '…' : words.date(filter.toMs - 1)}`,
    ])
  return facts
}
