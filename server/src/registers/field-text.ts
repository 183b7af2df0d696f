import type {
  CheckAnswer,
  ChecklistValue,
  Field,
  RecordFields,
  RegisterDefinition,
  TableColumn,
  TableValue,
} from '@roomkeeper/shared/registers'
import { wallTimeOf } from '@roomkeeper/shared/wall-clock'

/** Texts of one value, for titles and for searching; choices in both languages. Photos and drawings have none. */
export function textsOf(field: Field | TableColumn, value: unknown, timeZone: string): string[] {
  if (value === undefined || value === null) return []
  switch (field.type) {
    case 'text':
    case 'date':
      return [String(value)]
    case 'number':
      return [field.unit === undefined ? String(value) : `${String(value)} ${field.unit}`]
    case 'instant':
      return [momentText(Number(value), timeZone)]
    case 'choice': {
      const values: unknown[] = Array.isArray(value) ? value : [value]
      const chosen = field.choices.filter((choice) => values.includes(choice.value))
      return [chosen.map((choice) => choice.label.zh).join('、'), chosen.map((choice) => choice.label.en).join(', ')]
    }
    case 'person':
    case 'room':
    case 'device':
    case 'record':
    case 'reading':
      return [(value as { name?: string }).name ?? '']
    case 'checklist':
      return Object.values(value as ChecklistValue).flatMap((answer: CheckAnswer) => (answer.note ? [answer.note] : []))
    case 'table':
      return (value as TableValue).flatMap((row) => field.columns.flatMap((column) => textsOf(column, row[column.key], timeZone)))
    default:
      return []
  }
}

/** YYYY-MM-DD HH:mm by the clock on the wall. */
function momentText(atMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = wallTimeOf(atMs, timeZone)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

const TITLE_LENGTH = 200

/** What names the record in lists: the text of the title field, Chinese; empty until it is filled in. */
export function titleOf(definition: RegisterDefinition, fields: RecordFields, timeZone: string): string {
  const field = definition.fields.find((one) => one.key === definition.titleField)
  const [text = ''] = field ? textsOf(field, fields[field.key], timeZone) : []
  return [...text.replaceAll(/\s+/g, ' ').trim()].slice(0, TITLE_LENGTH).join('')
}

/** For `like … escape '\\'` over `searchText`: the text anywhere in it. */
export function searchPattern(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
}

/** Lower case text of the number and every value. */
export function searchTextOf(definition: RegisterDefinition, number: string, fields: RecordFields, timeZone: string): string {
  const texts = definition.fields.flatMap((field) => textsOf(field, fields[field.key], timeZone))
  return [number, ...texts].join('\n').toLowerCase()
}
