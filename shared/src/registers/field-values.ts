import type { RegisterDefinition } from './definition.ts'
import { isShown } from './rules.ts'
import type { RecordFields } from './values.ts'

/** Absent, null, blank text and empty lists are all the same: not filled in. `false` and 0 are answers. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

/**
 * The values that count: fields of the definition that are filled in and shown, in the order of the definition. A field hidden by another that is hidden
 * itself is hidden too. Keys that the definition does not know are left out; `checkFields` names them.
 */
export function keptFields(definition: RegisterDefinition, fields: RecordFields): RecordFields {
  const filled = definition.fields.filter((field) => Object.hasOwn(fields, field.key) && !isEmpty(fields[field.key]))
  let kept: RecordFields = Object.fromEntries(filled.map((field) => [field.key, fields[field.key]]))
  for (;;) {
    const shown = Object.fromEntries(
      definition.fields
        .filter((field) => Object.hasOwn(kept, field.key) && isShown(field, kept))
        .map((field) => [field.key, kept[field.key]]),
    )
    if (Object.keys(shown).length === Object.keys(kept).length) return shown
    kept = shown
  }
}
