import type { ChecklistItem, Move, RegisterDefinition } from './definition.ts'
import type { FieldProblem, RecordFields } from './values.ts'

export interface CheckOptions {
  /** The move that is about to be made: what it requires must be there. Absent: only what is there is checked (a draft). */
  move?: Move
  /** Items of checklists that stand in the record's sheet. */
  items?: readonly ChecklistItem[]
}

/** What is wrong with these values, in the order of the definition; empty: nothing. The same function on the form and on the server. */
export function checkFields(_definition: RegisterDefinition, _fields: RecordFields, _options: CheckOptions): FieldProblem[] {
  return []
}
