import { POINT_KINDS } from '@roomkeeper/shared/model'
import type { CheckResult, Choice, Field, ReadingValueField, Reference, TableColumn, Words } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Cell } from '../document.ts'
import type { ReportWords } from '../words.ts'

const YES: Words = { zh: '是', en: 'Yes' }
const NO: Words = { zh: '否', en: 'No' }
const RESULTS: Record<CheckResult, Words> = {
  normal: { zh: '正常', en: 'Normal' },
  abnormal: { zh: '异常', en: 'Abnormal' },
  'not-applicable': { zh: '不适用', en: 'Not applicable' },
}

/** A field's value as one text; tables and checklists are drawn, and give a count here. Never throws: what does not fit its type is shown as it is. */
export function fieldText(field: Field | TableColumn, value: unknown, words: ReportWords): string {
  if (value === null || value === undefined || value === '') return ''
  switch (field.type) {
    case 'choice':
      return (Array.isArray(value) ? value : [value])
        .map((one) => choiceText(field.choices, one, words))
        .join(words.language === 'zh' ? '、' : ', ')
    case 'number':
      return `${String(value)}${field.unit ? ` ${unitSymbol(field.unit, words.language)}` : ''}`
    case 'instant':
      return typeof value === 'number' ? words.time(value) : String(value)
    case 'yes-no':
      return words.of(value === true ? YES : NO)
    case 'person':
    case 'room':
    case 'device':
    case 'record':
      return (value as Reference).name ?? `#${(value as Reference).id}`
    case 'reading': {
      const { name, value: read, unit, quality, atMs } = value as ReadingValueField
      const shown = read === null ? '—' : `${String(read)} ${unitSymbol(unit)}`.trim()
      return `${name} ${shown}${quality && quality !== 'good' ? ` (${quality})` : ''}${atMs === null ? '' : ` @ ${words.time(atMs)}`}`
    }
    case 'photo':
      return Array.isArray(value) ? countText(value.length, { zh: '张', en: 'photos' }, words) : ''
    case 'signature':
      return words.of({ zh: '已签名', en: 'signed' })
    case 'table':
      return Array.isArray(value) ? countText(value.length, { zh: '行', en: 'rows' }, words) : ''
    case 'checklist': {
      const answers = Object.values(value as Record<string, { result?: CheckResult }>)
      const abnormal = answers.filter(({ result }) => result === 'abnormal').length
      const items = countText(answers.length, { zh: '项', en: 'items' }, words)
      return abnormal === 0 ? items : words.of({ zh: `${items}，异常 ${abnormal} 项`, en: `${items}, ${abnormal} abnormal` })
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** The same as a cell: numbers and moments keep their type in Excel. */
export function fieldCell(field: Field | TableColumn, value: unknown, words: ReportWords): Cell {
  const text = fieldText(field, value, words)
  if (field.type === 'number' && typeof value === 'number') return { text, number: value }
  if (field.type === 'instant' && typeof value === 'number') return { text, atMs: value }
  return text
}

export function resultWords(result: CheckResult | undefined, words: ReportWords): string {
  return result === undefined ? '—' : words.of(RESULTS[result])
}

export function kindText(kind: string, words: ReportWords): string {
  const known = (POINT_KINDS as Record<string, Words | undefined>)[kind]
  return known ? words.of(known) : kind
}

function choiceText(choices: readonly Choice[], value: unknown, words: ReportWords): string {
  const choice = choices.find((one) => one.value === value)
  return choice ? words.of(choice.label) : String(value)
}

function countText(count: number, unit: Words, words: ReportWords): string {
  return `${count} ${words.of(unit)}`
}
