import type { RecordStep } from '@roomkeeper/shared/http'
import {
  editableStates,
  type Field,
  isRequiredAt,
  isShown,
  keptFields,
  type Move,
  type RecordFields,
  type RegisterDefinition,
  type Words,
} from '@roomkeeper/shared/registers'

export interface FieldSection {
  heading: Words | undefined
  fields: Field[]
}

/** Fields under their headings, in the order of the definition. */
export function sectionsOf(fields: readonly Field[]): FieldSection[] {
  const sections: FieldSection[] = []
  for (const field of fields) {
    const last = sections.at(-1)
    if (last && last.heading?.zh === field.section?.zh) last.fields.push(field)
    else sections.push({ heading: field.section, fields: [field] })
  }
  return sections
}

/** What a form asks for now: fields that may be changed in this state and are not hidden by others. */
export function askedFields(definition: RegisterDefinition, state: string, fields: RecordFields): Field[] {
  const kept = keptFields(definition, fields)
  return definition.fields.filter((field) => editableStates(definition, field).includes(state) && isShown(field, kept))
}

/** What is only shown beside it: filled in before, or by the server, and not to be changed now. */
export function settledFields(definition: RegisterDefinition, state: string, fields: RecordFields): Field[] {
  const kept = keptFields(definition, fields)
  return definition.fields.filter((field) => !editableStates(definition, field).includes(state) && kept[field.key] !== undefined)
}

/** Whether one of the moves that can be made now needs it. */
export function isRequiredNow(definition: RegisterDefinition, field: Field, moves: readonly string[]): boolean {
  return definition.moves.some((move) => moves.includes(move.name) && isRequiredAt(definition, field, move))
}

/** The moves of a record that this person may make, the one that goes on first, dangerous ones last. */
export function movesInOrder(definition: RegisterDefinition, names: readonly string[]): Move[] {
  const rank = (move: Move) => {
    if (move.danger || definition.states.find(({ name }) => name === move.to)?.void) return 3
    if (move.emergency) return 2
    return move.commentRequired ? 1 : 0
  }
  return definition.moves.filter(({ name }) => names.includes(name)).sort((a, b) => rank(a) - rank(b))
}

/** Corrections of a field of a finished record, oldest first, each with what stood there before. */
export function amendmentsOf(steps: readonly RecordStep[], key: string): { step: RecordStep; before: unknown }[] {
  return steps.flatMap((step) => {
    const change = step.kind === 'amend' ? step.changes.find((each) => each.key === key) : undefined
    return change ? [{ step, before: change.before }] : []
  })
}

/** Its checklist depends on the room: the server writes the items into the sheet. */
export function hasSheetItems(definition: RegisterDefinition): boolean {
  return definition.fields.some((field) => field.type === 'checklist' && field.items === undefined)
}
