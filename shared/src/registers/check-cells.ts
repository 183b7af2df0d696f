import { dateParts } from './deadlines.ts'
import type { ChoiceField, NumberField, TextField, Words } from './definition.ts'

/** What is wrong with one value; `path` within a checklist or table. */
export interface CellProblem {
  path?: string
  message: Words
}

/** A text without a limit of its own, on one line and on several. */
const LINE_LENGTH = 200
const TEXT_LENGTH = 4000
const MAX_MS = 8.64e15
/** Control characters but tab and line ends; characters that turn the reading direction. */
const UNREADABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/** A sentence about a field: its label, then what is the matter. */
export function said(label: Words, zh: string, en: string): Words {
  return { zh: `“${label.zh}”${zh}`, en: `“${label.en}” ${en}` }
}

export function checkText(label: Words, field: TextField, value: unknown): CellProblem[] {
  if (typeof value !== 'string') return [{ message: said(label, '须为文字', 'must be a text') }]
  const max = field.maxLength ?? (field.multiline ? TEXT_LENGTH : LINE_LENGTH)
  const length = [...value].length
  if (length > max)
    return [{ message: said(label, `最多 ${max} 个字符，现有 ${length} 个`, `takes ${max} characters at most, there are ${length}`) }]
  const plain = field.multiline ? value.replaceAll(/[\t\n\r]/g, '') : value.replaceAll('\t', '')
  if (UNREADABLE.test(plain))
    return [
      {
        message: field.multiline
          ? said(label, '含有不可见的控制字符', 'has control characters that cannot be seen')
          : said(label, '须为一行文字，不含控制字符', 'must be one line without control characters'),
      },
    ]
  if (field.pattern && !new RegExp(`^(?:${field.pattern.regex})$`, 'u').test(value))
    return [{ message: said(label, `须为：${field.pattern.words.zh}`, `must be: ${field.pattern.words.en}`) }]
  return []
}

export function checkChoice(label: Words, field: ChoiceField, value: unknown): CellProblem[] {
  const allowed = field.choices.map((choice) => choice.value)
  const values: unknown[] = field.multiple ? (Array.isArray(value) ? value : []) : [value]
  const fits =
    values.length > 0 && values.every((one) => typeof one === 'string' && allowed.includes(one)) && new Set(values).size === values.length
  if (fits) return []
  const zh = field.choices.map((choice) => choice.label.zh).join('、')
  const en = field.choices.map((choice) => choice.label.en).join(', ')
  return [
    {
      message: field.multiple
        ? said(label, `须选自：${zh}`, `must be some of: ${en}`)
        : said(label, `须为其中之一：${zh}`, `must be one of: ${en}`),
    },
  ]
}

export function checkNumber(label: Words, field: NumberField, value: unknown): CellProblem[] {
  const isNumber = typeof value === 'number' && Number.isFinite(value) && (!field.integer || Number.isSafeInteger(value))
  if (isNumber && value >= (field.low ?? -Infinity) && value <= (field.high ?? Infinity)) return []
  const { zh, en } = rangeWords(field)
  return [
    {
      message: field.integer
        ? said(label, `须为${zh}整数`, `must be a whole number${en}`)
        : said(label, `须为${zh}数字`, `must be a number${en}`),
    },
  ]
}

/** ` 0 到 40 ℃ 之间的` / ` from 0 to 40 ℃`; the unit alone where nothing limits it. */
export function rangeWords({ low, high, unit }: { low?: number; high?: number; unit?: string }): Words {
  const tail = unit === undefined ? '' : ` ${unit}`
  if (low !== undefined && high !== undefined) return { zh: ` ${low} 到 ${high}${tail} 之间的`, en: ` from ${low} to ${high}${tail}` }
  if (low !== undefined) return { zh: `不小于 ${low}${tail} 的`, en: ` of ${low}${tail} or more` }
  if (high !== undefined) return { zh: `不大于 ${high}${tail} 的`, en: ` of ${high}${tail} or less` }
  return unit === undefined ? { zh: '', en: '' } : { zh: `以 ${unit} 计的`, en: ` in ${unit}` }
}

export function checkMoment(label: Words, type: 'date' | 'instant' | 'yes-no', value: unknown): CellProblem[] {
  if (type === 'yes-no') return typeof value === 'boolean' ? [] : [{ message: said(label, '须为是或否', 'must be yes or no') }]
  if (type === 'date')
    return dateParts(value) ? [] : [{ message: said(label, '须为存在的日期（年-月-日）', 'must be a date that exists (YYYY-MM-DD)') }]
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_MS
  return fits ? [] : [{ message: said(label, '须为日期和时间', 'must be a date and time') }]
}

/** A row id of the database. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
