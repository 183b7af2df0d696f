import { type CellProblem, checkChoice, checkMoment, checkNumber, checkText, isId, said } from './check-cells.ts'
import { checkChecklist } from './check-checklist.ts'
import { checkTable } from './check-table.ts'
import type { ChecklistItem, Field, Move, RegisterDefinition } from './definition.ts'
import { isEmpty, keptFields } from './field-values.ts'
import { isRequiredAt, stateOf } from './rules.ts'
import type { FieldProblem, RecordFields } from './values.ts'

export interface CheckOptions {
  /** The move that is about to be made: what it requires must be there. Absent: only what is there is checked (a draft). */
  move?: Move
  /** Items of checklists that stand in the record's sheet. */
  items?: readonly ChecklistItem[]
  /** It is in a state in which it is kept (an asset in use): it is complete at all times, so each save needs what is required. */
  isKept?: boolean
}

/** A photo field without a limit of its own. */
const PHOTOS = 20

/** What is wrong with these values, in the order of the definition; empty: nothing. The same function on the form and on the server. Hidden fields are not looked at. */
export function checkFields(definition: RegisterDefinition, fields: RecordFields, options: CheckOptions): FieldProblem[] {
  // What is thrown away need not be complete.
  const move = options.move && !stateOf(definition, options.move.to)?.void ? options.move : undefined
  const kept = keptFields(definition, fields)
  const problems: FieldProblem[] = []
  for (const field of definition.fields) {
    const value = kept[field.key]
    const isRequired = (move !== undefined && isRequiredAt(definition, field, move)) || (options.isKept === true && field.required === true)
    if (isEmpty(value)) {
      if (isRequired && isAskedFor(field, kept) && !(field.type === 'checklist' && itemsOf(field, { items: options.items }).length === 0))
        problems.push({ key: field.key, message: said(field.label, '必填', 'is required') })
      continue
    }
    for (const { path, message } of checkValue(field, value, { items: options.items, move, isRequired }))
      problems.push({ key: field.key, ...(path === undefined ? {} : { path }), message })
  }
  for (const { field: key, is, words } of move?.needs ?? []) {
    const value = kept[key]
    const texts = Array.isArray(value) ? value.map(String) : [String(value ?? '')]
    if (!isEmpty(value) && !texts.some((text) => is.includes(text))) problems.push({ key, message: words })
  }
  const known = new Set(definition.fields.map((field) => field.key))
  for (const key of Object.keys(fields))
    if (!known.has(key))
      problems.push({
        key,
        message: { zh: `“${definition.title.zh}”没有“${key}”这一项`, en: `${definition.title.en} has no field “${key}”` },
      })
  return problems
}

/** Whether it is shown, by values from which those of hidden fields are gone already. */
function isAskedFor(field: Field, kept: RecordFields): boolean {
  if (!field.when) return true
  const value = kept[field.when.field]
  const texts = Array.isArray(value) ? value.map(String) : [String(value ?? '')]
  return texts.some((text) => field.when?.is.includes(text))
}

interface ValueOptions {
  items: readonly ChecklistItem[] | undefined
  move: Move | undefined
  isRequired: boolean
}

function itemsOf(field: Field, options: Pick<ValueOptions, 'items'>): readonly ChecklistItem[] {
  return (field.type === 'checklist' ? field.items : undefined) ?? options.items ?? []
}

function checkValue(field: Field, value: unknown, options: ValueOptions): CellProblem[] {
  const { label } = field
  switch (field.type) {
    case 'text':
      return checkText(label, field, value)
    case 'choice':
      return checkChoice(label, field, value)
    case 'number':
      return checkNumber(label, field, value)
    case 'date':
    case 'instant':
    case 'yes-no':
      return checkMoment(label, field.type, value)
    case 'person':
    case 'room':
    case 'device':
    case 'record':
      return isReference(value, 'id', ['name']) ? [] : [{ message: said(label, '须从列表中选择', 'must be chosen from the list') }]
    case 'reading':
      return isReference(value, 'pointId', ['name', 'value', 'unit', 'quality', 'atMs'])
        ? []
        : [{ message: said(label, '须选择一个测点', 'must be a measuring point') }]
    case 'photo':
      return checkPhotos(field, value)
    case 'signature':
      return isId(value) ? [] : [{ message: said(label, '须手写签名', 'must be drawn') }]
    case 'checklist':
      return checkChecklist(label, itemsOf(field, options), value, options)
    case 'table':
      return checkTable(field, value, options)
  }
}

function checkPhotos(field: Field & { type: 'photo' }, value: unknown): CellProblem[] {
  const max = field.max ?? PHOTOS
  if (!Array.isArray(value) || !value.every(isId) || new Set(value).size !== value.length)
    return [{ message: said(field.label, '须为已上传的照片', 'must be photos that were sent') }]
  return value.length > max ? [{ message: said(field.label, `最多 ${max} 张照片`, `takes ${max} photos at most`) }] : []
}

function isReference(value: unknown, idKey: string, others: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return isId((value as Record<string, unknown>)[idKey]) && Object.keys(value).every((key) => key === idKey || others.includes(key))
}
