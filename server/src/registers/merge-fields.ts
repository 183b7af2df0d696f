import {
  type ChecklistItem,
  type ChecklistValue,
  checkFields,
  editableStates,
  type FieldProblem,
  keptFields,
  type Move,
  type RecordFields,
  type RegisterDefinition,
  stateOf,
} from '@roomkeeper/shared/registers'
import type { LiveValues } from '../live/live-values.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Unit } from './engine.ts'
import { invalidFields } from './refusals.ts'
import { stampFields } from './stamping.ts'

export interface FieldChange {
  key: string
  before: unknown
  after: unknown
}

interface Mergeable {
  /** null: it is only being made. */
  recordId: number | null
  state: string
  fields: RecordFields
  sheet: Readonly<Record<string, unknown>>
}

/**
 * The fields of a record with what was sent: absent keys stay, null clears, hidden ones go. Throws INVALID naming every field that may not be so, may not be
 * changed in this state, or names something that is not there; with a move also what it requires and is missing.
 */
export async function mergeFields(
  unit: Pick<Unit, 'transaction' | 'nowMs'>,
  live: Pick<LiveValues, 'get'>,
  definition: RegisterDefinition,
  record: Mergeable,
  sent: RecordFields,
  options: { move?: Move; ignoreState?: boolean } = {},
): Promise<{ fields: RecordFields; changes: FieldChange[] }> {
  const items = itemsOfSheet(record.sheet)
  const before = record.fields
  const wanted = withoutGoneItems(definition, { ...before, ...sent }, before, items)
  const problems = checkFields(definition, wanted, {
    items,
    ...(options.move ? { move: options.move } : {}),
    isKept: stateOf(definition, record.state)?.phase === 'kept',
  })
  if (problems.length > 0) throw invalidFields(problems)
  const stamped = await stampFields(definition, keptFields(definition, wanted), before, { ...unit, live, recordId: record.recordId })
  if (stamped.problems.length > 0) throw invalidFields(stamped.problems)
  const fields = stamped.fields
  const changes = changesBetween(definition, before, fields)
  const sentKeys = new Set(Object.keys(sent))
  const locked = options.ignoreState ? [] : changes.filter(({ key }) => sentKeys.has(key) && !isEditable(definition, key, record.state))
  if (locked.length > 0) throw invalidFields(locked.map(({ key }) => lockedProblem(definition, key, record.state)))
  return { fields, changes }
}

export function changesBetween(definition: RegisterDefinition, before: RecordFields, after: RecordFields): FieldChange[] {
  return definition.fields
    .filter(({ key }) => canonicalJson(before[key]) !== canonicalJson(after[key]))
    .map(({ key }) => ({ key, before: before[key] ?? null, after: after[key] ?? null }))
}

export function itemsOfSheet(sheet: Readonly<Record<string, unknown>>): readonly ChecklistItem[] {
  return Array.isArray(sheet.items) ? (sheet.items as ChecklistItem[]) : []
}

/** Answers to items that the sheet has no more (a device was taken away) go silently: nobody can see them to take them out. */
function withoutGoneItems(
  definition: RegisterDefinition,
  fields: RecordFields,
  before: RecordFields,
  items: readonly ChecklistItem[],
): RecordFields {
  const pruned: RecordFields = { ...fields }
  for (const field of definition.fields) {
    const value = fields[field.key]
    if (field.type !== 'checklist' || field.items || typeof value !== 'object' || value === null || Array.isArray(value)) continue
    const former = (before[field.key] ?? {}) as ChecklistValue
    const isGone = (key: string): boolean => Object.hasOwn(former, key) && !items.some((item) => item.key === key)
    pruned[field.key] = Object.fromEntries(Object.entries(value).filter(([key]) => !isGone(key)))
  }
  return pruned
}

function isEditable(definition: RegisterDefinition, key: string, state: string): boolean {
  const field = definition.fields.find((one) => one.key === key)
  return field !== undefined && editableStates(definition, field).includes(state)
}

function lockedProblem(definition: RegisterDefinition, key: string, stateName: string): FieldProblem {
  const label = definition.fields.find((field) => field.key === key)?.label
  const state = definition.states.find((one) => one.name === stateName)?.label
  return {
    key,
    message: {
      zh: `“${label?.zh ?? key}”在“${state?.zh ?? stateName}”时不能修改`,
      en: `“${label?.en ?? key}” cannot be changed while “${state?.en ?? stateName}”`,
    },
  }
}
