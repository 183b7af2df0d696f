import type { FieldProblem } from '@roomkeeper/shared/registers'

/** `fields.<key>[.<path>]`, as the server names what is wrong with a record's values. */
const FIELD = /^(?:fields\.)?([^.]+)(?:\.(.+))?$/

/** What an INVALID answer complains of in fields; empty when it is about something else. */
export function problemsOf(
  issues: readonly { field: string; message: string }[],
  inBoth: (message: string) => FieldProblem['message'],
): FieldProblem[] {
  return issues
    .filter(({ field }) => field.startsWith('fields.'))
    .flatMap(({ field, message }) => {
      const [, key, path] = FIELD.exec(field) ?? []
      return key === undefined ? [] : [{ key, ...(path === undefined ? {} : { path }), message: inBoth(message) }]
    })
}
