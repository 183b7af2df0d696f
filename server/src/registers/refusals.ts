import { ORPCError } from '@orpc/server'
import type { FieldProblem } from '@roomkeeper/shared/registers'
import { changedByOther } from '../api/form-revision.ts'

/** The answers of the contract to what cannot be done with a record. */

export function notFound(what = '记录 / record'): ORPCError<string, unknown> {
  return new ORPCError('NOT_FOUND', { status: 404, message: `没有找到${what.startsWith(' ') ? '' : '：'}${what} / Not found` })
}

export function forbidden(message: string): ORPCError<string, unknown> {
  return new ORPCError('FORBIDDEN', { status: 403, message })
}

/** Somebody saved or moved it on since: who and when. */
export function conflict(by: string | null, atMs: number | null): ORPCError<string, unknown> {
  return new ORPCError('CONFLICT', { status: 409, ...changedByOther(by, atMs) })
}

/** `field` is the input that is wrong; `message` says what is allowed. */
export function invalid(field: string, message: string): ORPCError<string, unknown> {
  return new ORPCError('INVALID', { status: 422, message, data: { field, allowed: message, issues: [{ field, message }] } })
}

/** All that is wrong with the fields: `fields.<key>[.<path>]`. */
export function invalidFields(problems: readonly FieldProblem[]): ORPCError<string, unknown> {
  const issues = problems.map(({ key, path, message }) => ({
    field: path === undefined ? `fields.${key}` : `fields.${key}.${path}`,
    message: `${message.zh} / ${message.en}`,
  }))
  const first = issues[0] ?? { field: 'fields', message: '输入有误 / Invalid input' }
  const more = issues.length > 1 ? `（共 ${issues.length} 处 / ${issues.length} in all）` : ''
  return new ORPCError('INVALID', {
    status: 422,
    message: `${first.message}${more}`,
    data: { field: first.field, allowed: first.message, issues },
  })
}
