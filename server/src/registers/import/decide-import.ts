import type { ImportedRow, ImportProblem } from '@roomkeeper/shared/http'
import { checkFields, type Move, type RecordFields, type Reference, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { textsOf, titleOf } from '../field-text.ts'
import { changesBetween, type FieldChange } from '../merge-fields.ts'
import type { TableRow } from './read-table.ts'

/** A record that is there already. */
export interface KnownRecord {
  id: number
  number: string
  state: string
  fields: RecordFields
}

/** What is to be done with one row. */
export interface Decision extends ImportedRow {
  /** Values that change, as they are kept. */
  fields: RecordFields
}

/** Reading records in makes them complete: by the first move that leads from the draft to where they are kept. */
export function registeringMove({ states, moves }: RegisterDefinition): Move | undefined {
  const [first] = states
  if (first?.phase !== 'draft') return undefined
  const kept = states.filter(({ phase }) => phase === 'kept').map(({ name }) => name)
  return moves.find(({ from, to }) => from.includes(first.name) && kept.includes(to))
}

/** New, changed, unchanged or wrong, row by row. Pure: of the same rows and records comes the same. */
export function decideImport(
  definition: RegisterDefinition,
  keyField: string,
  rows: readonly TableRow[],
  known: readonly KnownRecord[],
  timeZone: string,
): { decisions: Decision[]; problems: ImportProblem[] } {
  const keyLabel = definition.fields.find(({ key }) => key === keyField)?.label.zh ?? keyField
  const byKey = Map.groupBy(
    known.filter((record) => !stateOf(definition, record.state)?.void),
    ({ fields }) => keyOf(fields[keyField]),
  )
  const seen = new Map<string, number>()
  const decisions: Decision[] = []
  const problems: ImportProblem[] = []
  for (const { row, values } of rows) {
    const key = String(values[keyField] ?? '').trim()
    const wrong = (zh: string, en: string): void => void problems.push({ row, column: keyLabel, value: key, message: { zh, en } })
    const earlier = seen.get(keyOf(key))
    if (earlier !== undefined) {
      wrong(`与第 ${earlier} 行重复`, `The same as in row ${earlier}`)
      continue
    }
    seen.set(keyOf(key), row)
    const same = byKey.get(keyOf(key)) ?? []
    const [record] = same
    if (same.length > 1) {
      const numbers = same.map(({ number }) => number).join('、')
      wrong(`已有多条记录用这个编号：${numbers}`, `Several records have it: ${numbers}`)
      continue
    }
    const phase = record && stateOf(definition, record.state)?.phase
    if (record && phase !== 'kept') {
      const state = stateOf(definition, record.state)?.label
      wrong(
        `${record.number} 是“${state?.zh ?? record.state}”，不能通过导入修改`,
        `${record.number} is “${state?.en ?? record.state}” and cannot be changed by an import`,
      )
      continue
    }
    const before = record?.fields ?? {}
    const fields = { ...before, ...withFormerNames(values, before) }
    const move = registeringMove(definition)
    const found = checkFields(definition, fields, record || !move ? { isKept: true } : { move })
    if (found.length > 0) {
      for (const { key: fieldKey, message } of found) problems.push({ row, ...cellOf(definition, fieldKey, values), message })
      continue
    }
    const changes = changesBetween(definition, before, fields)
    decisions.push({
      row,
      key,
      title: titleOf(definition, fields, timeZone),
      outcome: !record ? 'new' : changes.length > 0 ? 'changed' : 'unchanged',
      recordId: record?.id ?? null,
      number: record?.number ?? null,
      changes: record ? changes.map((change) => shownChange(definition, change, timeZone)) : [],
      fields: Object.fromEntries(changes.map(({ key: changed, after }) => [changed, after])),
    })
  }
  return { decisions, problems }
}

/** How keys are compared: Excel makes 7 of 007 as little as of "7 ", but letters in either case are one number. */
/** Spaces around and case do not count. */
export function keyOf(value: unknown): string {
  return String(value ?? '')
    .trim()
    .toLowerCase()
}

/** The same person, room or record keeps the name that it had when it was saved. */
function withFormerNames(values: RecordFields, before: RecordFields): RecordFields {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const [former, now] = [before[key], value] as [Reference | undefined, Reference]
      const isSame = typeof now === 'object' && typeof former === 'object' && former !== null && 'id' in now && former.id === now.id
      return [key, isSame ? former : value]
    }),
  )
}

function cellOf({ fields }: RegisterDefinition, key: string, values: RecordFields): { column: string | null; value: string } {
  const value = values[key]
  const text = typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value ?? '')
  return { column: fields.find((field) => field.key === key)?.label.zh ?? null, value: text.slice(0, 100) }
}

function shownChange(
  { fields }: RegisterDefinition,
  { key, before, after }: FieldChange,
  timeZone: string,
): ImportedRow['changes'][number] {
  const field = fields.find((one) => one.key === key)
  const text = (value: unknown): string => (field ? (textsOf(field, value, timeZone)[0] ?? '') : '')
  return { label: field?.label ?? { zh: key, en: key }, before: text(before), after: text(after) }
}
