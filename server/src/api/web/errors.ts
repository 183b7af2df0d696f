import { ValidationError } from '@orpc/contract'
import { ORPCError } from '@orpc/server'
import { z } from 'zod'
import { PasswordQueueFullError } from '../../accounts/password.ts'
import { tooManyAttempts } from '../password-answers.ts'

const chinese = z.locales.zhCN().localeError
const english = z.locales.en().localeError

/** One thing wrong with the input, for the form field and for programs. */
export interface InputIssue {
  field: string
  message: string
}

/**
 * The answer to whatever a handler threw. Mistakes of the user keep their code; input that does not fit the schema becomes INVALID
 * (422) naming the field and what is allowed; everything else is a bug: 500 with the request's id and nothing else.
 */
export function toAnswer(error: unknown, requestId: string): ORPCError<string, unknown> {
  if (error instanceof PasswordQueueFullError) return tooManyAttempts(1)
  if (!(error instanceof ORPCError)) return internalError(requestId)
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) return invalidInput(error.cause)
  // A 5xx that the contract names (UNAVAILABLE) is an answer; any other is a bug.
  return error.status >= 500 && !error.defined ? internalError(requestId) : error
}

function internalError(requestId: string): ORPCError<string, unknown> {
  const message = `服务器内部错误，编号 ${requestId} / Internal error ${requestId}`
  return new ORPCError('INTERNAL_SERVER_ERROR', { message, data: { requestId } })
}

function invalidInput(error: ValidationError): ORPCError<string, unknown> {
  const issues = error.issues.map((issue) => toInputIssue(issue as unknown as z.core.$ZodIssue, error.data))
  const first = issues[0] ?? { field: '', message: '' }
  return new ORPCError('INVALID', {
    status: 422,
    message: `输入有误 / Invalid input: ${first.field === '' ? '' : `${first.field}: `}${first.message}`,
    data: { field: first.field, allowed: first.message, issues },
  })
}

/** The schema's own sentence when it has one, else zod's in both languages. */
export function toInputIssue(issue: z.core.$ZodIssue, input: unknown): InputIssue {
  // zod drops the input from the issue; its sentences say what was received, so it is put back.
  const raw = { ...issue, input: issue.path.reduce<unknown>(property, input) } as z.core.$ZodRawIssue
  const message = sentence(english(raw)) === issue.message ? `${sentence(chinese(raw))} / ${issue.message}` : issue.message
  return { field: issue.path.map(String).join('.'), message }
}

function property(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined
}

function sentence(answer: ReturnType<typeof english>): string {
  return typeof answer === 'string' ? answer : (answer?.message ?? '')
}
