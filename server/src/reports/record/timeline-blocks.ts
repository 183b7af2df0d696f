import { type RegisterDefinition, stateOf, type Words } from '@roomkeeper/shared/registers'
import type { Block, RichText, Span } from '../document.ts'
import type { ReportWords } from '../words.ts'
import { fieldText } from './field-text.ts'
import { fileBytes, type StepRow } from './load-record.ts'
import type { RecordPaper } from './record-blocks.ts'
import { pictureOrName } from './record-pictures.ts'

const KINDS: Record<string, Words> = {
  create: { zh: '建立', en: 'Made' },
  save: { zh: '修改', en: 'Changed' },
  move: { zh: '流转', en: 'Moved on' },
  amend: { zh: '更正', en: 'Amended' },
  file: { zh: '文件', en: 'File' },
  note: { zh: '系统记录', en: 'Noted by the system' },
}

/** What happened, in order, with the old text of each change struck through beside the new one. */
export function timelineBlock({ definition, record, words }: RecordPaper): Block {
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '时间', en: 'When' }), width: 1.7 },
      { title: words.of({ zh: '谁', en: 'Who' }), width: 1.2 },
      { title: words.of({ zh: '做了什么', en: 'What' }), width: 1.8 },
      { title: words.of({ zh: '内容', en: 'Details' }), width: 4.6 },
    ],
    rows: record.steps.map((step) => [
      { text: timeText(step, words), atMs: step.atMs },
      step.by,
      stepWords(definition, step, words),
      stepDetails(definition, step, words),
    ]),
  }
}

function timeText({ atMs, claimedAtMs }: StepRow, words: ReportWords): string {
  if (claimedAtMs === null) return words.time(atMs)
  return `${words.time(atMs)}\n${words.of({ zh: '离线填写于', en: 'offline at' })} ${words.time(claimedAtMs)}`
}

function stepWords(definition: RegisterDefinition, step: StepRow, words: ReportWords): RichText {
  const move = step.move === null ? undefined : definition.moves.find(({ name }) => name === step.move)
  const to = stateOf(definition, step.toState)
  const what = move ? words.of(move.label) : words.of(KINDS[step.kind] ?? { zh: step.kind, en: step.kind })
  const arrow = step.fromState !== step.toState && to ? ` → ${words.of(to.label)}` : ''
  return [
    { text: what + arrow },
    ...(step.emergency === 1 ? [{ text: words.of({ zh: ' 紧急', en: ' emergency' }), tone: 'bad' as const, bold: true }] : []),
    ...(step.atRoom === 1 ? [{ text: words.of({ zh: ' 在机房扫码', en: ' at the room' }), tone: 'good' as const }] : []),
  ]
}

function stepDetails(definition: RegisterDefinition, step: StepRow, words: ReportWords): RichText {
  const changes = JSON.parse(step.changesJson) as { key: string; before: unknown; after: unknown }[]
  const spans: Span[] = step.comment === '' ? [] : [{ text: step.comment }]
  for (const { key, before, after } of changes) {
    const field = definition.fields.find((one) => one.key === key)
    const text = (value: unknown): string => (field ? fieldText(field, value, words) : JSON.stringify(value ?? ''))
    const label = field ? words.of(field.label) : key
    spans.push({ text: `${spans.length > 0 ? '\n' : ''}${label}: ` })
    const old = text(before)
    if (old !== '') spans.push({ text: old, struck: true, tone: 'muted' }, { text: ' → ' })
    spans.push({ text: text(after) || words.of({ zh: '（空）', en: '(empty)' }), ...(step.kind === 'amend' ? { bold: true } : {}) })
  }
  return spans
}

/** Everybody who signed: drawn ones as pictures, those by password by name, time and the hash of what was signed. */
export async function* signatureBlocks({ db, definition, record, words }: RecordPaper): AsyncGenerator<Block, void, undefined> {
  if (record.signatures.length === 0) return
  yield { kind: 'heading', level: 2, text: words.of({ zh: '签名', en: 'Signatures' }) }
  const moveText = (name: string | null): string => {
    const move = definition.moves.find((one) => one.name === name)
    return move ? words.of(move.label) : (name ?? '')
  }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '签名人', en: 'Signed by' }), width: 1.4 },
      { title: words.of({ zh: '事项', en: 'For' }), width: 1.4 },
      { title: words.of({ zh: '时间', en: 'When' }), width: 1.6 },
      { title: words.of({ zh: '方式', en: 'How' }), width: 1 },
      { title: words.of({ zh: '所签内容的 SHA-256', en: 'SHA-256 of what was signed' }), width: 4.4 },
    ],
    rows: record.signatures.map(({ name, username, move, atMs, kind, contentHash }) => [
      `${name} (${username})`,
      moveText(move),
      { text: words.time(atMs), atMs },
      words.of(kind === 'drawn' ? { zh: '手写', en: 'drawn' } : { zh: '密码', en: 'password' }),
      contentHash,
    ]),
  }
  for (const { fileId, name, move, atMs } of record.signatures) {
    const file = record.files.find(({ id }) => id === fileId)
    if (file)
      yield await pictureOrName(
        `${name} · ${moveText(move)} · ${words.time(atMs)}`,
        file,
        () => fileBytes(db, file.id),
        true,
        words.language,
      )
  }
}
