import type { ChecklistItem, ChecklistValue, Field, RegisterDefinition, TableValue, Words } from '@roomkeeper/shared/registers'
import { isShown, stateOf } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Db } from '../../database/schema.ts'
import type { Block, Cell, Span } from '../document.ts'
import type { ReportWords } from '../words.ts'
import { fieldCell, fieldText, resultWords } from './field-text.ts'
import type { WholeRecordRow } from './load-record.ts'
import { pictureBlocks } from './record-pictures.ts'
import { sheetBlocks } from './sheet-blocks.ts'
import { signatureBlocks, timelineBlock } from './timeline-blocks.ts'

export interface RecordPaper {
  db: Db
  definition: RegisterDefinition
  record: WholeRecordRow
  words: ReportWords
  /** Of the record's page; a path where the server does not know its own address. */
  url: string
}

/** One record on paper: everything that it holds, who signed it, what was changed, and the code that proves it. */
export async function* recordBlocks(paper: RecordPaper): AsyncGenerator<Block, void, undefined> {
  const { definition, record, words, url } = paper
  const { row, fields } = record
  const state = stateOf(definition, row.state)
  const stateSpan: Span = {
    text: state ? words.of(state.label) : row.state,
    bold: true,
    tone: state?.phase === 'done' ? 'good' : state?.phase === 'draft' ? 'muted' : 'warning',
  }
  yield { kind: 'heading', level: 1, text: `${words.of(definition.title)} ${row.number}` }
  yield {
    kind: 'facts',
    facts: [
      [words.of({ zh: '编号', en: 'Number' }), row.number],
      [words.of({ zh: '标题', en: 'Title' }), row.title || '—'],
      [words.of({ zh: '状态', en: 'State' }), [stateSpan, ...(row.emergency === 1 ? [emergencySpan(words)] : [])]],
      ...(record.roomName === null ? [] : ([[words.of({ zh: '机房', en: 'Room' }), record.roomName]] as const)),
      [words.of({ zh: '建立', en: 'Made' }), `${row.createdBy} ${words.time(row.createdAtMs)}`],
      [words.of({ zh: '条款', en: 'Clauses' }), definition.clauses.join(' ') || '—'],
    ],
  }
  yield* fieldBlocks(paper)
  yield* sheetBlocks(record.sheet, words)
  yield* pictureBlocks(paper)
  yield* signatureBlocks(paper)
  if (record.links.length > 0) yield linkBlock(paper)
  yield { kind: 'heading', level: 2, text: words.of({ zh: '经过', en: 'Timeline' }) }
  yield timelineBlock(paper)
  yield { kind: 'heading', level: 2, text: words.of({ zh: '核验', en: 'Proof' }) }
  const { audit } = record
  const none = words.of({ zh: '审计记录中没有本条', en: 'no entry in the audit trail' })
  yield {
    kind: 'facts',
    facts: [
      [words.of({ zh: '审计记录', en: 'Audit entry' }), audit ? `#${audit.seq}  SHA-256 ${audit.hash}` : [{ text: none, tone: 'bad' }]],
    ],
  }
  yield {
    kind: 'qr',
    text: `${url}#${audit ? `${audit.seq}:${audit.hash}` : row.number}`,
    caption: words.of({
      zh: '扫码打开本记录，并核对审计链中的哈希',
      en: 'Scan to open this record and compare its hash in the audit trail',
    }),
  }
  if (definition.print?.footer) yield { kind: 'paragraph', text: [{ text: words.of(definition.print.footer), tone: 'muted' }] }
  if (Object.keys(fields).length === 0)
    yield {
      kind: 'paragraph',
      text: [{ text: words.of({ zh: '尚未填写任何内容。', en: 'Nothing has been filled in yet.' }), tone: 'bad' }],
    }
}

export function emergencySpan(words: ReportWords): Span {
  return { text: words.of({ zh: '  紧急处理，事后补批', en: '  emergency, approved afterwards' }), tone: 'bad', bold: true }
}

/** Fields by section in the definition's order; tables and checklists below their section's short fields. */
function* fieldBlocks({ definition, record, words }: RecordPaper): Generator<Block, void, undefined> {
  const shown = definition.fields.filter((field) => isShown(field, record.fields) || hasValue(record.fields[field.key]))
  const sections = Map.groupBy(shown, ({ section }) => section?.zh ?? '')
  for (const own of sections.values()) {
    const heading: Words = own[0]?.section ?? { zh: '内容', en: 'Contents' }
    const short = own.filter(({ type }) => type !== 'table' && type !== 'checklist' && type !== 'photo' && type !== 'signature')
    if (short.length > 0) yield { kind: 'heading', level: 2, text: words.of(heading) }
    if (short.length > 0)
      yield {
        kind: 'facts',
        facts: short.map((field) => [words.of(field.label), fieldText(field, record.fields[field.key], words) || '—'] as const),
      }
    for (const field of own) {
      if (field.type === 'table') yield* tableBlocks(field, record.fields[field.key], words)
      if (field.type === 'checklist') yield* checklistBlocks(field, record, words)
    }
  }
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function* tableBlocks(field: Extract<Field, { type: 'table' }>, value: unknown, words: ReportWords): Generator<Block, void, undefined> {
  yield { kind: 'heading', level: 3, text: words.of(field.label) }
  const rows = Array.isArray(value) ? (value as TableValue) : []
  if (rows.length === 0) return yield { kind: 'paragraph', text: '—' }
  yield {
    kind: 'table',
    columns: field.columns.map((column) => ({
      title: words.of(column.label),
      width: column.type === 'text' && (column.maxLength ?? 100) > 80 ? 3 : column.type === 'yes-no' ? 1 : 1.6,
      ...(column.type === 'number' ? { align: 'right' as const } : {}),
    })),
    rows: rows.map((row) => field.columns.map((column) => fieldCell(column, row[column.key], words))),
  }
}

function* checklistBlocks(
  field: Extract<Field, { type: 'checklist' }>,
  { fields, sheet }: WholeRecordRow,
  words: ReportWords,
): Generator<Block, void, undefined> {
  const answers = (fields[field.key] ?? {}) as ChecklistValue
  const items = (Array.isArray(sheet.items) ? sheet.items : (field.items ?? [])) as readonly ChecklistItem[]
  const known = new Set(items.map(({ key }) => key))
  // An answer to an item that is asked no more stays on paper.
  const lost = Object.keys(answers).flatMap((key) => (known.has(key) ? [] : [{ key, label: { zh: key, en: key } }]))
  yield { kind: 'heading', level: 3, text: words.of(field.label) }
  if (items.length + lost.length === 0) return yield { kind: 'paragraph', text: '—' }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '分组', en: 'Group' }), width: 1.5 },
      { title: words.of({ zh: '检查项', en: 'Item' }), width: 3.4 },
      { title: words.of({ zh: '结果', en: 'Result' }), width: 1.1 },
      { title: words.of({ zh: '测得', en: 'Measured' }), width: 1.1, align: 'right' },
      { title: words.of({ zh: '说明', en: 'Seen' }), width: 2.6 },
    ],
    rows: [...items, ...lost].map((item: ChecklistItem): Cell[] => {
      const answer = answers[item.key] ?? {}
      const isAbnormal = answer.result === 'abnormal'
      const photos = answer.photos?.length ?? 0
      const note = `${answer.note ?? ''}${photos > 0 ? words.of({ zh: ` （照片 ${photos} 张）`, en: ` (${photos} photos)` }) : ''}`
      const measured = answer.measured
      return [
        item.group ? words.of(item.group) : '',
        words.of(item.label),
        [
          {
            text: `${isAbnormal ? '× ' : ''}${resultWords(answer.result, words)}`,
            ...(isAbnormal ? { tone: 'bad' as const, bold: true } : {}),
          },
        ],
        typeof measured === 'number'
          ? { text: `${measured} ${item.measured ? unitSymbol(item.measured.unit) : ''}`.trim(), number: measured }
          : '',
        isAbnormal ? [{ text: note, tone: 'bad' }] : note,
      ]
    }),
  }
}

const LINK_KINDS: Record<string, Words> = {
  'follow-up': { zh: '后续处理', en: 'Follow-up' },
  cause: { zh: '起因', en: 'Cause' },
  during: { zh: '期间', en: 'During' },
  concerns: { zh: '涉及', en: 'Concerns' },
}
const LINK_TARGETS: Record<string, Words> = {
  record: { zh: '记录', en: 'Record' },
  incident: { zh: '事件', en: 'Incident' },
  alarm: { zh: '告警', en: 'Alarm' },
}

function linkBlock({ record, words }: RecordPaper): Block {
  const of = (all: Record<string, Words>, key: string): string => (all[key] ? words.of(all[key]) : key)
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '关联', en: 'Linked' }), width: 1.2 },
      { title: words.of({ zh: '编号', en: 'Number' }), width: 2 },
      { title: words.of({ zh: '标题', en: 'Title' }), width: 4 },
      { title: words.of({ zh: '由谁、何时', en: 'By, when' }), width: 2.4 },
    ],
    rows: record.links.map(({ kind, target, number, title, by, atMs }) => [
      of(LINK_KINDS, kind),
      `${of(LINK_TARGETS, target)} ${number}`,
      title,
      `${by} ${words.time(atMs)}`,
    ]),
  }
}
